package io.hyper2kvm.view;

import io.hyper2kvm.workflow.JobState;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;

/**
 * Which manifests are wanted.
 *
 * @param state only those in this state
 * @param date only those that ended on this day
 * @param text only those whose file, name, VM, code or day contains it, in any case
 * @param limit how many at most; 1 to 200
 */
public record Query(
    Optional<JobState> state, Optional<LocalDate> date, Optional<String> text, int limit) {

  public static final int MOST = 200;

  public Query {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("limit is not within 1 and %d: %d".formatted(MOST, limit));
    }
    text = text.map(words -> words.strip().toLowerCase(Locale.ROOT)).filter(s -> !s.isEmpty());
  }

  boolean wants(JobState which) {
    return state.isEmpty() || state.get() == which;
  }
}
