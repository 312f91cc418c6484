package io.hyper2kvm.guest.firstboot;

import io.hyper2kvm.guest.leftover.GuestTree;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What starts the services of a guest, as far as it is known here. */
public enum GuestInit {
  SYSTEMD("systemd"),
  UPSTART("upstart"),
  OPENRC("openrc"),
  SYSV("sysvinit"),
  /** A script that is there; whether anything runs it is not known. */
  RC_LOCAL("rc.local");

  /** The program that the kernel starts. */
  public static final String INIT = "/sbin/init";

  static final String INITTAB = "/etc/inittab";

  /** The first of them that is there gets a line. */
  static final List<String> RC_LOCAL_FILES = List.of("/etc/rc.d/rc.local", "/etc/rc.local");

  private static final String UPSTART_PROGRAM = "/sbin/initctl";
  private static final String UPSTART_JOB = "/etc/init/rc.conf";
  private static final List<String> OPENRC_PROGRAMS =
      List.of("/sbin/openrc", "/usr/sbin/openrc", "/sbin/rc", "/usr/bin/openrc");
  private static final String OPENRC_LEVEL = "/etc/runlevels/default/";

  /** Files whose presence tells it. */
  public static final List<String> MARKERS =
      List.of(
          INIT,
          UPSTART_PROGRAM,
          UPSTART_JOB,
          OPENRC_PROGRAMS.get(0),
          OPENRC_PROGRAMS.get(1),
          OPENRC_PROGRAMS.get(2),
          OPENRC_PROGRAMS.get(3));

  /** The row of a runlevel's services: the rows behind it are started when these are. */
  private static final Pattern RUNLEVEL =
      Pattern.compile("[^#:\\s][^:\\s]{0,7}:[0-9]{0,8}[2-5][0-9]{0,8}:wait:.{1,400}");

  private static final int MAX_ROW = 500;

  private final String text;

  GuestInit(String text) {
    this.text = text;
  }

  /** Its name in the report. */
  public String text() {
    return text;
  }

  /** The one that a guest has; empty for none that is known. */
  public static Optional<GuestInit> of(GuestTree tree) {
    // Of an init without its link the kernel's command line names the program.
    boolean linked = !tree.has(INIT) || tree.initLink().endsWith("/systemd");
    if (tree.systemd() && linked) {
      return Optional.of(SYSTEMD);
    }
    if (tree.has(UPSTART_PROGRAM) && tree.has(UPSTART_JOB)) {
      return Optional.of(UPSTART);
    }
    if (OPENRC_PROGRAMS.stream().anyMatch(tree::has) && !tree.below(OPENRC_LEVEL).isEmpty()) {
      return Optional.of(OPENRC);
    }
    if (hasRunlevels(tree.text(INITTAB).orElse(""))) {
      return Optional.of(SYSV);
    }
    return RC_LOCAL_FILES.stream().anyMatch(file -> tree.text(file).isPresent())
        ? Optional.of(RC_LOCAL)
        : Optional.empty();
  }

  /** Whether a table is one of System V's init; that of busybox has neither names nor runlevels. */
  private static boolean hasRunlevels(String table) {
    return table
        .lines()
        .filter(row -> row.length() <= MAX_ROW)
        .anyMatch(row -> RUNLEVEL.matcher(row.strip()).matches());
  }
}
