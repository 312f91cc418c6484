package io.hyper2kvm.workflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/**
 * The folders of a workflow directory.
 *
 * @param root the workflow directory; absolute
 */
public record WorkflowDirectories(Path root) {

  public WorkflowDirectories {
    if (!root.isAbsolute()) {
      throw new IllegalArgumentException("root is not absolute: " + root);
    }
  }

  /** The drop zone. */
  public Path toBeProcessed() {
    return root.resolve("to_be_processed");
  }

  /** The manifests at work. */
  public Path processing() {
    return root.resolve("processing");
  }

  /** The manifests that succeeded, in a folder per day. */
  public Path processed() {
    return root.resolve("processed");
  }

  /** The manifests that failed, in a folder per day. */
  public Path failed() {
    return root.resolve("failed");
  }

  /** What the next start must know if this process is killed; the daemon's own, hidden. */
  public Path recovery() {
    return root.resolve(".recovery");
  }

  /** The folder of a day in {@code processed} or {@code failed}. */
  public static Path day(Path folder, LocalDate date) {
    return folder.resolve(date.toString());
  }

  /** Creates what is missing. */
  public void create() throws IOException {
    for (Path folder : List.of(toBeProcessed(), processing(), processed(), failed(), recovery())) {
      Files.createDirectories(folder);
    }
  }
}
