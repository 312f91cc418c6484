package io.hyper2kvm.workflow;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The current manifests of a workflow directory, read from its folders; nothing is changed. */
public final class Jobs {

  private final WorkflowDirectories directories;

  /** The manifests of the given directories. */
  public Jobs(WorkflowDirectories directories) {
    this.directories = directories;
  }

  /** The manifests in the drop zone, by name. */
  public List<Job> waiting() throws IOException {
    return in(directories.toBeProcessed(), JobState.WAITING);
  }

  /** The manifests being worked on, by name. */
  public List<Job> running() throws IOException {
    return in(directories.processing(), JobState.RUNNING);
  }

  /** The manifests that ended on a day. */
  public List<Job> ended(LocalDate day) throws IOException {
    List<Job> jobs = new ArrayList<>();
    jobs.addAll(in(WorkflowDirectories.day(directories.processed(), day), JobState.COMPLETED));
    in(WorkflowDirectories.day(directories.failed(), day), JobState.FAILED).stream()
        .filter(job -> !isRetryOfAnother(job))
        .forEach(jobs::add);
    return jobs;
  }

  /** The retry manifests that lie beside the failed batches of a day. */
  public List<Job> retryManifests(LocalDate day) throws IOException {
    return in(WorkflowDirectories.day(directories.failed(), day), JobState.FAILED).stream()
        .filter(Jobs::isRetryOfAnother)
        .toList();
  }

  /**
   * A retry manifest that the daemon made lies beside the failed batch; it has not failed itself.
   */
  private static boolean isRetryOfAnother(Job job) {
    return job.file().name().endsWith(".retry.json")
        && !Files.exists(job.outcome(), LinkOption.NOFOLLOW_LINKS);
  }

  /** The days on which manifests ended, the latest first. */
  public List<LocalDate> days() throws IOException {
    List<LocalDate> days = new ArrayList<>();
    for (Path folder : List.of(directories.processed(), directories.failed())) {
      for (Path day : list(folder)) {
        DayFolders.date(day).filter(date -> !days.contains(date)).ifPresent(days::add);
      }
    }
    days.sort(Comparator.reverseOrder());
    return days;
  }

  /**
   * Where a manifest is by now.
   *
   * @param since a day that is not after its end
   * @return empty when it is nowhere; or just then moved past the look, so look again
   */
  public Optional<Job> find(FileIdentity manifest, LocalDate since) throws IOException {
    // In the order of its way, so that one that moves on meanwhile is met further on.
    for (Job job : waiting()) {
      if (manifest.isAt(job.manifest())) {
        return Optional.of(job);
      }
    }
    for (Job job : running()) {
      if (manifest.isAt(job.manifest())) {
        return Optional.of(job);
      }
    }
    for (LocalDate day : days()) {
      if (day.isBefore(since)) {
        break;
      }
      for (Job job : ended(day)) {
        if (manifest.isAt(job.manifest())) {
          return Optional.of(job);
        }
      }
    }
    return Optional.empty();
  }

  private static List<Job> in(Path folder, JobState state) throws IOException {
    List<Job> jobs = new ArrayList<>();
    for (Path file : list(folder)) {
      if (DropName.isManifest(file.getFileName().toString())
          && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        jobs.add(new Job(state, file));
      }
    }
    return jobs;
  }

  private static List<Path> list(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(files::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    files.sort(Comparator.naturalOrder());
    return files;
  }
}
