package io.hyper2kvm.guest.network.system;

import java.util.Optional;

/**
 * The number of a virtio card among all of them, as a udev rule can ask for it.
 *
 * <p>A rule that asks for the kernel's name {@code eth0} means another card as soon as two names
 * were exchanged, and udev runs its rules twice: in the initramfs and from the root file system.
 * The card's number does not change with its name.
 */
final class CardNumber {

  /**
   * Prints how many virtio cards are before this one. The bus numbers its devices in the order of
   * their places; {@code DEVPATH} ends in {@code /virtio2/net/eth0}.
   */
  private static final String SCRIPT =
      "n=0; m=${DEVPATH##*/virtio}; m=${m%%/*};"
          + " for d in /sys/bus/virtio/drivers/virtio_net/virtio*; do"
          + " [ ${d##*virtio} -lt $m ] && n=$((n+1)); done; echo $n";

  private CardNumber() {}

  /** The terms of a rule that hold for the card with this number, from 0. */
  static String terms(int number) {
    String quoted = SCRIPT.replace("%", "%%").replace("$", "$$");
    return "PROGRAM=\"/bin/sh -c '%s'\", RESULT==\"%d\"".formatted(quoted, number);
  }

  /** The number in such a rule; empty when the text is none. */
  static Optional<Integer> of(String result) {
    return result.matches("[0-9]{1,3}") ? Optional.of(Integer.parseInt(result)) : Optional.empty();
  }
}
