package io.hyper2kvm.stage.label;

import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The files that the guest's own programs write in the appliance, wherever these are: a removal of
 * packages writes their database, links of units, caches and accounts anew. They are found by the
 * guest's own {@code find}, by the time of their last change, against a file that marks the start.
 */
final class ProgramWrites {

  /** The time of its last change is the start; it is removed at the end. */
  static final String MARK = "/.hyper2kvm-start";

  /** More than any removal of a few packages writes, in files and folders. */
  static final int MOST = 2000;

  /** Some file systems keep whole seconds alone. */
  private static final long EARLIER_SECONDS = 2;

  private static final int MOST_BYTES = 400_000;
  private static final String WRITTEN = "written";

  /** What may be part of a shell's command without quotes. */
  private static final Pattern PLAIN_PATH = Pattern.compile("(?:/[A-Za-z0-9._+-]{1,64}){0,16}/?");

  /** No package has files of its own there, and there may be millions of others. */
  private static final List<String> PASSED_OVER =
      List.of("/home", "/srv", "/var/lib/docker", "/var/lib/containers", "/var/lib/containerd");

  private final Collection<String> mountPoints;
  private final Consumer<String> doubts;
  private boolean asked;
  private boolean marked;

  /**
   * Nothing is watched yet.
   *
   * @param mountPoints where the guest's file systems with labels are mounted
   * @param doubts takes why a file that was written may have been missed
   */
  ProgramWrites(Collection<String> mountPoints, Consumer<String> doubts) {
    this.mountPoints = List.copyOf(mountPoints);
    this.doubts = doubts;
  }

  /** Adds the turns that mark the start, unless that was done before. */
  void begin(GuestfishSession session) {
    if (asked) {
      return;
    }
    asked = true;
    long[] seconds = new long[1];
    session.then(
        () -> new GuestfishScript().run("touch", MARK).ask(MARK, "lstatns", MARK),
        answers -> {
          String time = answers.pairs(MARK).getOrDefault("st_mtime_sec", "");
          marked = time.matches("[0-9]{1,12}");
          seconds[0] = marked ? Long.parseLong(time) - EARLIER_SECONDS : 0;
        });
    session.then(
        () ->
            marked
                ? new GuestfishScript()
                    .run("utimens", MARK, "0", "0", String.valueOf(Math.max(0, seconds[0])), "0")
                : new GuestfishScript(),
        nothing -> {});
  }

  /**
   * Adds the turn that finds what was written since, if a start was asked for.
   *
   * @param found takes the paths, files and folders
   */
  void end(GuestfishSession session, Consumer<Set<String>> found) {
    if (!asked) {
      return;
    }
    session.then(
        () -> new GuestfishScript().ask(WRITTEN, "sh", command()).run("rm-f", MARK),
        answers -> take(answers, found));
  }

  /** Where it can, {@code find} compares the time of a change of a file's data or attributes. */
  private String command() {
    String roots =
        mountPoints.stream()
            .filter(point -> PLAIN_PATH.matcher(point).matches())
            .filter(point -> !point.equals("/") && !PASSED_OVER.contains(point))
            .collect(Collectors.joining(" "));
    String passedOver =
        PASSED_OVER.stream().map(path -> "-path " + path).collect(Collectors.joining(" -o "));
    return "PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH; T=;"
        + " command -v timeout >/dev/null 2>&1 && T='timeout 600'; H=-newer;"
        + " find / -prune -cnewer %s >/dev/null 2>&1 && H=-cnewer;".formatted(MARK)
        + " { LC_ALL=C $T find / %s -xdev \\( %s \\) -prune -o $H %s -print 2>/dev/null;"
            .formatted(roots, passedOver, MARK)
        + " echo \"exit $?\"; } </dev/null | tail -c %d".formatted(MOST_BYTES);
  }

  private void take(GuestfishAnswers answers, Consumer<Set<String>> found) {
    List<String> lines = answers.text(WRITTEN).lines().toList();
    String exit = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    Set<String> paths =
        lines.stream()
            .filter(line -> line.startsWith("/") && line.indexOf('\ufffd') < 0)
            .filter(line -> !line.equals(MARK))
            .limit(MOST)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!marked) {
      doubts.accept("%s could not be written, so the start is not known.".formatted(MARK));
    } else if (!exit.matches("exit \\d{1,3}")) {
      doubts.accept("the guest's shell did not run.");
    } else if (!exit.equals("exit 0")) {
      doubts.accept(
          "the guest's find ended with exit code %s.".formatted(exit.substring("exit ".length())));
    } else if (lines.size() - 1 > MOST || answers.bytes(WRITTEN).length >= MOST_BYTES) {
      doubts.accept("there are more than %d.".formatted(MOST));
    } else if (lines.stream().anyMatch(line -> line.indexOf('\ufffd') >= 0)) {
      doubts.accept("some have names that are not UTF-8.");
    }
    found.accept(marked ? paths : Set.of());
  }

  /** The mount points of file systems that hold labels, for the constructor. */
  static Collection<String> mountPoints(Map<String, String> mounts, LabelledPaths paths) {
    return mounts.keySet().stream().filter(paths::holdsLabels).sorted().toList();
  }
}
