package io.hyper2kvm.guest.boot.uefi;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is put on a guest's EFI system partitions so that firmware without boot entries starts it.
 *
 * @param files in this order
 * @param warnings what an operator should know of them
 * @param refusal why nothing can be put there although it is needed
 * @param lacksSpace whether that is for lack of space on the partition
 */
public record LoaderPlan(
    List<LoaderFile> files, List<String> warnings, Optional<String> refusal, boolean lacksSpace) {

  /** The plan that puts nothing anywhere. */
  public static final LoaderPlan NOTHING =
      new LoaderPlan(List.of(), List.of(), Optional.empty(), false);

  /** What a file needs beyond its size at most: the rest of its last cluster, in bytes. */
  private static final long CLUSTER = 32 << 10;

  public LoaderPlan {
    files = List.copyOf(files);
    warnings = List.copyOf(warnings);
    Objects.requireNonNull(refusal, "refusal");
  }

  private static LoaderPlan refused(String reason, boolean lacksSpace) {
    return new LoaderPlan(List.of(), List.of(), Optional.of(reason), lacksSpace);
  }

  /**
   * The plan for a guest; nothing when firmware starts it already.
   *
   * @param partitions the first is on the disk that the machine starts from; those on other disks
   *     get the same where they have the same boot loader, as the members of a mirror do
   */
  public static LoaderPlan of(List<EfiPartition> partitions, UefiGuest guest) {
    FirmwareStart start = FirmwareStart.of(partitions, guest);
    if (start.outcome() == FirmwareStart.Outcome.STARTS) {
      return NOTHING;
    }
    List<EfiPartition> first =
        partitions.isEmpty() ? List.of() : FirmwareStart.onBootDisk(partitions);
    List<LoaderPlan> refused = new ArrayList<>();
    for (EfiPartition partition : first) {
      if (partition.isReadByFirmware() && partition.read()) {
        LoaderPlan plan = on(partition, guest);
        if (plan.refusal.isEmpty()) {
          return plan.withMirrors(partition, partitions, guest);
        }
        refused.add(plan);
      }
    }
    return refused.isEmpty() ? refused(start.detail(), false) : refused.get(0);
  }

  private LoaderPlan withMirrors(
      EfiPartition original, List<EfiPartition> partitions, UefiGuest guest) {
    List<LoaderFile> all = new ArrayList<>(files);
    List<String> said = new ArrayList<>(warnings);
    for (EfiPartition other : partitions) {
      if (other != original && other.isMirrorOf(original)) {
        LoaderPlan plan = on(other, guest);
        all.addAll(plan.files);
        said.addAll(plan.warnings);
        plan.refusal.ifPresent(said::add);
      }
    }
    return new LoaderPlan(all, said, Optional.empty(), false);
  }

  private static LoaderPlan on(EfiPartition partition, UefiGuest guest) {
    List<String> defects = new ArrayList<>();
    for (EfiProcessor processor : guest.processors()) {
      if (hasLoader(partition, guest, processor)) {
        return NOTHING;
      }
      LoaderSearch search = new LoaderSearch(partition, processor);
      List<LoaderCandidate> candidates = search.candidates();
      defects.addAll(search.defects());
      if (!candidates.isEmpty()) {
        LoaderChoice choice = LoaderChoice.among(candidates, guest);
        return choice
            .loader()
            .map(loader -> fitting(new LoaderFiles(loader, guest), choice.doubt()))
            .orElseGet(() -> refused(choice.doubt(), false));
      }
    }
    List<String> names = partition.programs().stream().map(EfiProgram::path).limit(20).toList();
    String found = names.isEmpty() ? "no program" : "only " + String.join(", ", names);
    defects.add(
        0, "%s has no boot loader that is known here, %s".formatted(partition.place(), found));
    return refused(String.join("; ", defects), false);
  }

  private static boolean hasLoader(
      EfiPartition partition, UefiGuest guest, EfiProcessor processor) {
    return partition
        .program(EfiPartition.REMOVABLE_FOLDER + "/" + processor.removableName())
        .filter(loader -> new LoaderDefect(partition, guest, processor).of(loader).isEmpty())
        .isPresent();
  }

  /** The files of a loader, without those that it can do without if not all fit. */
  private static LoaderPlan fitting(LoaderFiles files, String doubt) {
    List<String> warnings = new ArrayList<>(doubt.isEmpty() ? List.of() : List.of(doubt));
    List<LoaderFile> wanted = files.all();
    EfiPartition partition = files.partition();
    if (bytes(wanted) > partition.freeBytes()) {
      List<LoaderFile> needed = files.needed();
      if (bytes(needed) > partition.freeBytes()) {
        return refused(
            "%s has %d bytes free, the boot loader needs %d at the removable-media path"
                .formatted(partition.place(), partition.freeBytes(), bytes(needed)),
            true);
      }
      warnings.add(
          "%s has no space for the program that enrols keys, which is left out"
              .formatted(partition.place()));
      wanted = needed;
    }
    return new LoaderPlan(wanted, warnings, Optional.empty(), false);
  }

  /** The space that files need, in bytes; a copy goes beside what it replaces first. */
  private static long bytes(List<LoaderFile> files) {
    return files.isEmpty()
        ? 0
        : CLUSTER + files.stream().mapToLong(file -> file.bytes() + CLUSTER).sum();
  }
}
