package io.hyper2kvm.daemon.recovery;

import io.hyper2kvm.report.AtomicFile;
import io.hyper2kvm.tool.ProcessIdentity;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Says in a file that a process takes manifests. It goes when a stop begins; a process that finds
 * another's at its start knows that the other one crashed.
 */
public final class RunMark {

  private static final int MAX_BYTES = 256;

  private final Path file;

  /** The mark of a workflow directory; the caller owns it. */
  public RunMark(WorkflowDirectories directories) {
    file = directories.recovery().resolve("running");
  }

  /** The process that crashed; empty when the last one was stopped. */
  public Optional<String> crashed() throws IOException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** From now on the end of this process is a crash. */
  public void set() throws IOException {
    AtomicFile.write(
        file, (ProcessIdentity.current().text() + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** From now on the end of this process is none, however it ends. */
  public void clear() throws IOException {
    Files.deleteIfExists(file);
  }
}
