package io.hyper2kvm.image.hardware;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A network card of the virtual hardware.
 *
 * @param mac its address as {@code 00:50:56:01:02:03} in lower case, when the description has it
 * @param model as the description calls it, e.g. {@code VmxNet3}, {@code E1000}; may be empty
 * @param network the name of the network that it was connected to; may be empty
 * @param address its place among the cards, when that is said
 * @param connected whether it is connected when the machine starts
 * @param slot VMware's number of its PCI slot, when that is said
 */
public record HardwareCard(
    Optional<String> mac,
    String model,
    String network,
    OptionalInt address,
    boolean connected,
    OptionalInt slot) {

  private static final int DIGITS = 12;

  public HardwareCard {
    Objects.requireNonNull(mac, "mac");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(slot, "slot");
  }

  /**
   * A MAC address in the form of {@link #mac}; empty for what is no address of one card.
   *
   * @param written in any case, with colons, points or hyphens, or with nothing between the digits
   */
  public static Optional<String> macOf(String written) {
    String digits = written.replaceAll("[:.-]", "").toLowerCase(Locale.ROOT);
    boolean one =
        digits.matches("[0-9a-f]{12}")
            && !digits.equals("000000000000")
            && (Character.digit(digits.charAt(1), 16) & 1) == 0;
    if (!one) {
      return Optional.empty();
    }
    List<String> bytes = new ArrayList<>();
    for (int i = 0; i < DIGITS; i += 2) {
      bytes.add(digits.substring(i, i + 2));
    }
    return Optional.of(String.join(":", bytes));
  }
}
