package io.hyper2kvm.guest.boot.uefi;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What firmware that has no boot entries starts of a guest's disks.
 *
 * @param outcome whether it starts the guest
 * @param detail what was found, in one sentence
 * @param partition the partition that it starts from; empty when it starts nothing
 */
public record FirmwareStart(Outcome outcome, String detail, Optional<EfiPartition> partition) {

  /** Whether firmware starts the guest. */
  public enum Outcome {
    STARTS,
    /** Something is there that cannot be judged here. */
    NOT_KNOWN,
    NOTHING
  }

  private static final String STARTUP_SCRIPT = "/startup.nsh";

  public FirmwareStart {
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(detail, "detail");
  }

  /**
   * What is found on these partitions.
   *
   * @param partitions the first is on the disk that the machine starts from; those on other disks
   *     do not count
   */
  public static FirmwareStart of(List<EfiPartition> partitions, UefiGuest guest) {
    if (partitions.isEmpty()) {
      return new FirmwareStart(
          Outcome.NOTHING, "the disks have no EFI system partition", Optional.empty());
    }
    List<FirmwareStart> found = new ArrayList<>();
    for (EfiPartition partition : onBootDisk(partitions)) {
      FirmwareStart start = on(partition, guest);
      if (start.outcome == Outcome.STARTS) {
        return start;
      }
      found.add(start);
    }
    return new FirmwareStart(
        found.stream().anyMatch(start -> start.outcome == Outcome.NOT_KNOWN)
            ? Outcome.NOT_KNOWN
            : Outcome.NOTHING,
        String.join("; ", found.stream().map(FirmwareStart::detail).toList()),
        found.stream().flatMap(start -> start.partition.stream()).findFirst());
  }

  /** Those on the disk of the first one. */
  static List<EfiPartition> onBootDisk(List<EfiPartition> partitions) {
    return partitions.stream().filter(p -> p.disk() == partitions.get(0).disk()).toList();
  }

  private static FirmwareStart on(EfiPartition partition, UefiGuest guest) {
    if (!partition.isReadByFirmware()) {
      return nothing(
          "%s: firmware does not read %s"
              .formatted(
                  partition.place(),
                  partition.fileSystem().isEmpty() ? "it" : partition.fileSystem()));
    }
    if (!partition.read()) {
      return notKnown(partition, partition.place() + " could not be mounted");
    }
    if (guest.processors().isEmpty()) {
      return notKnown(partition, "the firmware of the guest's processor is not known");
    }
    List<String> reasons = new ArrayList<>();
    for (EfiProcessor processor : guest.processors()) {
      String path = EfiPartition.REMOVABLE_FOLDER + "/" + processor.removableName();
      Optional<EfiProgram> loader = partition.program(path);
      if (loader.isEmpty()) {
        continue;
      }
      Optional<String> defect = new LoaderDefect(partition, guest, processor).of(loader.get());
      if (defect.isEmpty()) {
        return starts(partition, loader.get(), processor);
      }
      String reason = "%s %s".formatted(partition.placeOf(loader.get().path()), defect.get());
      if (loader.get().program() && loader.get().header().isEmpty()) {
        return notKnown(partition, reason + ", as far as its name tells");
      }
      reasons.add(reason);
    }
    if (reasons.isEmpty()) {
      String path = EfiPartition.REMOVABLE_FOLDER + "/" + guest.processors().get(0).removableName();
      reasons.add("%s has no %s".formatted(partition.place(), path));
    }
    String detail = String.join("; ", reasons);
    return partition.text(STARTUP_SCRIPT).isPresent()
        ? notKnown(partition, detail + ", only a startup.nsh for a firmware that has a shell")
        : nothing(detail);
  }

  private static FirmwareStart starts(
      EfiPartition partition, EfiProgram loader, EfiProcessor processor) {
    String place = partition.placeOf(loader.path());
    if (processor == EfiProcessor.IA32) {
      return notKnown(
          partition,
          place + " starts under firmware of 32 bits only, and that of KVM machines has 64");
    }
    if (loader.header().isEmpty()) {
      return notKnown(
          partition,
          "firmware looks for %s, but its PE header could not be read: it may be damaged"
              .formatted(place));
    }
    return new FirmwareStart(Outcome.STARTS, "firmware starts " + place, Optional.of(partition));
  }

  private static FirmwareStart nothing(String detail) {
    return new FirmwareStart(Outcome.NOTHING, detail, Optional.empty());
  }

  private static FirmwareStart notKnown(EfiPartition partition, String detail) {
    return new FirmwareStart(Outcome.NOT_KNOWN, detail, Optional.of(partition));
  }
}
