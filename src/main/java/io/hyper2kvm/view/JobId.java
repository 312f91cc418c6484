package io.hyper2kvm.view;

import io.hyper2kvm.workflow.DropName;
import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.JobState;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Optional;

/**
 * Names a manifest by its place: base64url of its path below the workflow directory. It changes
 * when the manifest moves on.
 */
public final class JobId {

  private static final int LONGEST = 600;

  private final WorkflowDirectories directories;

  /** For the manifests of the given directories. */
  public JobId(WorkflowDirectories directories) {
    this.directories = directories;
  }

  /** The name of a manifest of these directories. */
  public String of(Job job) {
    String path = directories.root().relativize(job.manifest()).toString();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(path.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The place that an id names, whether a manifest is there or not.
   *
   * @return empty for any text that is not the id of a possible place in these directories
   */
  public Optional<Job> place(String id) {
    if (id.length() > LONGEST) {
      return Optional.empty();
    }
    String path;
    try {
      path = new String(Base64.getUrlDecoder().decode(id), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    String[] parts = path.split("/", -1);
    if (parts.length < 2 || !DropName.isManifest(parts[parts.length - 1])) {
      return Optional.empty();
    }
    try {
      return place(parts);
    } catch (InvalidPathException | DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private Optional<Job> place(String[] parts) {
    String name = parts[parts.length - 1];
    if (parts.length == 2) {
      return switch (parts[0]) {
        case "to_be_processed" ->
            Optional.of(new Job(JobState.WAITING, directories.toBeProcessed().resolve(name)));
        case "processing" ->
            Optional.of(new Job(JobState.RUNNING, directories.processing().resolve(name)));
        default -> Optional.empty();
      };
    }
    if (parts.length != 3) {
      return Optional.empty();
    }
    LocalDate day = LocalDate.parse(parts[1]);
    return switch (parts[0]) {
      case "processed" ->
          Optional.of(ended(JobState.COMPLETED, directories.processed(), day, name));
      case "failed" -> Optional.of(ended(JobState.FAILED, directories.failed(), day, name));
      default -> Optional.empty();
    };
  }

  private static Job ended(JobState state, Path folder, LocalDate day, String name) {
    return new Job(state, WorkflowDirectories.day(folder, day).resolve(name));
  }

  /** The manifest of an id; empty when there is none, also where a link or a pipe has its name. */
  public Optional<Job> find(String id) {
    return place(id).filter(JobId::isThere);
  }

  private static boolean isThere(Job job) {
    return Files.isDirectory(job.manifest().getParent(), LinkOption.NOFOLLOW_LINKS)
        && Files.isRegularFile(job.manifest(), LinkOption.NOFOLLOW_LINKS);
  }
}
