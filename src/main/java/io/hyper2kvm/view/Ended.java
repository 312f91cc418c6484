package io.hyper2kvm.view;

import io.hyper2kvm.report.EndView;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a list says of an ended manifest; small, however large its report is.
 *
 * @param name the manifest's name
 * @param originalName the file as it was dropped
 * @param startedAt when it was taken
 * @param completedAt when it ended
 * @param code why it failed
 * @param error the same in words
 * @param hint what to do
 * @param vmNames the first VMs' names, for a search
 * @param completed how many VMs succeeded
 * @param failed how many VMs failed
 * @param bytes the size of all outputs, in bytes
 * @param vmEnds when its first VMs ended
 */
public record Ended(
    Optional<String> name,
    Optional<String> originalName,
    Optional<OffsetDateTime> startedAt,
    Optional<OffsetDateTime> completedAt,
    Optional<String> code,
    Optional<String> error,
    Optional<String> hint,
    List<String> vmNames,
    int completed,
    int failed,
    long bytes,
    List<VmEnd> vmEnds) {

  /**
   * The end of a VM.
   *
   * @param at when, in seconds since 1970
   * @param seconds how long it was worked on
   * @param completed whether it succeeded
   * @param bytes the size of its outputs, in bytes; 0 of one that reused them
   */
  public record VmEnd(long at, long seconds, boolean completed, long bytes) {}

  private static final int MOST_NAMES = 1_000;
  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_TEXT = 1_000;

  public Ended {
    vmNames = List.copyOf(vmNames);
    vmEnds = List.copyOf(vmEnds);
  }

  static Ended of(EndView end) {
    int completed = (int) end.vms().stream().filter(EndView.Vm::completed).count();
    return new Ended(
        end.jobId().map(Ended::name),
        end.originalName().map(Ended::name),
        end.startedAt(),
        end.completedAt(),
        end.failure().map(EndView.Reason::code).map(Ended::name),
        end.failure().flatMap(EndView.Reason::error).map(Ended::text),
        end.failure().flatMap(EndView.Reason::hint).map(Ended::text),
        end.vms().stream().limit(MOST_NAMES).map(vm -> name(vm.name())).toList(),
        completed,
        end.vms().size() - completed,
        end.vms().stream().mapToLong(Ended::bytes).sum(),
        end.vms().stream().limit(MOST_NAMES).flatMap(vm -> end(vm, end).stream()).toList());
  }

  private static Optional<VmEnd> end(EndView.Vm vm, EndView manifest) {
    return vm.completedAt()
        .or(manifest::completedAt)
        .map(at -> new VmEnd(at.toEpochSecond(), worked(vm), vm.completed(), bytes(vm)));
  }

  /** A VM's own time includes that in which it waited for a free place. */
  private static long worked(EndView.Vm vm) {
    double seconds = vm.stages().stream().mapToDouble(stage -> stage.seconds().orElse(0.0)).sum();
    return (long) Math.max(0, Math.min(seconds, Integer.MAX_VALUE));
  }

  /** An earlier run's outputs were not made by this one. */
  private static long bytes(EndView.Vm vm) {
    return vm.completed() && !vm.reused()
        ? vm.stages().stream().mapToLong(stage -> stage.bytes().orElse(0L)).sum()
        : 0;
  }

  private static String name(String text) {
    return cut(text, LONGEST_NAME);
  }

  private static String text(String text) {
    return cut(text, LONGEST_TEXT);
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + "…";
  }

  /**
   * Whether the manifest's name, a VM's name or the code contains a text.
   *
   * @param lowerCase the text in lower case
   */
  boolean mentions(String lowerCase) {
    return contains(name, lowerCase)
        || contains(originalName, lowerCase)
        || contains(code, lowerCase)
        || vmNames.stream().anyMatch(vm -> vm.toLowerCase(Locale.ROOT).contains(lowerCase));
  }

  private static boolean contains(Optional<String> text, String lowerCase) {
    return text.filter(found -> found.toLowerCase(Locale.ROOT).contains(lowerCase)).isPresent();
  }
}
