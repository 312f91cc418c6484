package io.hyper2kvm.stage.space;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A need compared with the free space.
 *
 * @param need what is to be written, and where
 * @param free what the file system has free for this user, in bytes
 * @param promised what running VMs, and this one for another purpose, have still to write on that
 *     file system, in bytes
 * @param own how much of that is this VM's, in bytes
 */
public record SpaceFinding(SpaceNeed need, long free, long promised, long own) {

  /** What is left for the need; not below zero. */
  long available() {
    return Math.max(0, free - promised);
  }

  /** Whether there is enough space to begin. */
  public boolean isEnough() {
    return available() >= need.least();
  }

  /** Whether the VM could begin if the other VMs released all their reservations. */
  boolean couldBeEnough() {
    return free - own >= need.least();
  }

  /** A warning for a run that may still succeed. */
  public Optional<String> warning() {
    if (available() >= need.wanted()) {
      return Optional.empty();
    }
    return Optional.of(
        isEnough() ? describe() + "; compressed it may fit" : "not enough space: " + describe());
  }

  /** The finding as a sentence. */
  public String describe() {
    String promise =
        promised == 0
            ? ""
            : ", as %s of %s are reserved for running VMs".formatted(size(promised), size(free));
    return "%s has %s available (%d bytes%s), the %s needs %s (%d bytes)"
        .formatted(
            need.folder(),
            size(available()),
            available(),
            promise,
            need.isForOutput() ? "output" : "work on the overlay",
            size(isEnough() ? need.wanted() : need.least()),
            isEnough() ? need.wanted() : need.least());
  }

  public static String size(long bytes) {
    return bytes < 1L << 30
        ? String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1L << 20))
        : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }

  /** The finding as reports show it. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("for", need.purpose());
    json.put("folder", need.folder().toString());
    json.put("needed_bytes", need.wanted());
    if (need.least() != need.wanted()) {
      json.put("least_bytes", need.least());
    }
    json.put("available_bytes", available());
    json.put("enough", isEnough());
    return json;
  }
}
