package io.hyper2kvm.daemon.routes;

import io.hyper2kvm.manifest.parse.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A value in a route file that knows its line, for the rules to walk over. */
final class Element {

  private final Node node;

  Element(Node node) {
    this.node = node;
  }

  /** The line it begins at, from 1. */
  int line() {
    return node.at().line();
  }

  boolean isObject() {
    return node.is(Node.Kind.OBJECT);
  }

  boolean isList() {
    return node.is(Node.Kind.LIST);
  }

  boolean isText() {
    return !isObject() && !isList();
  }

  /** A scalar as it is written; empty for null and for anything else. */
  String text() {
    return node.asText().orElse("");
  }

  /** The elements of a list; none for anything else. */
  List<Element> items() {
    return node.items().stream().map(Element::new).toList();
  }

  /** The values of an object by their keys; none for anything else. */
  Map<String, Element> entries() {
    Map<String, Element> entries = new LinkedHashMap<>();
    node.fields().forEach((key, value) -> entries.put(key, new Element(value)));
    return entries;
  }

  /** The value of a key. */
  Optional<Element> at(String key) {
    return node.field(key).map(Element::new);
  }

  /** The text of a key; empty if there is none. */
  String text(String key) {
    return node.textOf(key).orElse("");
  }

  /** The line of a key; its own line if there is no such key. */
  int line(String key) {
    return node.field(key).map(Node::keyAt).orElse(node.at()).line();
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
