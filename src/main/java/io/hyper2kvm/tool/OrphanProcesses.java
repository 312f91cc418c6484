package io.hyper2kvm.tool;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds and ends the tools that a dead process of this program left running. Two things identify
 * them: a variable in their environment, which they and all their children have from their first
 * instruction on, and the records that {@link ToolRunner} writes of the processes that it starts.
 */
public final class OrphanProcesses {

  /** The variable's name; its value names whose tool it is. */
  public static final String OWNER = "H2K_OWNER";

  /** How long the processes may take to end by themselves once they were asked. */
  static final Duration TERM_GRACE = Duration.ofSeconds(3);

  private static final long LOOK_MILLIS = 50;

  private final String variable;
  private final String mark;
  private final Set<ProcessIdentity> known = new LinkedHashSet<>();

  /**
   * The tools of an owner.
   *
   * @param owner the value of {@link #OWNER} in their environment
   * @param recorded processes that were recorded as that owner's; they may have ended since
   */
  public OrphanProcesses(String owner, List<ProcessIdentity> recorded) {
    this(OWNER, owner, recorded);
  }

  /** The processes with a mark in a variable of their environment, and those that are known. */
  OrphanProcesses(String variable, String mark, List<ProcessIdentity> known) {
    this.variable = variable;
    this.mark = mark;
    this.known.addAll(known);
  }

  /**
   * Ends them all, politely first, and waits until they are gone.
   *
   * @param limit how long to wait
   * @return the processes that were found
   * @throws IOException when one is still there: its files must not be touched
   */
  public List<ProcessIdentity> end(Duration limit) throws IOException, InterruptedException {
    return end(limit, TERM_GRACE);
  }

  /** The same; after {@code grace} the processes are ended by force. */
  List<ProcessIdentity> end(Duration limit, Duration grace)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Set<ProcessIdentity> found = new LinkedHashSet<>();
    Set<ProcessIdentity> asked = new LinkedHashSet<>();
    for (Set<ProcessIdentity> now = look(); !now.isEmpty(); now = look()) {
      found.addAll(now);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      if (took.compareTo(limit) > 0) {
        throw new IOException(
            "a tool of the process before does not end, so its files are not touched: pid "
                + now.stream().map(p -> String.valueOf(p.pid())).collect(Collectors.joining(", ")));
      }
      boolean force = took.compareTo(grace) >= 0;
      for (ProcessIdentity process : now) {
        if (force || asked.add(process)) {
          signal(process, force);
        }
      }
      Thread.sleep(LOOK_MILLIS);
    }
    return List.copyOf(found);
  }

  /** All that run now: known ones, marked ones, and the children of both. */
  private Set<ProcessIdentity> look() {
    known.removeIf(process -> !process.isAlive());
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      all.map(ProcessHandle::pid)
          .filter(this::isMarked)
          .flatMap(pid -> ProcessIdentity.of(pid).stream())
          .forEach(known::add);
    }
    // This process and its children are no orphans.
    removeThisProcess();
    List.copyOf(known).stream()
        .flatMap(process -> ProcessHandle.of(process.pid()).stream())
        .flatMap(ProcessHandle::descendants)
        .flatMap(child -> ProcessIdentity.of(child.pid()).stream())
        .forEach(known::add);
    removeThisProcess();
    return Set.copyOf(known);
  }

  private void removeThisProcess() {
    known.removeIf(process -> process.pid() == ProcessHandle.current().pid());
  }

  private boolean isMarked(long pid) {
    return ProcessEnvironment.value(pid, variable).filter(mark::equals).isPresent();
  }

  private static void signal(ProcessIdentity process, boolean force) {
    Optional<ProcessHandle> handle = ProcessHandle.of(process.pid());
    // The handle belongs to this very process: a later one with the same id gets no signal.
    if (handle.isPresent() && process.isAlive()) {
      if (force) {
        handle.get().destroyForcibly();
      } else {
        handle.get().destroy();
      }
    }
  }
}
