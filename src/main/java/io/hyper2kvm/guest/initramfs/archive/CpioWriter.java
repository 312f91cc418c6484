package io.hyper2kvm.guest.initramfs.archive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a newc cpio archive; the same calls give the same bytes: no times, no owners. */
public final class CpioWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int inode;

  public void directory(String path) {
    entry(path, InitramfsEntry.DIRECTORY | 0755, 2, new byte[0]);
  }

  public void file(String path, byte[] content) {
    entry(path, InitramfsEntry.REGULAR | 0644, 1, content);
  }

  /** The archive with its end mark, filled up to whole blocks of 512 bytes as cpio does. */
  public byte[] finish() {
    inode = -1;
    entry("TRAILER!!!", 0, 1, new byte[0]);
    align(512);
    return out.toByteArray();
  }

  private void entry(String path, int mode, int links, byte[] content) {
    byte[] name = path.getBytes(StandardCharsets.ISO_8859_1);
    inode++;
    String header =
        "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X"
            .formatted(inode, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length + 1, 0);
    out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(name);
    out.write(0);
    align(4);
    out.writeBytes(content);
    align(4);
  }

  private void align(int to) {
    out.writeBytes(new byte[Math.floorMod(-out.size(), to)]);
  }
}
