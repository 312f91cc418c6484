package io.hyper2kvm.stage.domain;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One network card of a domain.
 *
 * @param mac its address, six pairs of lower-case hexadecimal digits with colons; empty: libvirt
 *     makes one up
 */
public record DomainCard(Optional<String> mac) {

  private static final Pattern MAC = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");

  public DomainCard {
    if (mac.isPresent() && !MAC.matcher(mac.get()).matches()) {
      throw new IllegalArgumentException("not a MAC address: " + mac.get());
    }
  }

  /** A card with an address that libvirt makes up. */
  public static DomainCard any() {
    return new DomainCard(Optional.empty());
  }

  /**
   * A card that keeps its address, if what is written is one that a card can have.
   *
   * @param text as an OVF or a guest has it: any case, with colons or dashes
   */
  public static DomainCard withAddress(String text) {
    String mac = text.strip().toLowerCase(Locale.ROOT).replace('-', ':');
    boolean usable =
        MAC.matcher(mac).matches()
            // An odd first byte is a group's address; libvirt refuses it.
            && (Integer.parseInt(mac.substring(0, 2), 16) & 1) == 0
            && !mac.equals("00:00:00:00:00:00");
    return usable ? new DomainCard(Optional.of(mac)) : any();
  }
}
