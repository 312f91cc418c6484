package io.hyper2kvm.daemon.routes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A value in a route file that knows its line. */
final class Element {

  private final Node node;

  Element(Node node) {
    this.node = node;
  }

  /** The line it begins at, from 1. */
  int line() {
    return node.getStartMark().getLine() + 1;
  }

  boolean isObject() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  boolean isText() {
    return node instanceof ScalarNode;
  }

  /** A scalar as it is written; empty for anything else. */
  String text() {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "";
  }

  /** The elements of a list; none for anything else. */
  List<Element> items() {
    return node instanceof SequenceNode list
        ? list.getValue().stream().map(Element::new).toList()
        : List.of();
  }

  /** The values of an object by their keys; none for anything else. */
  Map<String, Element> entries() {
    Map<String, Element> entries = new LinkedHashMap<>();
    tuples()
        .forEach(tuple -> entries.put(key(tuple.getKeyNode()), new Element(tuple.getValueNode())));
    return entries;
  }

  private List<NodeTuple> tuples() {
    return node instanceof MappingNode object ? object.getValue() : List.of();
  }

  private static String key(Node key) {
    return key instanceof ScalarNode scalar ? scalar.getValue() : "?";
  }

  /** The value of a key. */
  Optional<Element> at(String key) {
    return Optional.ofNullable(entries().get(key));
  }

  /** The text of a key; empty if there is none. */
  String text(String key) {
    return at(key).map(Element::text).orElse("");
  }

  /** The line of a key; its own line if there is no such key. */
  int line(String key) {
    for (NodeTuple tuple : tuples()) {
      if (key(tuple.getKeyNode()).equals(key)) {
        return tuple.getKeyNode().getStartMark().getLine() + 1;
      }
    }
    return line();
  }

  /** The keys that stand in an object more than once, with the line of each repetition. */
  Map<String, Integer> repeatedKeys() {
    Map<String, Integer> seen = new LinkedHashMap<>();
    Map<String, Integer> repeated = new LinkedHashMap<>();
    for (NodeTuple tuple : tuples()) {
      int line = tuple.getKeyNode().getStartMark().getLine() + 1;
      if (seen.putIfAbsent(key(tuple.getKeyNode()), line) != null) {
        repeated.put(key(tuple.getKeyNode()), line);
      }
    }
    return repeated;
  }

  /**
   * Calls the visitor with everything below this element.
   *
   * @param visitor gets each value with its key; an element of a list has the list's key
   */
  void visit(BiConsumer<String, Element> visitor) {
    visit("", visitor);
  }

  private void visit(String key, BiConsumer<String, Element> visitor) {
    visitor.accept(key, this);
    entries().forEach((name, value) -> value.visit(name, visitor));
    items().forEach(item -> item.visit(key, visitor));
  }
}
