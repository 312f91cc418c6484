package io.hyper2kvm.stage.provenance;

import io.hyper2kvm.report.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** The file beside a VM's first output that holds its {@link Provenance}. */
public final class ProvenanceFile {

  /** Read as a tree it takes thirty times as much, of the daemon's 256 MiB. */
  public static final int MAX_BYTES = 2 << 20;

  private ProvenanceFile() {}

  /** The file's name for a VM's first output. */
  public static Path of(Path firstOutput) {
    return firstOutput.resolveSibling(firstOutput.getFileName() + ".provenance.json");
  }

  /**
   * Reads a file that anybody may have put there; one at a time, for the memory that it may take.
   *
   * @return empty when there is none that can be read, or it is not what this program writes
   */
  public static synchronized Optional<Provenance> read(Path file) {
    return content(file).flatMap(Provenance::parse);
  }

  /** The bytes of a file that anybody may have put there; empty as above. */
  static Optional<byte[]> content(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    byte[] content;
    try (InputStream in =
        Channels.newInputStream(
            Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      content = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException e) {
      return Optional.empty();
    }
    return content.length > MAX_BYTES ? Optional.empty() : Optional.of(content);
  }

  /**
   * Replaces whatever stands there; a link is replaced itself.
   *
   * @return what was written
   */
  public static byte[] write(Path file, Provenance provenance, List<Path> inputs)
      throws IOException {
    byte[] content = bytes(provenance, inputs);
    AtomicFile.write(file, content);
    return content;
  }

  /**
   * What would be written. What would be too large to be read again is without the stages' details.
   */
  public static byte[] bytes(Provenance provenance, List<Path> inputs) throws IOException {
    byte[] whole = provenance.json(inputs);
    return whole.length <= MAX_BYTES ? whole : provenance.withoutDetails().json(inputs);
  }
}
