package io.hyper2kvm.image.ova;

import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Makes OVAs with writers that are not the program's own. */
public final class Ovas {

  private final Map<String, byte[]> files = new LinkedHashMap<>();

  private Ovas() {}

  public static Ovas with(String name, byte[] content) {
    return new Ovas().and(name, content);
  }

  public static Ovas with(String name, String text) {
    return new Ovas().and(name, text);
  }

  public Ovas and(String name, byte[] content) {
    files.put(name, content);
    return this;
  }

  public Ovas and(String name, String text) {
    return and(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a manifest of all files so far. */
  public Ovas andManifest(String name, String algorithm, String form) {
    StringBuilder text = new StringBuilder();
    files.forEach(
        (file, content) -> text.append(form.formatted(file, sum(algorithm, content))).append('\n'));
    return and(name, text.toString());
  }

  static String sum(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static String resource(String name) {
    try (var in = Ovas.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  interface Writing {
    void to(OutputStream out) throws IOException;
  }

  static byte[] bytes(Writing writing) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      writing.to(out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Path write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public byte[] tar() {
    return bytes(
        out -> {
          try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (var file : files.entrySet()) {
              TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), true);
              entry.setSize(file.getValue().length);
              tar.putArchiveEntry(entry);
              tar.write(file.getValue());
              tar.closeArchiveEntry();
            }
          }
        });
  }

  public Path tar(Path file) {
    return write(file, tar());
  }

  public byte[] zip(boolean stored) {
    return bytes(
        out -> {
          try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
            zip.setMethod(stored ? ZipArchiveOutputStream.STORED : ZipArchiveOutputStream.DEFLATED);
            for (var file : files.entrySet()) {
              ZipArchiveEntry entry = new ZipArchiveEntry(file.getKey());
              entry.setSize(file.getValue().length);
              var crc = new CRC32();
              crc.update(file.getValue());
              entry.setCrc(crc.getValue());
              zip.putArchiveEntry(entry);
              zip.write(file.getValue());
              zip.closeArchiveEntry();
            }
          }
        });
  }

  public Path folder(Path folder) {
    files.forEach((name, content) -> write(folder.resolve(name), content));
    return folder;
  }

  public static byte[] gzip(byte[] content) {
    return bytes(
        out -> {
          try (OutputStream packed = new GZIPOutputStream(out)) {
            packed.write(content);
          }
        });
  }

  public static byte[] xz(byte[] content) {
    return bytes(
        out -> {
          try (OutputStream packed = new XZOutputStream(out, new LZMA2Options(1))) {
            packed.write(content);
          }
        });
  }

  public static byte[] zstd(byte[] content) {
    return bytes(
        out -> {
          try (OutputStream packed = new ZstdOutputStream(out)) {
            packed.write(content);
          }
        });
  }
}
