package io.hyper2kvm.image.ova.ovf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An element of an OVF description. Names are local ones: the namespaces differ between OVF 1, OVF
 * 2, VMware's draft and oVirt, and the names mean the same in all of them.
 */
final class XmlElement {

  private final String name;
  private final int line;
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final List<XmlElement> children = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  XmlElement(String name, int line) {
    this.name = name;
    this.line = line;
  }

  String name() {
    return name;
  }

  int line() {
    return line;
  }

  void attribute(String key, String value) {
    attributes.putIfAbsent(key, value);
  }

  void add(XmlElement child) {
    children.add(child);
  }

  void addText(String more) {
    text.append(more);
  }

  /** The attribute without surrounding blanks; empty when it is missing or blank. */
  Optional<String> attribute(String key) {
    return Optional.ofNullable(attributes.get(key)).map(String::strip).filter(v -> !v.isEmpty());
  }

  /** The element's own text without surrounding blanks. */
  String text() {
    return text.toString().strip();
  }

  List<XmlElement> children() {
    return children;
  }

  Stream<XmlElement> children(String wanted) {
    return children.stream().filter(child -> child.name.equals(wanted));
  }

  Optional<XmlElement> child(String wanted) {
    return children(wanted).findFirst();
  }

  /** The text of the first such child; empty when it is missing or blank. */
  Optional<String> textOf(String wanted) {
    return child(wanted).map(XmlElement::text).filter(t -> !t.isEmpty());
  }

  /**
   * The sections of that kind. oVirt and OVF's first drafts write {@code <Section
   * xsi:type="ovf:DiskSection_Type">} for what is {@code <DiskSection>} elsewhere.
   */
  List<XmlElement> sections(String kind) {
    return children.stream()
        .filter(
            child ->
                child.name.equals(kind)
                    || (child.name.equals("Section") && child.isOfType(kind + "_Type")))
        .toList();
  }

  boolean isOfType(String type) {
    return attribute("type").filter(t -> t.equals(type) || t.endsWith(":" + type)).isPresent();
  }
}
