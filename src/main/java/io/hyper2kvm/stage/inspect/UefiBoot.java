package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.boot.uefi.EfiPartition;
import io.hyper2kvm.guest.boot.uefi.EfiProcessor;
import io.hyper2kvm.guest.boot.uefi.EfiProgram;
import io.hyper2kvm.guest.boot.uefi.FirmwareStart;
import io.hyper2kvm.guest.boot.uefi.LoaderPlan;
import io.hyper2kvm.guest.boot.uefi.UefiGuest;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a guest is started by a UEFI firmware that knows nothing of it.
 *
 * @param partitions its EFI system partitions, the one that it mounts first
 * @param guest what decides which boot loader is its own
 * @param wanted whether the new machine starts by UEFI
 */
public record UefiBoot(List<EfiPartition> partitions, UefiGuest guest, boolean wanted) {

  private static final String CHECK = "guest_uefi_loader";

  public UefiBoot {
    partitions = List.copyOf(partitions);
    Objects.requireNonNull(guest, "guest");
  }

  static UefiBoot of(List<EfiPartition> partitions, GuestFacts facts, MachineDescription machine) {
    return new UefiBoot(partitions, guest(facts, machine), machine.startsByUefi());
  }

  private static UefiGuest guest(GuestFacts facts, MachineDescription machine) {
    return new UefiGuest(
        facts.isLinux(),
        facts.distribution(),
        List.of(facts.release().getOrDefault("ID_LIKE", "").split(" ")),
        facts.bootLoader(),
        EfiProcessor.of(facts.architecture()),
        machine.secureBoot(),
        facts.disks().partitions().stream().map(GuestPartition::uuid).collect(Collectors.toSet()));
  }

  /** The same guest after something was put on its partitions. */
  public UefiBoot with(List<EfiPartition> now) {
    return new UefiBoot(now, guest, wanted);
  }

  /** The partitions, to be listed again. */
  public List<EfiListing.Place> places() {
    return partitions.stream()
        .map(p -> new EfiListing.Place(p.device(), p.place(), p.disk(), p.fileSystem()))
        .toList();
  }

  /** What firmware starts now. */
  public FirmwareStart start() {
    return FirmwareStart.of(partitions, guest);
  }

  /** What must be put there. */
  public LoaderPlan plan() {
    return LoaderPlan.of(partitions, guest);
  }

  /** Whether firmware starts the guest, as a check; empty for a machine that starts by BIOS. */
  public Optional<Check> check() {
    if (!wanted) {
      return Optional.empty();
    }
    FirmwareStart start = start();
    String detail = Printable.guestLine(start.detail());
    return Optional.of(
        switch (start.outcome()) {
          case STARTS -> Check.passed(CHECK, detail);
          case NOT_KNOWN -> Check.warning(CHECK, detail);
          case NOTHING ->
              Check.failed(
                  CHECK,
                  "%s: the new machine's firmware finds no boot loader%s"
                      .formatted(
                          detail, guest.linux() ? "; fix.grub puts the guest's own there" : ""));
        });
  }

  /** The check of a machine that starts by UEFI and whose guest was not looked into. */
  public static Check notInspected() {
    return Check.warning(
        CHECK,
        "the machine starts by UEFI, and the guest was not inspected: whether firmware finds a boot loader is not known");
  }

  /** The key {@code efi_system_partitions} of the report. */
  List<Object> json() {
    List<Object> list = new ArrayList<>();
    for (EfiPartition partition : partitions) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("device", partition.device());
      json.put("place", Printable.guestLine(partition.place()));
      if (partition.read()) {
        json.put("programs", partition.programs().stream().map(UefiBoot::json).toList());
      }
      list.add(json);
    }
    return list;
  }

  private static Map<String, Object> json(EfiProgram program) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("path", Printable.guestLine(program.path()));
    json.put("size_bytes", program.size());
    program.header().ifPresent(pe -> json.put("machine", "0x%04x".formatted(pe.machine())));
    return json;
  }
}
