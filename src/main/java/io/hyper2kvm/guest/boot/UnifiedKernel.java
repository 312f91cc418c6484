package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.StableReference;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.TextEdit;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A unified kernel image as a file: a PE program ({@code \EFI\Linux\*.efi}) that holds a kernel,
 * its initramfs and, in the section {@code .cmdline}, its command line.
 */
public final class UnifiedKernel {

  /** How much of the file's beginning is needed, in bytes. */
  public static final int HEAD_BYTES = 8192;

  private static final int MAX_SECTIONS = 96;
  private static final int SECTION_BYTES = 40;
  private static final int MAX_COMMAND_LINE = 65_536;
  private static final int PE32_PLUS = 0x20b;

  /**
   * A section of a PE file.
   *
   * @param name its name, of at most 8 characters
   * @param offset where its content begins in the file, in bytes
   * @param length of its content, in bytes
   */
  public record Section(String name, long offset, long length) {}

  /**
   * Where a command line lies.
   *
   * @param offset in the file, in bytes
   * @param length in bytes; greater than zero, at most 65,536
   */
  public record Place(long offset, int length) {}

  private UnifiedKernel() {}

  /** The sections with content in a PE file, by its first bytes; none in what is no such file. */
  public static List<Section> sections(byte[] head) {
    ByteBuffer bytes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    List<Section> sections = new ArrayList<>();
    int pe = header(head, bytes);
    if (pe < 0) {
      return sections;
    }
    int count = Math.min(MAX_SECTIONS, bytes.getShort(pe + 6) & 0xffff);
    int at = pe + 24 + (bytes.getShort(pe + 20) & 0xffff);
    for (int i = 0; i < count && at + SECTION_BYTES <= head.length; i++) {
      String name = new String(head, at, 8, StandardCharsets.ISO_8859_1).replaceAll("\0.*", "");
      long length =
          Math.min(bytes.getInt(at + 8) & 0xffffffffL, bytes.getInt(at + 16) & 0xffffffffL);
      if (length > 0) {
        sections.add(new Section(name, bytes.getInt(at + 20) & 0xffffffffL, length));
      }
      at += SECTION_BYTES;
    }
    return sections;
  }

  /** Where the PE header begins; -1 without one. */
  private static int header(byte[] head, ByteBuffer bytes) {
    if (head.length < 64 || head[0] != 'M' || head[1] != 'Z') {
      return -1;
    }
    int pe = bytes.getInt(60);
    return pe < 64 || pe > head.length - 24 || bytes.getInt(pe) != 0x4550 ? -1 : pe;
  }

  /** Whether a PE file has a table of certificates, by its first bytes. */
  public static boolean isSigned(byte[] head) {
    ByteBuffer bytes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    int pe = header(head, bytes);
    int optional = pe + 24;
    if (pe < 0 || optional + 2 > head.length) {
      return false;
    }
    // The fifth directory is the table of certificates: its place and its size.
    int size = optional + ((bytes.getShort(optional) & 0xffff) == PE32_PLUS ? 112 : 96) + 36;
    return size + 4 <= head.length && bytes.getInt(size) != 0;
  }

  /** The command lines in an image, by its first bytes; none in what is no such image. */
  public static List<Place> commandLines(byte[] head) {
    return sections(head).stream()
        .filter(section -> section.name().equals(".cmdline"))
        .map(
            section ->
                new Place(section.offset(), (int) Math.min(section.length(), MAX_COMMAND_LINE)))
        .toList();
  }

  /** Whether it adds to the command line of images, and is none itself (systemd-stub(7)). */
  public static boolean isAddon(String path) {
    return path.toLowerCase(Locale.ROOT).endsWith(".addon.efi");
  }

  /**
   * Changes nothing: a {@code root=} that can change, or that is on none of the disks, is a
   * failure.
   *
   * @param text the command lines
   * @param why why no new image is built; says nothing where one is built
   */
  public static Edited judge(String file, String text, GuestDisks disks, String why) {
    TextEdit edit = new TextEdit(file, text);
    for (int line = 0; line < edit.lineCount(); line++) {
      int start = edit.lineStart(line);
      KernelCommandLine.value(edit.line(line), "root")
          .ifPresent(it -> root(edit, start, it, disks, why));
    }
    return edit.result();
  }

  private static void root(TextEdit edit, int start, String root, GuestDisks disks, String why) {
    if (changes(root, disks)) {
      edit.fail(
          start,
          "root="
              + root
              + " is inside a unified kernel image, which is not rewritten here"
              + (why.isEmpty() ? "" : " (" + why + ")")
              + "; build the image"
              + " in the guest with a root= that names a UUID");
    } else {
      edit.leave(start, "a unified kernel image; its root= holds on every hypervisor");
    }
  }

  private static boolean changes(String root, GuestDisks disks) {
    return DeviceNames.isUnstable(root) || StableReference.resolvesToNothing(root, disks);
  }

  /**
   * The command line of a new image: with names that hold, and with a serial console if one is
   * asked for.
   *
   * @param text the command line of the old image, one line
   */
  public static Edited corrected(
      String file, String text, GuestDisks disks, boolean serialConsole) {
    TextEdit edit = new TextEdit(file, text);
    KernelCommandLine.scan(edit, 0, text.length(), disks, true);
    if (serialConsole) {
      ConsoleWords.add(edit, 0, text.length());
    }
    return edit.result();
  }
}
