package io.hyper2kvm.guest.boot.uefi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The header of a PE file, the form of EFI programs (Microsoft PE format, sections "COFF File
 * Header" and "Optional Header").
 *
 * @param machine the processor's number, such as 0x8664
 * @param subsystem what it is; 10 is an EFI application
 * @param signed whether it has a table of certificates
 * @param sections the names of its sections, at most 96
 */
public record PeHeader(int machine, int subsystem, boolean signed, List<String> sections) {

  private static final int EFI_APPLICATION = 10;
  private static final int MOST_SECTIONS = 96;
  private static final int COFF_BYTES = 24;
  private static final int SECTION_BYTES = 40;
  private static final int PE32_PLUS = 0x20b;

  public PeHeader {
    sections = List.copyOf(sections);
  }

  /** Whether the bytes begin as every program for DOS, Windows and EFI does. */
  static boolean isProgram(byte[] head) {
    return head.length > 1 && head[0] == 'M' && head[1] == 'Z';
  }

  /**
   * Reads a header.
   *
   * @param head the file's first bytes; 4096 hold the header of any known boot loader
   * @return empty when these are not the first bytes of a PE file, or not enough of them
   */
  public static Optional<PeHeader> of(byte[] head) {
    if (!isProgram(head) || head.length < 64) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    int at = bytes.getInt(60);
    if (at < 0 || at > head.length - COFF_BYTES - 70 || bytes.getInt(at) != 0x4550) {
      return Optional.empty();
    }
    int optional = at + COFF_BYTES;
    int directories = optional + (unsigned(bytes, optional) == PE32_PLUS ? 112 : 96);
    // The fifth directory is the table of certificates: its place and its size.
    int certificates = directories + 4 * 8;
    boolean signed = certificates + 8 <= head.length && bytes.getInt(certificates + 4) != 0;
    return Optional.of(
        new PeHeader(
            unsigned(bytes, at + 4),
            unsigned(bytes, optional + 68),
            signed,
            sections(head, optional + unsigned(bytes, at + 20), unsigned(bytes, at + 6))));
  }

  private static int unsigned(ByteBuffer bytes, int at) {
    return Short.toUnsignedInt(bytes.getShort(at));
  }

  private static List<String> sections(byte[] head, int from, int count) {
    List<String> names = new ArrayList<>();
    int at = from;
    while (names.size() < Math.min(count, MOST_SECTIONS) && at + SECTION_BYTES <= head.length) {
      names.add(new String(head, at, 8, StandardCharsets.ISO_8859_1).replace("\0", ""));
      at += SECTION_BYTES;
    }
    return names;
  }

  /** Whether firmware for that processor can start it. */
  boolean startsOn(EfiProcessor processor) {
    return machine == processor.machine() && subsystem == EFI_APPLICATION;
  }
}
