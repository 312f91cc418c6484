package io.hyper2kvm.cli.job;

import io.hyper2kvm.cli.output.CommandFailedException;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.view.JobReading;
import io.hyper2kvm.view.ManifestName;
import io.hyper2kvm.view.Placed;
import io.hyper2kvm.workflow.DropName;
import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.JobState;
import io.hyper2kvm.workflow.Jobs;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which manifest is meant by a word: its path in the workflow directory, its file's name, that name
 * without the ending, or the name that it gives itself. The first of these that fits anything
 * counts.
 */
public final class JobChoice {

  /** So many reports are looked into for a manifest's own name; the latest ones. */
  private static final int MOST_READ = 2000;

  private static final Pattern NUMBERED = Pattern.compile("(.+)\\.\\d{1,9}");

  private final WorkflowDirectories directories;
  private final Jobs jobs;
  private final String word;

  public JobChoice(WorkflowDirectories directories, String word) {
    this.directories = directories;
    this.jobs = new Jobs(directories);
    this.word = word;
  }

  /**
   * The manifest that waits or is at work.
   *
   * @throws CommandFailedException when several are meant
   */
  public Optional<Job> active() throws IOException {
    List<Job> all = new ArrayList<>(jobs.running());
    all.addAll(jobs.waiting());
    List<Job> meant = first(all);
    if (meant.size() > 1) {
      throw CommandFailedException.wrongUse(
          "%s may be any of these; name one in full:%n%s"
              .formatted(
                  Printable.line(word),
                  meant.stream()
                      .map(job -> "  " + Printable.line(relative(job)))
                      .collect(Collectors.joining("\n"))));
    }
    return meant.stream().findFirst();
  }

  /** The manifest that ended last, in one of the states. */
  public Optional<Job> ended(JobState... states) throws IOException {
    List<JobState> wanted = List.of(states);
    List<LocalDate> days = jobs.days();
    for (LocalDate day : days) {
      for (Job job : latest(day, wanted)) {
        if (isPath(job) || isFile(job) || isStem(job) || isNumbered(job)) {
          return Optional.of(job);
        }
      }
    }
    int read = 0;
    for (LocalDate day : days) {
      for (Job job : latest(day, wanted)) {
        if (read++ == MOST_READ) {
          return Optional.empty();
        }
        if (JobReading.head(job).jobId().map(word::equals).orElse(false)) {
          return Optional.of(job);
        }
      }
    }
    return Optional.empty();
  }

  /** The latest retry manifest of this name that lies beside the batch it was made for. */
  public Optional<Job> retryManifest() throws IOException {
    for (LocalDate day : jobs.days()) {
      for (Job job : jobs.retryManifests(day)) {
        if (isPath(job) || isFile(job)) {
          return Optional.of(job);
        }
      }
    }
    return Optional.empty();
  }

  /** Whether it was dropped by that name, and got a number because another one had it. */
  private boolean isNumbered(Job job) {
    Matcher numbered = NUMBERED.matcher(job.file().stem());
    return numbered.matches()
        && stemOf(word).equals(numbered.group(1))
        && JobReading.head(job)
            .originalName()
            .filter(name -> !name.isEmpty() && !name.contains("/"))
            .map(ManifestFile::new)
            .map(name -> word.equals(name.name()) || word.equals(name.stem()))
            .orElse(false);
  }

  /** Of a word that may be a file's name with its ending or without. */
  private static String stemOf(String word) {
    return DropName.isManifest(word) && !word.contains("/") ? new ManifestFile(word).stem() : word;
  }

  private List<Job> latest(LocalDate day, List<JobState> states) throws IOException {
    return jobs.ended(day).stream()
        .filter(job -> states.contains(job.state()))
        .map(Placed::of)
        .sorted(Comparator.comparing(Placed::since).reversed())
        .map(Placed::job)
        .toList();
  }

  private List<Job> first(List<Job> all) {
    for (Predicate<Job> fits :
        List.<Predicate<Job>>of(this::isPath, this::isFile, this::isStem, this::isOwnName)) {
      List<Job> meant = all.stream().filter(fits).toList();
      if (!meant.isEmpty()) {
        return meant;
      }
    }
    return List.of();
  }

  private String relative(Job job) {
    return directories.root().relativize(job.manifest()).toString();
  }

  private boolean isPath(Job job) {
    return word.contains("/")
        && (word.equals(relative(job)) || word.equals(job.manifest().toString()));
  }

  private boolean isFile(Job job) {
    return word.equals(job.file().name());
  }

  private boolean isStem(Job job) {
    return word.equals(job.file().stem());
  }

  private boolean isOwnName(Job job) {
    return job.state() == JobState.RUNNING
        ? JobReading.live(job).jobId().map(word::equals).orElse(false)
        : ownName(job.manifest()).map(word::equals).orElse(false);
  }

  /** Of a manifest that nobody has read yet. */
  private static Optional<String> ownName(Path manifest) {
    return ManifestName.of(manifest);
  }

  /** Nothing of this name is there. */
  public CommandFailedException unknown(String where) {
    return CommandFailedException.because(
        "there is no manifest %s %s of %s"
            .formatted(Printable.line(word), where, Printable.line(directories.root().toString())));
  }
}
