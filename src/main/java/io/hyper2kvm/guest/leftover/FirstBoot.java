package io.hyper2kvm.guest.leftover;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The removal of a guest's tools by the guest itself, once, at its first boot: for one whose
 * programs do not run here. Nothing waits for it, and it takes itself out whatever it did.
 */
public final class FirstBoot {

  /** The script. */
  public static final String SCRIPT = "/etc/hyper2kvm/remove-guest-tools";

  /** Where it writes what it did. */
  public static final String LOG = "/var/log/hyper2kvm-remove-guest-tools.log";

  private static final String NAME = "hyper2kvm-remove-guest-tools";
  private static final String UNIT = "/etc/systemd/system/" + NAME + ".service";
  private static final String WANTS =
      "/etc/systemd/system/multi-user.target.d/50-" + NAME + ".conf";
  private static final String LOCAL = "/etc/local.d/" + NAME + ".start";
  private static final List<String> RC_LOCAL = List.of("/etc/rc.d/rc.local", "/etc/rc.local");
  private static final String RULE = "guest_tools.first-boot";
  private static final String NOTHING_RUNS =
      "and nothing was found that would run a script at the first boot: no systemd, no rc.local, no"
          + " service local of OpenRC";

  /** The guest's files that the plan needs to know. */
  public static final List<String> FILES =
      List.of(SCRIPT, UNIT, WANTS, LOCAL, "/etc/rc.d/rc.local", "/etc/rc.local");

  private FirstBoot() {}

  /**
   * The plan.
   *
   * @param reason why the tools are not removed now
   * @return a failure where the guest has nothing that would run it
   */
  public static EditPlan plan(GuestTree tree, String reason) {
    List<Optional<FileEdit>> edits = new ArrayList<>();
    edits.add(file(tree, SCRIPT, script(), 0755, reason));
    Optional<String> rcLocal =
        RC_LOCAL.stream().filter(file -> tree.text(file).isPresent()).findFirst();
    if (tree.systemd()) {
      edits.add(file(tree, UNIT, unit(), 0644, reason));
      edits.add(file(tree, WANTS, "[Unit]\nWants=" + NAME + ".service\n", 0644, reason));
    } else if (tree.has("/etc/runlevels/default/local")) {
      edits.add(file(tree, LOCAL, "#!/bin/sh\n/bin/sh " + SCRIPT + " &\n", 0755, reason));
    } else if (rcLocal.isPresent()) {
      edits.add(rcLocal(rcLocal.get(), tree.text(rcLocal.get()).orElseThrow(), reason));
    } else {
      return new EditPlan(List.of(), List.of(), List.of(), List.of(reason + "; " + NOTHING_RUNS));
    }
    return new EditPlan(
        edits.stream().flatMap(Optional::stream).toList(), List.of(), List.of(), List.of());
  }

  private static Optional<FileEdit> file(
      GuestTree tree, String file, String text, int mode, String reason) {
    Optional<String> before = tree.text(file);
    return before.equals(Optional.of(text))
        ? Optional.empty()
        : Optional.of(
            new FileEdit(
                file,
                before,
                Optional.of(text),
                mode,
                List.of(new Change(file, 0, "", "(a file for the first boot)", RULE, reason))));
  }

  /** A line in front of the {@code exit} that many have at their end; it does not wait. */
  private static Optional<FileEdit> rcLocal(String file, String text, String reason) {
    TextEdit edit = new TextEdit(file, text);
    String line = "[ ! -f " + SCRIPT + " ] || /bin/sh " + SCRIPT + " &";
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
    return """
        # Written by hyper2kvm; %s removes it.
        [Unit]
        Description=Removal of the former hypervisor's guest tools, once
        ConditionPathExists=%s

        [Service]
        Type=simple
        ExecStart=/bin/sh %s
        """
        .formatted(SCRIPT, SCRIPT, SCRIPT);
  }

  private static String script() {
    String packages =
        GuestTools.ALL.stream()
            .flatMap(tools -> tools.packages().stream())
            .collect(Collectors.joining("|"));
    String uninstallers =
        GuestTools.ALL.stream()
            .flatMap(tools -> tools.uninstallers().stream())
            .map(it -> "[ ! -e %s ] || bounded %s </dev/null".formatted(it.marker(), it.program()))
            .collect(Collectors.joining("\n"));
    return """
        #!/bin/sh
        # Written by hyper2kvm: removes the guest tools of the former hypervisor once, and itself.
        exec >>%s 2>&1
        end() {
          rm -f %s %s %s %s
          rmdir /etc/hyper2kvm 2>/dev/null
          for file in /etc/rc.d/rc.local /etc/rc.local; do
            [ ! -f $file ] || [ -h $file ] || sed -i '\\|%s|d' $file
          done
          ! command -v systemctl >/dev/null 2>&1 || systemctl daemon-reload
        }
        trap end EXIT
        bounded() {
          echo "$*"
          if command -v timeout >/dev/null 2>&1; then timeout 900 "$@"; else "$@"; fi
          echo "exit code $?"
        }
        # Another program may be using the packages' database at boot.
        again() {
          for attempt in 1 2 3 4 5 6 7 8 9 10; do
            bounded "$@"
            left=$(installed | tools)
            [ -n "$left" ] || return 0
            sleep 30
          done
        }
        tools() {
          while read -r name; do
            case $name in
              %s) echo "$name" ;;
            esac
          done
        }
        if command -v dpkg-query >/dev/null 2>&1; then
          installed() { dpkg-query -W -f='${Status} ${Package}\\n' | sed -n 's/.* installed //p'; }
          remove='dpkg --purge'
          DEBIAN_FRONTEND=noninteractive
          export DEBIAN_FRONTEND
        elif command -v rpm >/dev/null 2>&1; then
          installed() { rpm -qa --qf '%%{NAME}\\n'; }
          remove='rpm -e'
        elif command -v pacman >/dev/null 2>&1; then
          installed() { pacman -Qq; }
          remove='pacman -R --noconfirm'
        elif command -v apk >/dev/null 2>&1; then
          installed() { apk info; }
          remove='apk del'
        else
          installed() { :; }
          remove=:
        fi
        list=$(installed | tools)
        [ -z "$list" ] || again $remove $list
        %s
        left=$(installed | tools)
        [ -z "$left" ] || echo "still installed: $left"
        """
        .formatted(LOG, SCRIPT, UNIT, WANTS, LOCAL, SCRIPT, packages, uninstallers);
  }
}
