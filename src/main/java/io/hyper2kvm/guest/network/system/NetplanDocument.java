package io.hyper2kvm.guest.network.system;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** One YAML file as a tree that knows where its words stand, so that it can be edited in place. */
final class NetplanDocument {
  private static final int MAX_DEPTH = 40;
  private static final int MAX_CODE_POINTS = 8 << 20;

  private final Node root;

  private NetplanDocument(Node root) {
    this.root = root;
  }

  /** The tree; empty when the text is not YAML, or has nothing in it, or shares parts of itself. */
  static Optional<NetplanDocument> of(String text) {
    LoaderOptions limits = new LoaderOptions();
    limits.setNestingDepthLimit(MAX_DEPTH);
    limits.setMaxAliasesForCollections(50);
    limits.setCodePointLimit(MAX_CODE_POINTS);
    try {
      Node root = new Yaml(limits).compose(new StringReader(text));
      return root == null || !tree(root, Collections.newSetFromMap(new IdentityHashMap<>()))
          ? Optional.empty()
          : Optional.of(new NetplanDocument(root));
    } catch (RuntimeException notYaml) {
      // The parser has several exceptions for text that is no YAML; all of them mean just that.
      return Optional.empty();
    }
  }

  private static boolean tree(Node node, Set<Node> seen) {
    if (!seen.add(node)) {
      return false;
    }
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (!tree(tuple.getKeyNode(), seen) || !tree(tuple.getValueNode(), seen)) {
          return false;
        }
      }
    } else if (node instanceof SequenceNode sequence) {
      for (Node item : sequence.getValue()) {
        if (!tree(item, seen)) {
          return false;
        }
      }
    }
    return true;
  }

  Node root() {
    return root;
  }

  /** The entries of a mapping by key; empty for any other node. */
  static Map<String, Node> entries(Node node) {
    Map<String, Node> entries = new LinkedHashMap<>();
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key) {
          entries.put(key.getValue(), tuple.getValueNode());
        }
      }
    }
    return entries;
  }

  /** The entry with its key, for editing. */
  static Optional<NodeTuple> tuple(Node node, String key) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode scalar && scalar.getValue().equals(key)) {
          return Optional.of(tuple);
        }
      }
    }
    return Optional.empty();
  }

  static Optional<String> scalar(Node node) {
    return node instanceof ScalarNode scalar && !scalar.getValue().isEmpty()
        ? Optional.of(scalar.getValue())
        : Optional.empty();
  }

  /** The scalars of a sequence, or the one scalar, or the keys of one-entry mappings in it. */
  static List<ScalarNode> scalars(Node node) {
    List<ScalarNode> scalars = new ArrayList<>();
    if (node instanceof ScalarNode scalar) {
      scalars.add(scalar);
    } else if (node instanceof SequenceNode sequence) {
      for (Node item : sequence.getValue()) {
        if (item instanceof ScalarNode scalar) {
          scalars.add(scalar);
        } else if (item instanceof MappingNode mapping
            && mapping.getValue().size() == 1
            && mapping.getValue().get(0).getKeyNode() instanceof ScalarNode key) {
          scalars.add(key);
        }
      }
    }
    return scalars;
  }

  /** Every scalar by its path from the root: what two texts must share to mean the same. */
  Map<String, String> flat() {
    Map<String, String> flat = new TreeMap<>();
    flatten("", root, flat);
    return flat;
  }

  private static void flatten(String path, Node node, Map<String, String> flat) {
    if (node instanceof MappingNode mapping) {
      flat.put(path, "{}");
      for (NodeTuple tuple : mapping.getValue()) {
        String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
        flatten(path + "/" + key, tuple.getValueNode(), flat);
      }
    } else if (node instanceof SequenceNode sequence) {
      flat.put(path, "[]");
      for (int i = 0; i < sequence.getValue().size(); i++) {
        flatten(path + "/" + i, sequence.getValue().get(i), flat);
      }
    } else if (node instanceof ScalarNode scalar) {
      flat.put(path, "=" + scalar.getValue());
    }
  }
}
