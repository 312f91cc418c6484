package io.hyper2kvm.guest.initramfs.modules;

import io.hyper2kvm.guest.initramfs.archive.CpioReader;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Reads kmod's binary index (modules.dep.bin, modules.alias.bin): a radix trie whose nodes carry an
 * optional prefix, optional children by their next character, and optional values. Big-endian;
 * offsets carry in their top four bits which of these a node has. Written by {@link
 * KmodIndexWriter}.
 */
public final class KmodIndex {

  static final int MAGIC = 0xb007f457;
  static final int VERSION = 0x00020001;
  static final int PREFIX = 0x80000000;
  static final int VALUES = 0x40000000;
  static final int CHILDREN = 0x20000000;
  static final int OFFSET = 0x0fffffff;

  private static final int MAX_KEY = 4096;
  private static final int MAX_VALUES = 4096;
  private static final int MAX_ENTRIES = 200_000;

  /**
   * One pair.
   *
   * @param key ASCII, no NUL
   * @param value no NUL
   * @param priority of several values of one key the smallest comes first
   */
  public record Entry(String key, String value, int priority) {
    /** Checks that the index can hold it. */
    public Entry {
      if (key.isEmpty() || !key.chars().allMatch(c -> c > 0 && c < 128)) {
        throw new IllegalArgumentException("no key: " + CpioReader.printable(key));
      }
      if (value.indexOf(0) >= 0) {
        throw new IllegalArgumentException("value with NUL of key " + key);
      }
    }
  }

  private record Node(String prefix, int first, int[] children, List<Value> values) {}

  private record Value(String text, int priority) {}

  private final ByteBuffer bytes;
  private final int root;

  private KmodIndex(ByteBuffer bytes, int root) {
    this.bytes = bytes;
    this.root = root;
  }

  /**
   * Opens an index.
   *
   * @throws InitramfsFormatException if it is none, or of another version
   */
  public static KmodIndex open(byte[] file) throws InitramfsFormatException {
    Objects.requireNonNull(file, "file");
    var bytes = ByteBuffer.wrap(file);
    if (file.length < 12 || bytes.getInt(0) != MAGIC || bytes.getInt(4) >> 16 != VERSION >> 16) {
      throw InitramfsFormatException.at(0, "no module index of version 2");
    }
    return new KmodIndex(bytes, bytes.getInt(8));
  }

  /**
   * The values of exactly this key, in their order; none if it is not there.
   *
   * @throws InitramfsFormatException if the index is damaged
   */
  public List<String> find(String key) throws InitramfsFormatException {
    int reference = root;
    int at = 0;
    while (true) {
      Node node = node(reference);
      if (!key.startsWith(node.prefix(), at)) {
        return List.of();
      }
      at += node.prefix().length();
      if (at == key.length()) {
        return node.values().stream()
            .sorted(Comparator.comparingInt(Value::priority))
            .map(Value::text)
            .toList();
      }
      int child = key.charAt(at++) - node.first();
      if (child < 0 || child >= node.children().length || node.children()[child] == 0) {
        return List.of();
      }
      reference = node.children()[child];
    }
  }

  /**
   * All pairs, by key.
   *
   * @throws InitramfsFormatException if the index is damaged
   */
  public List<Entry> entries() throws InitramfsFormatException {
    record Place(int reference, String key) {}
    var entries = new ArrayList<Entry>();
    var left = new ArrayDeque<Place>();
    left.push(new Place(root, ""));
    long budget = 2L * bytes.capacity();
    while (!left.isEmpty()) {
      Place place = left.pop();
      int offset = place.reference() & OFFSET;
      Node node = node(place.reference());
      String key = place.key() + node.prefix();
      // A sound index has each node once; one that names nodes many times must not cost more.
      budget -= 1 + node.children().length + node.prefix().length() + key.length() / 16;
      if (budget < 0 || key.length() > MAX_KEY) {
        throw InitramfsFormatException.at(offset, "an index with loops");
      }
      for (Value value : node.values()) {
        budget -= 5 + value.text().length();
        if (entries.size() == MAX_ENTRIES) {
          throw InitramfsFormatException.tooMuch(offset, "index entries", MAX_ENTRIES);
        }
        entries.add(entry(key, value, offset));
      }
      for (int i = node.children().length - 1; i >= 0; i--) {
        if (node.children()[i] != 0) {
          left.push(new Place(node.children()[i], key + (char) (node.first() + i)));
        }
      }
    }
    return entries;
  }

  private static Entry entry(String key, Value value, int offset) throws InitramfsFormatException {
    try {
      return new Entry(key, value.text(), value.priority());
    } catch (IllegalArgumentException e) {
      throw InitramfsFormatException.at(offset, e.getMessage());
    }
  }

  private Node node(int reference) throws InitramfsFormatException {
    int offset = reference & OFFSET;
    try {
      ByteBuffer at = bytes.duplicate().position(offset);
      String prefix = (reference & PREFIX) != 0 ? text(at) : "";
      int first = 0;
      int[] children = {};
      if ((reference & CHILDREN) != 0) {
        first = at.get();
        int last = at.get();
        if (first < 0 || last < first) {
          throw InitramfsFormatException.at(
              offset, "children from %d to %d".formatted(first, last));
        }
        children = new int[last - first + 1];
        for (int i = 0; i < children.length; i++) {
          children[i] = at.getInt();
        }
      }
      var values = new ArrayList<Value>();
      if ((reference & VALUES) != 0) {
        int count = at.getInt();
        if (count > MAX_VALUES) {
          throw InitramfsFormatException.tooMuch(offset, "values of one key", MAX_VALUES);
        }
        for (int i = 0; i < count; i++) {
          int priority = at.getInt();
          values.add(new Value(text(at), priority));
        }
      }
      return new Node(prefix, first, children, values);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw InitramfsFormatException.at(offset, "an index node beyond the end");
    }
  }

  private static String text(ByteBuffer at) {
    int begin = at.position();
    while (at.get() != 0) {
      // on to the NUL
    }
    return new String(at.array(), begin, at.position() - 1 - begin, StandardCharsets.ISO_8859_1);
  }
}
