package io.hyper2kvm.guest.initramfs.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Reads an initramfs as the kernel does: archives and compressed archives one behind the other,
 * zeros between them. Streams; writes nothing; keeps the content of chosen small files only.
 */
public final class InitramfsReader {

  private final ReadLimits limits;
  private final Predicate<String> keep;

  /** Reads with the default limits and keeps the default files. */
  public InitramfsReader() {
    this(ReadLimits.DEFAULT, KeptFiles.DEFAULT);
  }

  /**
   * States everything.
   *
   * @param keep which regular files' content is kept, by real path without a leading slash
   */
  public InitramfsReader(ReadLimits limits, Predicate<String> keep) {
    this.limits = Objects.requireNonNull(limits, "limits");
    this.keep = Objects.requireNonNull(keep, "keep");
  }

  /**
   * Reads a file.
   *
   * @throws InitramfsFormatException if it is no complete initramfs within the limits
   * @throws IOException if the file itself cannot be read
   */
  public InitramfsContents read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in);
    }
  }

  /** As {@link #read(Path)}; the stream is read to its end and not closed. */
  public InitramfsContents read(InputStream in) throws IOException {
    var source = new SegmentSource(in);
    var budget = new SegmentDecoder.Budget(limits.unpackedBytes());
    var unpacker = new Unpacker(limits, keep, source::position);
    var segments = new ArrayList<Segment>();
    try {
      while (skipZeros(source)) {
        if (segments.size() == limits.segments()) {
          throw InitramfsFormatException.tooMuch(source.position(), "segments", limits.segments());
        }
        segments.add(readSegment(source, budget, unpacker));
      }
    } catch (CpioReader.Malformed e) {
      throw InitramfsFormatException.at(source.position(), e.getMessage());
    }
    if (segments.isEmpty()) {
      throw InitramfsFormatException.at(source.position(), "the end, and no archive before it");
    }
    return unpacker.contents(List.copyOf(segments), source.position());
  }

  private Segment readSegment(SegmentSource source, SegmentDecoder.Budget budget, Unpacker unpacker)
      throws IOException {
    long offset = source.position();
    byte[] head = source.peek(Compression.MAGIC_LENGTH);
    Compression compression =
        Compression.of(head).orElseThrow(() -> InitramfsFormatException.at(offset, unknown(head)));
    if (compression == Compression.NONE && offset % 4 != 0) {
      throw InitramfsFormatException.at(offset, "an archive that is not aligned to 4 bytes");
    }
    var cpio = new CpioReader(limits);
    try (var decoder = SegmentDecoder.open(compression, source, limits, budget, cpio::isOpen)) {
      if (compression == Compression.NONE) {
        cpio.readArchive(decoder, unpacker);
      } else {
        cpio.readAll(decoder, unpacker);
      }
    }
    return new Segment(compression, offset, source.position(), cpio.position());
  }

  private static String unknown(byte[] head) {
    boolean frame =
        head.length >= 4
            && head[0] == 0x04
            && head[1] == 0x22
            && head[2] == 0x4d
            && head[3] == 0x18;
    return frame
        ? "an lz4 frame, which no kernel reads: it reads what lz4 -l makes"
        : "no known archive: " + hexadecimal(head);
  }

  /** True if something follows. */
  private static boolean skipZeros(SegmentSource source) throws IOException {
    byte[] next;
    while ((next = source.peek(4096)).length > 0) {
      int zeros = 0;
      while (zeros < next.length && next[zeros] == 0) {
        zeros++;
      }
      source.skipNBytes(zeros);
      if (zeros < next.length) {
        return true;
      }
    }
    return false;
  }

  private static String hexadecimal(byte[] bytes) {
    var text = new StringBuilder();
    for (byte value : bytes) {
      text.append(text.isEmpty() ? "" : " ").append("%02x".formatted(value));
    }
    return text.toString();
  }
}
