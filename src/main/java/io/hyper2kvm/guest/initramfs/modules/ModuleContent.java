package io.hyper2kvm.guest.initramfs.modules;

import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import io.hyper2kvm.guest.initramfs.archive.SegmentSource;
import io.hyper2kvm.guest.initramfs.archive.ZstdStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.SingleXZInputStream;

/** Unpacks a module file: an uncompressed module is one that every initramfs' loader can read. */
public final class ModuleContent {

  /** The largest module that is accepted, in bytes; those needed here are below one MiB. */
  static final int MAX_BYTES = 64 << 20;

  private static final int MAX_DICTIONARY_KIB = 80 << 10;
  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

  private ModuleContent() {}

  /**
   * The module itself.
   *
   * @throws InitramfsFormatException if the file is not what its name says
   */
  public static byte[] of(ModuleFile file, byte[] content) throws InitramfsFormatException {
    byte[] module;
    try (InputStream in = open(file.path(), content)) {
      module = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException | RuntimeException e) {
      throw InitramfsFormatException.notAModule(file.path(), "corrupt: " + e.getMessage());
    }
    if (module.length > MAX_BYTES) {
      throw InitramfsFormatException.notAModule(
          file.path(), "more than %d bytes".formatted(MAX_BYTES));
    }
    for (int i = 0; i < ELF.length; i++) {
      if (module.length <= i || module[i] != ELF[i]) {
        throw InitramfsFormatException.notAModule(file.path(), "no ELF header");
      }
    }
    return module;
  }

  private static InputStream open(String path, byte[] content) throws IOException {
    var in = new ByteArrayInputStream(content);
    if (path.endsWith(".xz")) {
      return new SingleXZInputStream(in, MAX_DICTIONARY_KIB);
    }
    if (path.endsWith(".zst")) {
      return new ZstdStream(new SegmentSource(in), MAX_DICTIONARY_KIB << 10, () -> true);
    }
    return path.endsWith(".gz") ? new GZIPInputStream(in) : in;
  }
}
