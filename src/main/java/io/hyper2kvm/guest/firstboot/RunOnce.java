package io.hyper2kvm.guest.firstboot;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.leftover.GuestTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The program that does what is to be done once at the first boot, and what makes the guest's init
 * start it. It does the parts that are there, one after the other: it removes the former
 * hypervisor's tools, and then runs the operator's script. No boot and no login waits for it, and
 * it takes itself out when nothing is left to do.
 */
public final class RunOnce {

  /**
   * Where all of it is: of the root file system, which no guest mounts without the right to run.
   */
  static final String FOLDER = "/etc/hyper2kvm";

  /** The program. */
  public static final String PROGRAM = FOLDER + "/run-once";

  /** Where it writes what it did. */
  public static final String LOG = "/var/log/hyper2kvm-firstboot.log";

  /**
   * The asset tag of the chassis of a boot test's machine: a guest that sees it is not at its first
   * boot, and does nothing.
   */
  public static final String BOOT_TEST_TAG = "hyper2kvm-boot-test";

  private static final String NAME = "hyper2kvm-firstboot";
  private static final String UNIT = "/etc/systemd/system/" + NAME + ".service";
  private static final String WANTS =
      "/etc/systemd/system/multi-user.target.d/50-" + NAME + ".conf";
  private static final String DEFAULT_TARGET = "/etc/systemd/system/default.target";
  private static final String JOB = "/etc/init/" + NAME + ".conf";
  private static final String SERVICE = "/etc/init.d/" + NAME;
  private static final String IN_RUNLEVEL = "/etc/runlevels/default/" + NAME;
  private static final String ROW = "h2k1:2345:once:/bin/sh " + PROGRAM;
  private static final String RULE = "firstboot.start";
  private static final String HEAD = "# Written by hyper2kvm; it goes when its work is done.\n";

  /** The guest's files whose texts the plan needs to know. */
  public static final List<String> FILES =
      List.of(
          PROGRAM,
          UNIT,
          WANTS,
          JOB,
          SERVICE,
          IN_RUNLEVEL,
          DEFAULT_TARGET,
          GuestInit.RC_LOCAL_FILES.get(0),
          GuestInit.RC_LOCAL_FILES.get(1));

  private RunOnce() {}

  /**
   * The files that start the program, and the program; none that are there already.
   *
   * @param reason why the guest gets them
   */
  static EditPlan plan(GuestTree tree, GuestInit init, String reason) {
    List<Optional<FileEdit>> edits = new ArrayList<>();
    edits.add(file(tree, PROGRAM, program(), 0700, reason));
    switch (init) {
      case SYSTEMD -> {
        edits.add(file(tree, UNIT, unit(), 0644, reason));
        edits.add(file(tree, WANTS, "[Unit]\nWants=" + NAME + ".service\n", 0644, reason));
      }
      case UPSTART -> edits.add(file(tree, JOB, job(), 0644, reason));
      case OPENRC -> {
        edits.add(file(tree, SERVICE, service(), 0755, reason));
        edits.add(file(tree, IN_RUNLEVEL, HEAD, 0644, reason));
      }
      case SYSV -> edits.add(row(tree.text(GuestInit.INITTAB).orElse(""), reason));
      case RC_LOCAL -> edits.add(rcLocal(tree, reason));
    }
    return new EditPlan(
        edits.stream().flatMap(Optional::stream).toList(),
        List.of(),
        init == GuestInit.SYSTEMD ? otherTarget(tree) : List.of(),
        List.of());
  }

  /** The usual targets are multi-user.target itself, and those that need it. */
  private static List<String> otherTarget(GuestTree tree) {
    String target = tree.text(DEFAULT_TARGET).orElse("");
    return target.isBlank()
            || target.contains("Multi-User System")
            || target.contains("multi-user.target")
        ? List.of()
        : List.of(
            "%s does not lead to multi-user.target: what is to be done at the first boot is done when that is started, by systemctl start multi-user.target"
                .formatted(DEFAULT_TARGET));
  }

  private static Optional<FileEdit> file(
      GuestTree tree, String file, String text, int mode, String reason) {
    return file(tree, file, text, mode, RULE, reason);
  }

  static Optional<FileEdit> file(
      GuestTree tree, String file, String text, int mode, String rule, String reason) {
    Optional<String> before = tree.text(file);
    return before.equals(Optional.of(text))
        ? Optional.empty()
        : Optional.of(
            new FileEdit(
                file,
                before,
                Optional.of(text),
                mode,
                List.of(new Change(file, 0, "", "(a file for the first boot)", rule, reason))));
  }

  /** A row behind all others: init starts it when the services of the runlevel are started. */
  private static Optional<FileEdit> row(String table, String reason) {
    TextEdit edit = new TextEdit(GuestInit.INITTAB, table);
    for (int line = 0; line < edit.lineCount(); line++) {
      if (edit.lineEnd(line) - edit.lineStart(line) == ROW.length()
          && edit.line(line).equals(ROW)) {
        return Optional.empty();
      }
    }
    edit.append(ROW, RULE, reason);
    return edit.result().edit();
  }

  /** A line in front of the {@code exit} that many have at their end; it does not wait. */
  private static Optional<FileEdit> rcLocal(GuestTree tree, String reason) {
    String file =
        GuestInit.RC_LOCAL_FILES.stream()
            .filter(it -> tree.text(it).isPresent())
            .findFirst()
            .orElseThrow();
    String text = tree.text(file).orElseThrow();
    TextEdit edit = new TextEdit(file, text);
    String line = "[ ! -f " + PROGRAM + " ] || /bin/sh " + PROGRAM + " &";
    int exit = -1;
    for (int i = 0; i < edit.lineCount(); i++) {
      if (edit.lineEnd(i) - edit.lineStart(i) < 200) {
        exit = edit.line(i).strip().matches("exit( \\d{1,3})?") ? i : exit;
      }
    }
    if (text.contains(line)) {
      return Optional.empty();
    }
    if (exit >= 0) {
      edit.replaceLine(exit, line + "\n" + edit.line(exit), RULE, reason);
    } else {
      edit.append(line, RULE, reason);
    }
    return edit.result().edit();
  }

  /** Of type simple: the boot is complete without waiting for its end. */
  private static String unit() {
    return HEAD
        + """
        [Unit]
        Description=What is done once after the conversion
        ConditionPathExists=%1$s
        Wants=network-online.target
        After=local-fs.target network-online.target

        [Service]
        Type=simple
        ExecStart=/bin/sh %1$s
        """
            .formatted(PROGRAM);
  }

  private static String job() {
    return HEAD
        + """
        description "What is done once after the conversion"
        start on stopped rc RUNLEVEL=[2345]
        exec /bin/sh %s
        """
            .formatted(PROGRAM);
  }

  private static String service() {
    return """
        #!/sbin/openrc-run
        %sdescription="What is done once after the conversion"

        depend() {
          use localmount net
          after *
        }

        start() {
          ebegin "Starting what is done once after the conversion"
          /bin/sh %s </dev/null >/dev/null 2>&1 &
          eend 0
        }
        """
        .formatted(HEAD, PROGRAM);
  }

  private static String program() {
    return """
        #!/bin/sh
        # Written by hyper2kvm: what is done once, at the first boot after the conversion.
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        HOME=/root
        export PATH HOME
        umask 022
        cd /
        tools=%1$s
        script=%2$s
        log=%3$s

        # The boot test of a conversion is not the first boot.
        tag=
        { read -r tag </sys/class/dmi/id/chassis_asset_tag; } 2>/dev/null
        [ "$tag" != %4$s ] || exit 0

        say() {
          echo "$(date '+%%Y-%%m-%%dT%%H:%%M:%%S%%z') $*" >>$log
          ! command -v logger >/dev/null 2>&1 || logger -t %5$s "$*" </dev/null
        }

        # Another start of this program in the same boot is still at it.
        boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)
        [ -z "$boot" ] || [ "$(cat $0.boot 2>/dev/null)" != "$boot" ] || exit 0
        echo "$boot" >$0.boot

        [ ! -f $tools ] || /bin/sh $tools </dev/null

        ( umask 077; : >>$log ) 2>/dev/null || log=/dev/null
        if [ -f $script.started ]; then
          say "the script was begun at an earlier boot, and nobody saw its end: it is not run again"
          mv -f $script.started $script.interrupted
        elif [ -f $script ]; then
          # Marked on the disk before it begins: whatever happens, it is not run twice.
          if mv -f $script $script.started && sync; then
            say "begin: $script"
            trap : HUP INT TERM
            $script.started </dev/null >>$log 2>&1
            code=$?
            trap - HUP INT TERM
            say "end: exit code $code"
            mv -f $script.started $script.done
          else
            say "not begun: $script could not be marked as begun; the next boot tries again"
            exit 1
          fi
        fi

        # A removal that was cut off is tried again.
        [ ! -f $tools ] || exit 0
        rm -f $0.boot %6$s
        for file in %7$s; do
          [ ! -f $file ] || [ -h $file ] || ! grep -q %8$s $file || sed -i '\\|%8$s|d' $file
        done
        rmdir %9$s 2>/dev/null
        ! command -v systemctl >/dev/null 2>&1 || systemctl daemon-reload
        """
        .formatted(
            RemovalScript.SCRIPT,
            FirstbootScript.PATH,
            LOG,
            BOOT_TEST_TAG,
            NAME,
            String.join(" ", List.of(UNIT, WANTS, JOB, IN_RUNLEVEL, SERVICE, PROGRAM)),
            GuestInit.INITTAB + " " + String.join(" ", GuestInit.RC_LOCAL_FILES),
            PROGRAM,
            FOLDER);
  }
}
