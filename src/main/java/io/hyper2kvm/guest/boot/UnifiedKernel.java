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

/**
 * A unified kernel image: a PE program ({@code \EFI\Linux\*.efi}) that holds a kernel, its
 * initramfs and, in the section {@code .cmdline}, its command line. It is signed as a whole and
 * never rewritten here.
 */
public final class UnifiedKernel {

  /** How much of the file's beginning {@link #commandLines} needs, in bytes. */
  public static final int HEAD_BYTES = 8192;

  private static final int MAX_SECTIONS = 96;
  private static final int SECTION_BYTES = 40;
  private static final int MAX_COMMAND_LINE = 65_536;

  /**
   * Where a command line lies.
   *
   * @param offset in the file, in bytes
   * @param length in bytes; greater than zero, at most 65,536
   */
  public record Place(long offset, int length) {}

  private UnifiedKernel() {}

  /** The command lines in an image, by its first bytes; none in what is no such image. */
  public static List<Place> commandLines(byte[] head) {
    ByteBuffer bytes = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    List<Place> places = new ArrayList<>();
    if (head.length < 64 || head[0] != 'M' || head[1] != 'Z') {
      return places;
    }
    int pe = bytes.getInt(60);
    if (pe < 64 || pe > head.length - 24 || bytes.getInt(pe) != 0x4550) {
      return places;
    }
    int count = Math.min(MAX_SECTIONS, bytes.getShort(pe + 6) & 0xffff);
    int at = pe + 24 + (bytes.getShort(pe + 20) & 0xffff);
    for (int i = 0; i < count && at + SECTION_BYTES <= head.length; i++) {
      String name = new String(head, at, 8, StandardCharsets.ISO_8859_1);
      long length =
          Math.min(bytes.getInt(at + 8) & 0xffffffffL, bytes.getInt(at + 16) & 0xffffffffL);
      if (name.equals(".cmdline") && length > 0) {
        places.add(
            new Place(
                bytes.getInt(at + 20) & 0xffffffffL, (int) Math.min(length, MAX_COMMAND_LINE)));
      }
      at += SECTION_BYTES;
    }
    return places;
  }

  /**
   * Changes nothing: a {@code root=} that can change, or that is on none of the disks, is a
   * failure.
   *
   * @param text the command lines
   */
  static Edited judge(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    for (int line = 0; line < edit.lineCount(); line++) {
      int start = edit.lineStart(line);
      KernelCommandLine.value(edit.line(line), "root")
          .ifPresent(it -> root(edit, start, it, disks));
    }
    return edit.result();
  }

  private static void root(TextEdit edit, int start, String root, GuestDisks disks) {
    if (DeviceNames.isUnstable(root) || StableReference.resolvesToNothing(root, disks)) {
      edit.fail(
          start,
          "root="
              + root
              + " is inside a unified kernel image, which is not rewritten here; build the image"
              + " in the guest with a root= that names a UUID");
    } else {
      edit.leave(start, "a unified kernel image; its root= holds on every hypervisor");
    }
  }
}
