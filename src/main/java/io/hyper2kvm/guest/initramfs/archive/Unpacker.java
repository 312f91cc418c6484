package io.hyper2kvm.guest.initramfs.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Takes the entries of all archives, makes the tree of them and keeps the chosen contents. */
final class Unpacker implements CpioReader.Sink {

  /** What makes two entries of one archive names of the same file. */
  private record FileId(int inode, int mode, int major, int minor) {}

  /** A file with several names gets its content with one of them, as a rule the last. */
  private static final class LinkedFile {
    final List<String> waiting = new ArrayList<>();
    long size;
    byte[] content;
  }

  private final ReadLimits limits;
  private final Predicate<String> keep;
  private final LongSupplier offset;
  private final RootfsTree tree = new RootfsTree();
  private final Map<String, byte[]> files = new HashMap<>();
  private final Map<FileId, LinkedFile> linked = new HashMap<>();
  private int count;
  private long textBytes;
  private long keptBytes;

  Unpacker(ReadLimits limits, Predicate<String> keep, LongSupplier offset) {
    this.limits = limits;
    this.keep = keep;
    this.offset = offset;
  }

  InitramfsContents contents(List<Segment> segments, long length) {
    return new InitramfsContents(tree, files, segments, length);
  }

  @Override
  public void entry(CpioReader.Header header, InputStream content) throws IOException {
    if (++count > limits.entries()) {
      throw InitramfsFormatException.tooMuch(offset.getAsLong(), "entries", limits.entries());
    }
    countText(header.name().length());
    if (header.name().isEmpty()) {
      return;
    }
    int type = header.mode() & InitramfsEntry.TYPE_MASK;
    String target = type == InitramfsEntry.SYMLINK ? linkTarget(header, content) : "";
    long size = type == InitramfsEntry.REGULAR ? header.size() : 0;
    Optional<String> added = tree.add(header.name(), header.mode(), size, target);
    if (added.isEmpty()) {
      return; // The kernel drops it, too: its directory is missing or something is in its place.
    }
    String path = added.get();
    forget(path);
    if (type != InitramfsEntry.REGULAR) {
      return;
    }
    byte[] kept = keep.test(path) ? keptContent(header, content) : null;
    if (header.links() > 1) {
      link(header, path, kept);
    } else if (kept != null) {
      store(path, kept);
    }
  }

  @Override
  public void endOfArchive() {
    linked.clear();
  }

  private void link(CpioReader.Header header, String path, byte[] kept) throws IOException {
    var id = new FileId(header.inode(), header.mode(), header.major(), header.minor());
    LinkedFile file = linked.computeIfAbsent(id, key -> new LinkedFile());
    file.waiting.add(path);
    if (header.size() > 0) {
      file.size = header.size();
      file.content = kept;
    }
    if (file.size == 0) {
      return;
    }
    for (String name : file.waiting) {
      InitramfsEntry old = tree.entries().get(name);
      if (old != null && old.isRegular()) {
        tree.entries().put(name, new InitramfsEntry(name, old.mode(), file.size, ""));
        if (file.content != null && keep.test(name)) {
          forget(name);
          store(name, file.content);
        }
      }
    }
    file.waiting.clear();
  }

  private String linkTarget(CpioReader.Header header, InputStream content) throws IOException {
    if (header.size() > limits.nameLength()) {
      throw InitramfsFormatException.tooMuch(
          offset.getAsLong(), "bytes in a link target", limits.nameLength());
    }
    countText((int) header.size());
    String target =
        new String(content.readNBytes((int) header.size()), StandardCharsets.ISO_8859_1);
    int end = target.indexOf(0);
    return end < 0 ? target : target.substring(0, end);
  }

  private byte[] keptContent(CpioReader.Header header, InputStream content) throws IOException {
    if (header.size() > limits.keptFileBytes()) {
      throw InitramfsFormatException.tooMuch(
          offset.getAsLong(),
          "bytes in " + CpioReader.printable(header.name()),
          limits.keptFileBytes());
    }
    checkKept(header.size());
    return content.readNBytes((int) header.size());
  }

  private void checkKept(long more) throws IOException {
    if (keptBytes + more > limits.keptBytes()) {
      throw InitramfsFormatException.tooMuch(
          offset.getAsLong(), "bytes of files to keep", limits.keptBytes());
    }
  }

  private void store(String path, byte[] content) throws IOException {
    checkKept(content.length);
    keptBytes += content.length;
    files.put(path, content);
  }

  private void forget(String path) {
    byte[] old = files.remove(path);
    if (old != null) {
      keptBytes -= old.length;
    }
  }

  private void countText(int length) throws IOException {
    textBytes += length;
    if (textBytes > limits.textBytes()) {
      throw InitramfsFormatException.tooMuch(
          offset.getAsLong(), "bytes of names", limits.textBytes());
    }
  }
}
