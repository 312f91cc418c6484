package io.hyper2kvm.manifest.parse;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Builds the tree of a file from a parser's events and holds it within its limits, which also bound
 * what YAML's aliases can expand to.
 */
final class TreeBuilder {

  static final int MAX_DEPTH = 100;
  static final int MAX_NODES = 200_000;
  static final int MAX_KEY_LENGTH = 256;

  private static final class Frame {
    private final Node container;
    private String key;
    private Position keyAt;
    private boolean duplicate;

    private Frame(Node container) {
      this.container = container;
    }
  }

  private final TreeFindings findings;
  private final Deque<Frame> open = new ArrayDeque<>();
  private Node root;
  private int nodes;
  private long characters;

  TreeBuilder(TreeFindings findings) {
    this.findings = findings;
  }

  /** The next value's key in the object that is open. */
  void key(String name, Position at) throws UnreadableException {
    if (name.length() > MAX_KEY_LENGTH) {
      throw new UnreadableException(
          at, Shown.quoted(name), "a key may have at most %d characters".formatted(MAX_KEY_LENGTH));
    }
    count(name.length(), at);
    Frame frame = open.getFirst();
    frame.key = name;
    frame.keyAt = at;
    frame.duplicate = frame.container.field(name).isPresent();
    if (frame.duplicate) {
      findings.keyTwice(frame.container, name, at);
    }
  }

  /** A complete value, or a container that {@link #open} follows for. */
  void value(Node node) throws UnreadableException {
    nodes++;
    if (nodes > MAX_NODES) {
      throw new UnreadableException(
          node.at(),
          "",
          "the file has more than %d values".formatted(MAX_NODES),
          "Use fewer aliases, or several files.");
    }
    attach(node);
    String text = node.asText().orElse("");
    count(text.length(), node.at());
    if (!isWellFormed(text)) {
      findings.malformedText(node);
    }
  }

  /** A container whose keys and values follow until {@link #close}. */
  void open(Node container) throws UnreadableException {
    value(container);
    if (open.size() == MAX_DEPTH) {
      throw new UnreadableException(
          container.at(), "", "values are nested more than %d deep".formatted(MAX_DEPTH));
    }
    open.push(new Frame(container));
  }

  void close() {
    open.pop();
  }

  /** Whether the innermost open container is an object whose next key is due. */
  boolean expectsKey() {
    return !open.isEmpty()
        && open.getFirst().container.is(Node.Kind.OBJECT)
        && open.getFirst().key == null;
  }

  boolean isOpen(Node container) {
    return open.stream().anyMatch(frame -> frame.container == container);
  }

  /** The innermost container that is open, or null. */
  Node innermost() {
    return open.isEmpty() ? null : open.getFirst().container;
  }

  /** Whether the next value is the field of that name at the top of the file. */
  boolean isAtTop(String name) {
    return open.size() == 1 && name.equals(open.getFirst().key);
  }

  /** The tree; null when there was no value. */
  Node root() {
    return root;
  }

  private void attach(Node node) {
    if (open.isEmpty()) {
      root = node;
      return;
    }
    Frame frame = open.getFirst();
    if (!frame.container.is(Node.Kind.OBJECT)) {
      frame.container.add(node);
      return;
    }
    if (frame.duplicate) {
      node.placeUnder(frame.container, frame.key, frame.keyAt); // named in messages, not kept
    } else {
      frame.container.put(frame.key, frame.keyAt, node);
    }
    frame.key = null;
  }

  /** The text itself is within the file's limit; only aliases can take this beyond it. */
  private void count(int length, Position at) throws UnreadableException {
    characters += length;
    if (characters > SourceText.MAX_BYTES) {
      throw new UnreadableException(
          at,
          "",
          "the file's aliases expand to more than %d MiB".formatted(SourceText.MAX_BYTES >> 20));
    }
  }

  private static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return false;
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
