package io.hyper2kvm.manifest.model;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What a network card of a libvirt domain is connected to.
 *
 * @param kind whether {@code name} is a bridge of the host or a network of libvirt's
 * @param name the bridge's or the network's name
 * @param vlan the VLAN of the card's packets, 1 to 4094
 */
public record DomainNetwork(Kind kind, String name, OptionalInt vlan) {

  /** What a card can be connected to. */
  public enum Kind {
    BRIDGE("bridge"),
    NETWORK("network");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The manifest's key for it, and libvirt's word. */
    public String text() {
      return text;
    }
  }

  /** What Linux takes as the name of a bridge, but for signs that need care elsewhere. */
  public static final String BRIDGE_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,14}";

  /** The names of libvirt's networks, but for signs that need care elsewhere. */
  public static final String NETWORK_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  /** The greatest number of a VLAN. */
  public static final int MOST_VLAN = 4094;

  private static final Pattern BRIDGE = Pattern.compile(BRIDGE_PATTERN);
  private static final Pattern NETWORK = Pattern.compile(NETWORK_PATTERN);

  public DomainNetwork {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(vlan, "vlan");
    Pattern pattern = kind == Kind.BRIDGE ? BRIDGE : NETWORK;
    if (!pattern.matcher(name).matches()) {
      throw new IllegalArgumentException("not the name of a %s: %s".formatted(kind.text(), name));
    }
    if (vlan.isPresent() && (vlan.getAsInt() < 1 || vlan.getAsInt() > MOST_VLAN)) {
      throw new IllegalArgumentException("not the number of a VLAN: " + vlan.getAsInt());
    }
  }
}
