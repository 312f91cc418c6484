package io.hyper2kvm.daemon.recovery;

import io.hyper2kvm.workflow.ManifestFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The record of a manifest, besides its content.
 *
 * @param original the name with which it was submitted
 * @param end where it goes when its report or error file is there; empty before its VMs have ended
 * @param crashes the processes that crashed while it was worked on
 */
record ManifestRecord(ManifestFile original, Optional<Path> end, List<Crash> crashes) {

  /**
   * The end of a process that was not stopped.
   *
   * @param process which it was
   * @param found when that was found out
   */
  record Crash(String process, String found) {}

  ManifestRecord {
    crashes = List.copyOf(crashes);
  }

  ManifestRecord withEnd(Optional<Path> other) {
    return new ManifestRecord(original, other, crashes);
  }

  /** One crash counts once, also when the recovery from it crashes, too. */
  ManifestRecord with(Crash crash) {
    boolean counted = crashes.stream().anyMatch(c -> c.process().equals(crash.process()));
    return counted
        ? this
        : new ManifestRecord(
            original, end, Stream.concat(crashes.stream(), Stream.of(crash)).toList());
  }
}
