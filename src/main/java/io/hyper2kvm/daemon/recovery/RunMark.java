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
 * Says in a file that a process takes manifests. It is removed when a stop begins. A process that
 * finds the mark of another one at its start knows that the other one crashed.
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

  /** After this call the end of this process counts as a crash. */
  public void set() throws IOException {
    AtomicFile.write(
        file, (ProcessIdentity.current().text() + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  /** After this call the end of this process counts as no crash, however it ends. */
  public void clear() throws IOException {
    Files.deleteIfExists(file);
  }
}
