package io.hyper2kvm.guest.initramfs.modules;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Writes kmod's binary index; the format is told at {@link KmodIndex}. */
public final class KmodIndexWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<KmodIndex.Entry> entries;

  private KmodIndexWriter(Collection<KmodIndex.Entry> entries) {
    this.entries =
        entries.stream()
            .sorted(
                Comparator.comparing(KmodIndex.Entry::key)
                    .thenComparingInt(KmodIndex.Entry::priority))
            .toList();
  }

  /** The index of these pairs; the same pairs give the same bytes. */
  public static byte[] write(Collection<KmodIndex.Entry> entries) {
    var writer = new KmodIndexWriter(entries);
    writer.number(KmodIndex.MAGIC);
    writer.number(KmodIndex.VERSION);
    writer.number(0);
    int root = writer.node(0, writer.entries.size(), 0);
    byte[] bytes = writer.out.toByteArray();
    ByteBuffer.wrap(bytes).putInt(8, root);
    return bytes;
  }

  /**
   * Writes the node of the entries {@code from} to {@code to}, which share their first {@code
   * depth} characters, its children first. Recursion is as deep as the longest key at most, and the
   * keys are of a few hundred characters.
   *
   * @return the reference to the node
   */
  private int node(int from, int to, int depth) {
    // depmod gives the root no prefix.
    int prefix = depth == 0 ? 0 : common(from, to, depth);
    int values = from;
    while (values < to && entries.get(values).key().length() == prefix) {
      values++;
    }
    int first = values < to ? entries.get(values).key().charAt(prefix) : 0;
    int last = values < to ? entries.get(to - 1).key().charAt(prefix) : -1;
    var children = new int[values < to ? last - first + 1 : 0];
    for (int begin = values; begin < to; ) {
      char next = entries.get(begin).key().charAt(prefix);
      int end = begin;
      while (end < to && entries.get(end).key().charAt(prefix) == next) {
        end++;
      }
      children[next - first] = node(begin, end, prefix + 1);
      begin = end;
    }

    int reference = out.size();
    if (prefix > depth) {
      reference |= KmodIndex.PREFIX;
      text(entries.get(from).key().substring(depth, prefix));
    }
    if (children.length > 0) {
      reference |= KmodIndex.CHILDREN;
      out.write(first);
      out.write(last);
      for (int child : children) {
        number(child);
      }
    }
    if (values > from) {
      reference |= KmodIndex.VALUES;
      number(values - from);
      for (KmodIndex.Entry entry : entries.subList(from, values)) {
        number(entry.priority());
        text(entry.value());
      }
    }
    return reference;
  }

  /** How many characters the first and the last key, and so all between them, share. */
  private int common(int from, int to, int depth) {
    String first = entries.get(from).key();
    String last = entries.get(to - 1).key();
    int end = depth;
    while (end < first.length() && end < last.length() && first.charAt(end) == last.charAt(end)) {
      end++;
    }
    return end;
  }

  private void number(int value) {
    out.write(value >>> 24);
    out.write(value >>> 16);
    out.write(value >>> 8);
    out.write(value);
  }

  private void text(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    out.write(0);
  }
}
