package io.hyper2kvm.config.value;

import io.hyper2kvm.manifest.model.ClusterNetwork;
import io.hyper2kvm.manifest.model.DomainNetwork;
import io.hyper2kvm.manifest.model.DomainNetwork.Kind;
import io.hyper2kvm.manifest.model.DomainSpec;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the cards of one of the source's networks are connected to, for one of the targets.
 *
 * @param name the network's name in the source's description, or {@code *}
 * @param network a bridge of the host or a network of libvirt's
 * @param cluster what KubeVirt connects them to; one of the two is there
 */
public record NetworkMapping(
    String name, Optional<DomainNetwork> network, Optional<ClusterNetwork> cluster) {

  /** What may be written, as the end of a sentence. */
  public static final String SYNTAX =
      "NAME = bridge BRIDGE or NAME = network NETWORK, with vlan 1 to 4094 behind it if need be; for KubeVirt, NAME = multus NETWORK, NAME = pod masquerade or NAME = pod bridge";

  private static final Pattern TARGET =
      Pattern.compile("(bridge|network) {1,9}([^ ]{1,64})( {1,9}vlan {1,9}([0-9]{1,4}))?");
  private static final Pattern CLUSTER = Pattern.compile("(multus|pod) {1,9}([^ ]{1,317})");

  public NetworkMapping {
    if (!DomainSpec.isNetworkName(name)) {
      throw new IllegalArgumentException("not the name of a network");
    }
    if (network.isPresent() == cluster.isPresent()) {
      throw new IllegalArgumentException("a network is for one of the targets");
    }
  }

  /** A mapping for libvirt. */
  public NetworkMapping(String name, DomainNetwork network) {
    this(name, Optional.of(network), Optional.empty());
  }

  /** A mapping for KubeVirt. */
  public NetworkMapping(String name, ClusterNetwork cluster) {
    this(name, Optional.empty(), Optional.of(cluster));
  }

  /**
   * Reads what {@link #SYNTAX} says. The last sign of equality counts: names may have one.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static NetworkMapping parse(String text) {
    int equals = text.lastIndexOf('=');
    String written = text.substring(equals + 1).strip();
    Matcher target = TARGET.matcher(written);
    Matcher cluster = CLUSTER.matcher(written);
    if (equals < 0 || !target.matches() && !cluster.matches()) {
      throw new IllegalArgumentException("not " + SYNTAX);
    }
    String name = text.substring(0, equals).strip();
    if (cluster.matches()) {
      ClusterNetwork.Kind kind =
          cluster.group(1).equals("multus") ? ClusterNetwork.Kind.MULTUS : ClusterNetwork.Kind.POD;
      return new NetworkMapping(name, new ClusterNetwork(kind, cluster.group(2)));
    }
    return new NetworkMapping(
        name,
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
    return "%s = %s"
        .formatted(
            name, network.map(NetworkMapping::text).or(() -> cluster.map(c -> text(c))).get());
  }

  private static String text(DomainNetwork network) {
    String vlan = network.vlan().isPresent() ? " vlan " + network.vlan().getAsInt() : "";
    return "%s %s%s".formatted(network.kind().text(), network.name(), vlan);
  }

  private static String text(ClusterNetwork network) {
    return network.kind().text() + " " + network.name();
  }
}
