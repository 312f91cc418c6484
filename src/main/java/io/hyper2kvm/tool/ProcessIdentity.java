package io.hyper2kvm.tool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Identifies a process, also after another one got its id: no two processes of one boot have the
 * same id and the same start.
 *
 * @param pid the process id
 * @param start when it was started, in the kernel's ticks since the machine's boot
 * @param boot the machine's boot, as the kernel names it
 */
public record ProcessIdentity(long pid, long start, String boot) {

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Pattern TEXT = Pattern.compile("(\\d{1,10}) (\\d{1,19}) ([0-9a-f-]{0,36})");
  private static final int STAT_BYTES = 4096;

  /** Counted from the state, which follows the name, in {@code /proc/<pid>/stat}. */
  private static final int START_FIELD = 19;

  public ProcessIdentity {
    if (pid <= 0) {
      throw new IllegalArgumentException("pid is not positive: " + pid);
    }
  }

  /** This process. */
  public static ProcessIdentity current() {
    return of(ProcessHandle.current().pid())
        .orElseThrow(() -> new IllegalStateException("/proc does not show this process"));
  }

  /** The process that has the id now; empty when none has, or only its exit code is left of it. */
  public static Optional<ProcessIdentity> of(long pid) {
    String stat;
    try (InputStream in = Files.newInputStream(Path.of("/proc", String.valueOf(pid), "stat"))) {
      stat = new String(in.readNBytes(STAT_BYTES), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return Optional.empty();
    }
    // The name is in brackets, and may contain brackets and spaces itself.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    if (fields.length <= START_FIELD || fields[0].equals("Z") || fields[0].equals("X")) {
      return Optional.empty();
    }
    return Optional.of(new ProcessIdentity(pid, Long.parseLong(fields[START_FIELD]), bootNow()));
  }

  /** Reads what {@link #text} wrote; empty when it is something else. */
  public static Optional<ProcessIdentity> parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ProcessIdentity(
              Long.parseLong(matcher.group(1)),
              Long.parseLong(matcher.group(2)),
              matcher.group(3)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** One line for a file: id, start, boot. */
  public String text() {
    return "%d %d %s".formatted(pid, start, boot);
  }

  /** Whether this very process still runs. */
  public boolean isAlive() {
    return of(pid).filter(this::equals).isPresent();
  }

  private static String bootNow() {
    try (InputStream in = Files.newInputStream(BOOT_ID)) {
      return new String(in.readNBytes(36), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
