package io.hyper2kvm.config.value;

import io.hyper2kvm.manifest.model.DomainNetwork;
import io.hyper2kvm.manifest.model.DomainNetwork.Kind;
import io.hyper2kvm.manifest.model.DomainSpec;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the cards of one of the source's networks are connected to.
 *
 * @param name the network's name in the source's description, or {@code *}
 * @param network a bridge of the host or a network of libvirt's
 */
public record NetworkMapping(String name, DomainNetwork network) {

  /** What may be written, as the end of a sentence. */
  public static final String SYNTAX =
      "NAME = bridge BRIDGE or NAME = network NETWORK, with vlan 1 to 4094 behind it if need be";

  private static final Pattern TARGET =
      Pattern.compile("(bridge|network) {1,9}([^ ]{1,64})( {1,9}vlan {1,9}([0-9]{1,4}))?");

  public NetworkMapping {
    if (!DomainSpec.isNetworkName(name)) {
      throw new IllegalArgumentException("not the name of a network");
    }
  }

  /**
   * Reads what {@link #SYNTAX} says. The last sign of equality counts: names may have one.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static NetworkMapping parse(String text) {
    int equals = text.lastIndexOf('=');
    Matcher target = TARGET.matcher(text.substring(equals + 1).strip());
    if (equals < 0 || !target.matches()) {
      throw new IllegalArgumentException("not " + SYNTAX);
    }
    return new NetworkMapping(
        text.substring(0, equals).strip(),
        new DomainNetwork(
            target.group(1).equals("bridge") ? Kind.BRIDGE : Kind.NETWORK,
            target.group(2),
            target.group(4) == null
                ? OptionalInt.empty()
                : OptionalInt.of(Integer.parseInt(target.group(4)))));
  }

  /** As it is read. */
  @Override
  public String toString() {
    String vlan = network.vlan().isPresent() ? " vlan " + network.vlan().getAsInt() : "";
    return "%s = %s %s%s".formatted(name, network.kind().text(), network.name(), vlan);
  }
}
