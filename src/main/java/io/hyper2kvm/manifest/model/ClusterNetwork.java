package io.hyper2kvm.manifest.model;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a network card of a VM of KubeVirt's is connected to.
 *
 * @param kind whether it is a network of Multus's or that of the VM's pod
 * @param name of a Multus network its NetworkAttachmentDefinition, with the namespace and a slash
 *     before it if that is another one; of the pod's network {@code masquerade} or {@code bridge}
 */
public record ClusterNetwork(Kind kind, String name) {

  /** What a card can be connected to. */
  public enum Kind {
    MULTUS("multus"),
    POD("pod");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The manifest's key for it, and KubeVirt's. */
    public String text() {
      return text;
    }
  }

  /** Behind an address of the pod's: the guest gets another one, by DHCP. */
  public static final String MASQUERADE = "masquerade";

  /** With the pod's own address, by DHCP. */
  public static final String BRIDGE = "bridge";

  /** What a card gets that nobody connects. */
  public static final ClusterNetwork DEFAULT = new ClusterNetwork(Kind.POD, MASQUERADE);

  /** Names of Kubernetes: a label as namespace, a subdomain as the object's. */
  public static final String MULTUS_PATTERN =
      "([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?/)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?";

  private static final Pattern MULTUS = Pattern.compile(MULTUS_PATTERN);

  public ClusterNetwork {
    Objects.requireNonNull(kind, "kind");
    boolean valid =
        kind == Kind.MULTUS
            ? MULTUS.matcher(name).matches()
            : name.equals(MASQUERADE) || name.equals(BRIDGE);
    if (!valid) {
      throw new IllegalArgumentException("not the name of a %s: %s".formatted(kind.text(), name));
    }
  }
}
