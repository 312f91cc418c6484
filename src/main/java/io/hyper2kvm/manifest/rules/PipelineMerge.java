package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.parse.Node;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Lays a VM's pipeline over the batch's {@code defaults.pipeline}: objects merge, everything else
 * replaces, and so does a network that cards are connected to. What is taken over stays the node
 * that it was, so that a problem with it is reported where it stands.
 */
public final class PipelineMerge {

  private static final String NETWORKS = DomainKeys.NETWORKS;
  private static final int MOST_NETWORKS = 2 * DomainSpec.MOST_NETWORKS;

  private final Set<String> knownKeys;

  /**
   * A merge of known keys only: the others change nothing, and copying any number of them into
   * every VM would multiply a small file.
   */
  public PipelineMerge(Set<String> knownKeys) {
    this.knownKeys = knownKeys;
  }

  /** The pipeline in force; empty when neither is an object. */
  Optional<Node> merge(Optional<Node> defaults, Optional<Node> own) {
    Optional<Node> under = defaults.filter(node -> node.is(Node.Kind.OBJECT));
    if (own.isEmpty() || under.isEmpty()) {
      return own.isPresent() ? own.filter(node -> node.is(Node.Kind.OBJECT)) : under;
    }
    Node merged = merge(under.get(), own.get());
    return Optional.of(merged).filter(node -> node.is(Node.Kind.OBJECT));
  }

  private Node merge(Node under, Node over) {
    if (!under.is(Node.Kind.OBJECT) || !over.is(Node.Kind.OBJECT)) {
      return over;
    }
    Node merged = over.emptyTwin();
    Set<String> keys = new LinkedHashSet<>(under.fields().keySet());
    keys.addAll(over.fields().keySet());
    if (over.hasKey(NETWORKS)) {
      return networks(under, over, keys);
    }
    keys.retainAll(knownKeys);
    for (String key : keys) {
      Node below = under.fields().get(key);
      Node above = over.fields().get(key);
      merged.share(
          key,
          above == null
              ? below
              : below == null ? above : merge(asObject(key, below), asObject(key, above)));
    }
    return merged;
  }

  /** The target as a word is an object that names the target, and else nothing. */
  private static Node asObject(String key, Node node) {
    if (!key.equals(DomainKeys.DOMAIN) || !node.is(Node.Kind.TEXT)) {
      return node;
    }
    Node object = node.emptyTwin();
    object.share(DomainKeys.TARGET, node);
    return object;
  }

  /** By their names: one is a bridge or a network, and so nothing of another is merged into it. */
  private static Node networks(Node under, Node over, Set<String> names) {
    Node merged = over.emptyTwin();
    names.stream()
        .limit(MOST_NETWORKS) // what is beyond the most is reported, and not copied
        .forEach(
            name -> merged.share(name, over.field(name).orElseGet(() -> under.fields().get(name))));
    return merged;
  }
}
