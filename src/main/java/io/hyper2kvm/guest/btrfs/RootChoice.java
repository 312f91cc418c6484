package io.hyper2kvm.guest.btrfs;

import io.hyper2kvm.guest.fstab.Fstab;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which of several subvolumes with a system is the guest's root. The kernel command line decides at
 * boot, or else the default subvolume; each system's own fstab says which subvolume it takes itself
 * for, and so tells a system from its snapshots.
 *
 * @param chosen the root
 * @param others further systems on the same file system, which are no snapshots
 * @param warnings what an operator should know of the choice
 */
public record RootChoice(Candidate chosen, List<Candidate> others, List<String> warnings) {

  /**
   * A subvolume that holds a system.
   *
   * @param rootRow its fstab's row for the root, when that row is about this file system
   * @param flags the subvolumes that its own boot files start, as mount options
   * @param readOnly whether btrfs holds it for read-only
   */
  public record Candidate(
      Subvolume subvolume, Optional<Fstab.Row> rootRow, List<String> flags, boolean readOnly) {

    /** Copies the list. */
    public Candidate {
      Objects.requireNonNull(subvolume, "subvolume");
      Objects.requireNonNull(rootRow, "rootRow");
      flags = List.copyOf(flags);
    }
  }

  private static final int STARTED = 8;
  private static final int OWN_FILES = 4;
  private static final int OWN_TABLE = 2;
  private static final int DEFAULT = 1;

  /** Copies the lists. */
  public RootChoice {
    Objects.requireNonNull(chosen, "chosen");
    others = List.copyOf(others);
    warnings = List.copyOf(warnings);
  }

  /**
   * Chooses.
   *
   * @param started the subvolumes that boot files outside of this file system start, as mount
   *     options; the first is the most likely one
   * @return empty when there is no candidate
   */
  public static Optional<RootChoice> of(
      Subvolumes subvolumes, List<Candidate> candidates, List<String> started) {
    Optional<Candidate> best =
        candidates.stream()
            .sorted(
                Comparator.comparingInt((Candidate it) -> -standing(subvolumes, it, started))
                    .thenComparingInt(it -> place(subvolumes, it, started))
                    .thenComparing(it -> it.subvolume().isAmongSnapshots())
                    .thenComparingInt(it -> it.subvolume().depth())
                    .thenComparing(it -> it.subvolume().id()))
            .findFirst();
    return best.map(chosen -> choice(subvolumes, chosen, candidates, started));
  }

  private static int standing(Subvolumes subvolumes, Candidate candidate, List<String> started) {
    Subvolume own = candidate.subvolume();
    int standing = started.stream().anyMatch(it -> subvolumes.isNamed(it, own)) ? STARTED : 0;
    standing +=
        candidate.flags().stream().anyMatch(it -> subvolumes.isNamed(it, own)) ? OWN_FILES : 0;
    standing += isItself(subvolumes, candidate) ? OWN_TABLE : 0;
    return standing + (own.id() == subvolumes.defaultId() ? DEFAULT : 0);
  }

  private static int place(Subvolumes subvolumes, Candidate candidate, List<String> started) {
    for (int i = 0; i < started.size(); i++) {
      if (subvolumes.isNamed(started.get(i), candidate.subvolume())) {
        return i;
      }
    }
    return started.size();
  }

  /** Whether its own fstab takes it for the root; that of a snapshot names the original. */
  private static boolean isItself(Subvolumes subvolumes, Candidate candidate) {
    return candidate
        .rootRow()
        .filter(row -> subvolumes.isNamed(row.options(), candidate.subvolume()))
        .isPresent();
  }

  private static RootChoice choice(
      Subvolumes subvolumes, Candidate chosen, List<Candidate> all, List<String> started) {
    boolean sure = standing(subvolumes, chosen, started) > DEFAULT;
    List<Candidate> others = new ArrayList<>();
    for (Candidate it : all) {
      boolean own = isItself(subvolumes, it) || (!sure && !it.subvolume().isAmongSnapshots());
      if (!it.equals(chosen) && own) {
        others.add(it);
      }
    }
    List<String> warnings = new ArrayList<>();
    chosen
        .rootRow()
        .filter(row -> !isItself(subvolumes, chosen))
        .ifPresent(
            row ->
                warnings.add(
                    "line %d of %s mounts %s at / with %s, but the guest starts from %s of it: what is changed is changed there; compare it with the kernel command line"
                        .formatted(
                            row.line(),
                            Fstab.FILE,
                            row.device(),
                            row.options(),
                            chosen.subvolume().words())));
    return new RootChoice(chosen, others, warnings);
  }
}
