package io.hyper2kvm.workflow;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which process it is. A number alone may be another's by now; so the moment of its start is kept
 * as the kernel counts it, which no change of the clock touches, with the name of that boot.
 *
 * @param pid the process's number
 * @param start the boot's id and the start in clock ticks after it
 */
public record ProcessIdentity(long pid, String start) {

  private static final Path PROC = Path.of("/proc");
  private static final int MAX_BYTES = 4096;

  /** This process. */
  public static ProcessIdentity ofThisProcess() throws IOException {
    long pid = ProcessHandle.current().pid();
    return of(pid).orElseThrow(() -> new IOException("/proc does not show this process"));
  }

  /** The process of this number, if there is one. */
  public static Optional<ProcessIdentity> of(long pid) {
    try {
      String boot = text(PROC.resolve("sys/kernel/random/boot_id"));
      String stat = text(PROC.resolve(String.valueOf(pid)).resolve("stat"));
      // The second field, the program's name in brackets, may hold anything.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Optional.of(new ProcessIdentity(pid, boot + ":" + fields[19]));
    } catch (IOException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static String text(Path file) throws IOException {
    return new String(SmallFile.read(file, MAX_BYTES), StandardCharsets.UTF_8).strip();
  }

  /** Whether this very process is still there. */
  public boolean isAlive() {
    return of(pid).map(this::equals).orElse(false);
  }
}
