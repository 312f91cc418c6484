package io.hyper2kvm.manifest.parse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One value of a manifest, or of another file of YAML, and where it stands in the file. Nodes know
 * their parent instead of their pointer: a pointer per node would let a small file with long keys
 * fill the memory.
 */
public final class Node {

  /** What a value is, in the words of JSON. */
  public enum Kind {
    OBJECT("an object"),
    LIST("a list"),
    TEXT("text"),
    NUMBER("a number"),
    BOOLEAN("true or false"),
    NULL("null");

    public final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private final Kind kind;
  private final Position at;
  private final Object scalar;
  private final Map<String, Node> fields;
  private final List<Node> items;
  private boolean alias;
  private Node parent;
  private String key;
  private int index;
  private Position keyAt;

  private Node(Kind kind, Position at, Object scalar, Map<String, Node> fields, List<Node> items) {
    this.kind = kind;
    this.at = at;
    this.scalar = scalar;
    this.fields = fields;
    this.items = items;
    this.keyAt = at;
  }

  static Node object(Position at) {
    return new Node(Kind.OBJECT, at, null, new LinkedHashMap<>(), List.of());
  }

  static Node list(Position at) {
    return new Node(Kind.LIST, at, null, Map.of(), new ArrayList<>());
  }

  static Node text(Position at, String value) {
    return new Node(Kind.TEXT, at, value, Map.of(), List.of());
  }

  /** A number: a {@link Long} or a finite {@link Double}. */
  static Node number(Position at, Number value) {
    return new Node(Kind.NUMBER, at, value, Map.of(), List.of());
  }

  static Node bool(Position at, boolean value) {
    return new Node(Kind.BOOLEAN, at, value, Map.of(), List.of());
  }

  static Node nul(Position at) {
    return new Node(Kind.NULL, at, null, Map.of(), List.of());
  }

  /** What stands where an alias of this node is, still without parent and children. */
  Node aliasAt(Position aliasAt) {
    Node copy =
        switch (kind) {
          case OBJECT -> object(aliasAt);
          case LIST -> list(aliasAt);
          default -> new Node(kind, aliasAt, scalar, Map.of(), List.of());
        };
    copy.alias = true;
    return copy;
  }

  /** Adds a field to an object; the child must not have a parent yet. */
  void put(String name, Position nameAt, Node child) {
    adopt(child, name, 0, nameAt);
    fields.put(name, child);
  }

  /** Adds an item to a list; the child must not have a parent yet. */
  void add(Node child) {
    adopt(child, null, items.size(), child.at);
    items.add(child);
  }

  private void adopt(Node child, String name, int place, Position nameAt) {
    child.placeUnder(this, name, nameAt);
    child.index = place;
  }

  /** Says where the node belongs without adding it there, as for a merged pipeline. */
  void placeUnder(Node newParent, String name, Position nameAt) {
    if (parent != null) {
      throw new IllegalStateException("the node has a parent already");
    }
    parent = newParent;
    key = name;
    keyAt = nameAt;
  }

  /** An object without fields that stands in this one's place, to be filled by a merge. */
  public Node emptyTwin() {
    Node twin = object(at);
    twin.parent = parent;
    twin.key = key;
    twin.index = index;
    twin.keyAt = keyAt;
    return twin;
  }

  /** Takes over a field for a merge; the child keeps its own place in the file. */
  public void share(String name, Node child) {
    fields.put(name, child);
  }

  public Kind kind() {
    return kind;
  }

  public boolean is(Kind wanted) {
    return kind == wanted;
  }

  /** Whether the file has an alias here, or in a place around this one. */
  public boolean isAlias() {
    return alias;
  }

  public Position at() {
    return at;
  }

  /** Where the node's key stands; where the node stands, when it has none. */
  public Position keyAt() {
    return keyAt;
  }

  public Map<String, Node> fields() {
    return Collections.unmodifiableMap(fields);
  }

  public List<Node> items() {
    return Collections.unmodifiableList(items);
  }

  public Optional<Node> field(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /** A field of a field, as far as there are objects on the way. */
  public Optional<Node> field(String first, String second) {
    return field(first).flatMap(node -> node.field(second));
  }

  /** The value of a field that is text; empty when it is absent or something else. */
  public Optional<String> textOf(String name) {
    return field(name).flatMap(Node::asText);
  }

  /** The value of a field that is true or false; empty when it is absent or something else. */
  public Optional<Boolean> boolOf(String name) {
    return field(name).filter(node -> node.is(Kind.BOOLEAN)).map(node -> (Boolean) node.scalar);
  }

  public Optional<String> asText() {
    return kind == Kind.TEXT ? Optional.of((String) scalar) : Optional.empty();
  }

  /** The scalar's Java value: text, number, boolean, or null. */
  public Object scalar() {
    return scalar;
  }

  /** What stands here, short enough for a message. */
  public String shown() {
    return switch (kind) {
      case TEXT -> Shown.quoted((String) scalar);
      case NUMBER, BOOLEAN -> scalar.toString();
      default -> kind.words;
    };
  }

  /** Whether the node is the field of that name in its object. */
  public boolean hasKey(String name) {
    return name.equals(key);
  }

  /** Whether the node stands inside another one, in the file. */
  public boolean isBelow(Node ancestor) {
    for (Node node = parent; node != null; node = node.parent) {
      if (node == ancestor) {
        return true;
      }
    }
    return false;
  }

  /** The node's JSON pointer in the file. */
  public String pointer() {
    List<Node> steps = new ArrayList<>();
    for (Node node = this; node.parent != null; node = node.parent) {
      steps.add(node);
    }
    StringBuilder pointer = new StringBuilder();
    for (int i = steps.size() - 1; i >= 0; i--) {
      Node step = steps.get(i);
      if (step.key == null) {
        pointer.append('/').append(step.index);
      } else {
        Shown.appendStep(pointer, step.key);
      }
    }
    return pointer.toString();
  }

  /** The JSON pointer of a field, also of one that is not there. */
  public String pointer(String field) {
    StringBuilder pointer = new StringBuilder(pointer());
    Shown.appendStep(pointer, field);
    return pointer.toString();
  }
}
