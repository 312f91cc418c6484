package io.hyper2kvm.tool;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Ends a tool with all the processes that it started. A child that is started while the tree is
 * being ended loses its parent and is no descendant any more. It is found by a mark in its
 * environment, which every child inherits. So the search is repeated until nothing is found.
 */
public final class ProcessTree {

  /** The variable that holds the mark of one run of a tool. */
  static final String MARK = "H2K_RUN";

  /** Only a process that hangs in the kernel is still there after it. */
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private ProcessTree() {}

  /** A mark that no other run of a tool has. */
  static String newMark() {
    return UUID.randomUUID().toString();
  }

  /**
   * Ends a process that a tool left behind, and all that were started by the same run of that tool:
   * politely first, then by force. An interrupt makes it go on by force, and stays set.
   */
  public static void end(ProcessHandle root) {
    ProcessEnvironment.value(root.pid(), MARK)
        .ifPresentOrElse(mark -> end(root, mark), () -> end(root, newMark()));
  }

  /** The same for a tool whose mark is known, also when the tool itself has ended. */
  static void end(ProcessHandle root, String mark) {
    Optional<ProcessIdentity> known = ProcessIdentity.of(root.pid()).filter(it -> root.isAlive());
    var tree = new OrphanProcesses(MARK, mark, known.map(List::of).orElse(List.of()));
    Duration grace = OrphanProcesses.TERM_GRACE;
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        tree.end(LIMIT, grace);
        ended = true;
      } catch (InterruptedException e) {
        interrupted = true;
        grace = Duration.ZERO;
      } catch (IOException e) {
        ended = true; // It hangs in the kernel; whoever touches its files looks for it again.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
