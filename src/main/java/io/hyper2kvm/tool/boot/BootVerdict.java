package io.hyper2kvm.tool.boot;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The result of a boot test.
 *
 * @param booted whether the guest gave positive evidence: an SSH banner, a login prompt, or an
 *     answer of its guest agent
 * @param failure where the boot ended; present exactly when {@code booted} is false
 * @param took from the start of the observation to the verdict
 * @param evidence what was seen, in the order it was seen; never empty
 * @param networkUp whether the guest used an IPv4 address on its virtio network card
 * @param warnings what went wrong or slowly without stopping the boot, such as a start job that was
 *     waited for
 * @param lastScreen the text of the last screen that was read, empty if none was
 * @param lastSerial the end of what the guest wrote to its first serial port
 */
public record BootVerdict(
    boolean booted,
    Optional<BootFailure> failure,
    Duration took,
    List<String> evidence,
    boolean networkUp,
    List<String> warnings,
    String lastScreen,
    String lastSerial) {

  public BootVerdict {
    Objects.requireNonNull(took, "took");
    Objects.requireNonNull(lastScreen, "lastScreen");
    Objects.requireNonNull(lastSerial, "lastSerial");
    evidence = List.copyOf(evidence);
    warnings = List.copyOf(warnings);
    if (booted == failure.isPresent()) {
      throw new IllegalArgumentException("booted=" + booted + " with failure=" + failure);
    }
    if (evidence.isEmpty()) {
      throw new IllegalArgumentException("a verdict without evidence");
    }
  }
}
