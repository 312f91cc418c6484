package io.hyper2kvm.view;

import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.JobState;
import io.hyper2kvm.workflow.Jobs;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds manifests, those at work first, then those that wait, then those that ended, the latest
 * first. One call reads a bounded number of reports for a bounded time; where it stops, the next
 * one goes on.
 */
public final class ManifestSearch {

  /** How long the list of those that wait is given without a look; there may be many. */
  private static final Duration STAYS = Duration.ofMillis(200);

  private final Jobs jobs;
  private final Freshness<List<Placed>> waiting;
  private final EndedDays days;
  private final EndedIndex index;

  /** A search in the given directories. */
  public ManifestSearch(WorkflowDirectories directories, EndedDays days, EndedIndex index) {
    this.jobs = new Jobs(directories);
    this.waiting = new Freshness<>(STAYS, () -> byTime(jobs.waiting()));
    this.days = days;
    this.index = index;
  }

  /**
   * A part of the list.
   *
   * @param after where the part before ended; empty: from the beginning
   * @throws IllegalArgumentException when {@code after} is not from a listing
   */
  public Listing find(Query query, Optional<String> after) throws IOException {
    return new Walk(query, after.map(Cursor::parse)).go();
  }

  private static List<Placed> byTime(List<Job> unsorted) {
    return unsorted.stream()
        .map(Placed::of)
        .sorted(
            Comparator.comparing(Placed::since)
                .reversed()
                .thenComparing((Placed placed) -> placed.job().file().name())
                .thenComparing((Placed placed) -> placed.job().manifest()))
        .toList();
  }

  private final class Walk {
    private final Query query;
    private final Optional<Cursor> after;
    private final List<Placed> found = new ArrayList<>();
    private final Budget budget = new Budget();
    private Optional<Cursor> last;
    private boolean begun;

    Walk(Query query, Optional<Cursor> after) {
      this.query = query;
      this.after = after;
      this.last = after;
    }

    Listing go() throws IOException {
      Optional<Integer> total = Optional.empty();
      boolean ended = query.date().isEmpty();
      if (ended && query.wants(JobState.RUNNING)) {
        List<Placed> running = byTime(jobs.running());
        total = totalIf(query.state().isPresent(), running);
        if (!take(Cursor.RUNNING, running)) {
          return listing(total);
        }
      }
      if (ended && query.wants(JobState.WAITING)) {
        List<Placed> here = waiting.answer();
        total = totalIf(query.state().isPresent(), here);
        if (!take(Cursor.WAITING, here)) {
          return listing(total);
        }
      }
      if (query.wants(JobState.COMPLETED) || query.wants(JobState.FAILED)) {
        for (LocalDate day : query.date().map(List::of).orElseGet(this::allDays)) {
          List<Placed> ofDay =
              days.of(day).stream().filter(one -> query.wants(one.job().state())).toList();
          total = totalIf(query.date().isPresent(), ofDay);
          if (!take(day.toString(), ofDay)) {
            return listing(total);
          }
        }
      }
      last = Optional.empty();
      return listing(total);
    }

    private Listing listing(Optional<Integer> total) {
      return new Listing(found, last.map(Cursor::text), total);
    }

    private Optional<Integer> totalIf(boolean all, List<Placed> list) {
      return all && query.text().isEmpty() ? Optional.of(list.size()) : Optional.empty();
    }

    private List<LocalDate> allDays() {
      try {
        return days.days();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    /** Whether the walk may go on behind this group. */
    private boolean take(String group, List<Placed> placed) {
      for (Placed one : placed) {
        Cursor here = Cursor.of(group, one);
        if (after.isPresent() && !here.isBehind(after.get())) {
          continue;
        }
        // However long the look at the folders took, each part goes on by one manifest at least.
        if (found.size() == query.limit() || (begun && budget.isSpent())) {
          return false;
        }
        begun = true;
        if (matches(group, one)) {
          found.add(one);
        }
        last = Optional.of(here);
      }
      return true;
    }

    private boolean matches(String group, Placed placed) {
      if (query.text().isEmpty()) {
        return true;
      }
      String text = query.text().get();
      Job job = placed.job();
      if (job.file().name().toLowerCase(Locale.ROOT).contains(text)) {
        return true;
      }
      if (job.state() == JobState.RUNNING) {
        budget.spend();
        var live = JobReading.live(job);
        return Stream.concat(live.jobId().stream(), live.vms().stream().map(vm -> vm.name()))
            .anyMatch(name -> name.toLowerCase(Locale.ROOT).contains(text));
      }
      if (!job.state().ended()) {
        return false;
      }
      if (group.contains(text)) {
        return true;
      }
      if (!index.knows(job)) {
        budget.spend();
      }
      return index.of(job).mentions(text);
    }
  }
}
