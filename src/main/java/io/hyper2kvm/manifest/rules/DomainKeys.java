package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.manifest.parse.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of a section {@code convert} that can be written in two ways: the target as {@code
 * domain}, a word, or as {@code target} in it; networks as {@code networks}, or as {@code networks}
 * in {@code domain}.
 */
public final class DomainKeys {

  static final String DOMAIN = "domain";
  static final String DOMAIN_XML = "domain_xml";
  static final String NETWORKS = "networks";
  static final String TARGET = "target";

  private DomainKeys() {}

  /** The value that names the target; empty when none does. */
  static Optional<Node> targetNode(Node convert) {
    return convert
        .field(DOMAIN)
        .flatMap(domain -> domain.is(Node.Kind.TEXT) ? Optional.of(domain) : domain.field(TARGET));
  }

  /** The target that is named; empty when none is, or there is no such one. */
  static Optional<DomainTarget> named(Node convert) {
    return targetNode(convert)
        .flatMap(Node::asText)
        .flatMap(word -> Words.find(DomainTarget.values(), DomainTarget::text, word));
  }

  /** The target in force; what cannot be read counts as absent. */
  static DomainTarget target(Node convert) {
    return named(convert)
        .orElse(convert.boolOf(DOMAIN_XML).orElse(true) ? DomainTarget.LIBVIRT : DomainTarget.NONE);
  }

  /** What the cards are connected to, by the names of the source's networks, from both places. */
  public static Map<String, Node> networks(Node convert) {
    Map<String, Node> networks = new LinkedHashMap<>();
    convert.field(DOMAIN, NETWORKS).ifPresent(node -> networks.putAll(node.fields()));
    convert.field(NETWORKS).ifPresent(node -> networks.putAll(node.fields()));
    return networks;
  }
}
