package io.hyper2kvm.guest.disk;

import io.hyper2kvm.guest.disk.DiskSeat.Bus;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The place that a link below {@code /dev/disk/by-path/} itself tells: a controller and a unit.
 *
 * @param bus {@code SCSI} or {@code SATA}
 * @param controller the controller's part of the link, such as {@code pci-0000:03:00.0}
 * @param unit the disk's place on it, as the VM's description counts
 */
record PathUnit(Bus bus, String controller, int unit) {

  private static final Pattern SCSI =
      Pattern.compile("(.+)-scsi-[0-9]{1,3}:0:([0-9]{1,3}):0(?:-part[0-9]{1,3})?");
  private static final Pattern ATA =
      Pattern.compile("(.+)-ata-([1-9][0-9]{0,2})(?:\\.0)?(?:-part[0-9]{1,3})?");

  /** The buses that VMware's bridges with numbers from 5 lead to; each has eight functions. */
  private static final List<Integer> BUSES = List.of(0x03, 0x0b, 0x13, 0x1b);

  /** The numbers of the bridges in VMware's numbers of slots. */
  private static final int FIRST_EXPRESS_BRIDGE = 5;

  private static final int PLAIN_BRIDGE = 1;

  /** Of a link's whole name; empty for one of another form. */
  static Optional<PathUnit> of(String name) {
    if (!DeviceNames.isByPath(name)) {
      return Optional.empty();
    }
    String path = name.substring(DeviceNames.BY_PATH.length());
    Matcher scsi = SCSI.matcher(path);
    if (scsi.matches()) {
      return Optional.of(new PathUnit(Bus.SCSI, scsi.group(1), Integer.parseInt(scsi.group(2))));
    }
    Matcher ata = ATA.matcher(path);
    // Linux numbers a controller's ports from 1, a description from 0.
    return ata.matches()
        ? Optional.of(new PathUnit(Bus.SATA, ata.group(1), Integer.parseInt(ata.group(2)) - 1))
        : Optional.empty();
  }

  /** The disk at this place; empty when none is, or when that cannot be said. */
  Optional<Integer> disk(List<DiskSeat> seats) {
    boolean ide = bus == Bus.SATA && has(seats, Bus.IDE) && !has(seats, Bus.SATA);
    // Old versions of udev have links of one form for SCSI and ATA.
    boolean only =
        !has(seats, Bus.IDE)
            && (bus == Bus.SATA || !has(seats, Bus.SATA))
            && seats.stream()
                    .filter(s -> s.bus() == bus)
                    .map(DiskSeat::controller)
                    .distinct()
                    .count()
                == 1;
    List<Integer> here =
        IntStream.range(0, seats.size())
            .filter(i -> ide ? isOnChannel(seats.get(i)) : isHere(seats.get(i), only))
            .boxed()
            .toList();
    return here.size() == 1 && !has(seats, Bus.UNKNOWN)
        ? Optional.of(here.get(0))
        : Optional.empty();
  }

  private static boolean has(List<DiskSeat> seats, Bus bus) {
    return seats.stream().anyMatch(seat -> seat.bus() == bus);
  }

  /** A port of IDE has two disks, of which the link may mean either. */
  private boolean isOnChannel(DiskSeat seat) {
    int place = seat.unit().orElse(-1);
    int channel = place > 1 ? place / 2 : seat.address().orElse(0);
    return seat.bus() == Bus.IDE && place >= 0 && channel == unit;
  }

  private boolean isHere(DiskSeat seat, boolean only) {
    if (seat.bus() != bus || !seat.unit().equals(OptionalInt.of(unit))) {
      return false;
    }
    Optional<String> path = seat.slot().stream().boxed().findAny().flatMap(PathUnit::path);
    if (path.isPresent()) {
      return path.get().equals(controller);
    }
    return only
        || bus == Bus.SCSI
            && DevicePlace.isFirstController(controller)
            && seat.address().equals(OptionalInt.of(0));
  }

  /** How udev writes the place that VMware's number of a slot stands for; empty if not known. */
  private static Optional<String> path(int slot) {
    int bridge = slot % 1024 / 32;
    int function = slot / 1024;
    int device = slot % 32;
    if (bridge == 0 && function == 0) {
      return Optional.of("pci-0000:00:%02x.0".formatted(device));
    }
    if (bridge == PLAIN_BRIDGE && function == 0) {
      return Optional.of("pci-0000:02:%02x.0".formatted(device));
    }
    int express = bridge - FIRST_EXPRESS_BRIDGE;
    return Stream.of(express)
        .filter(i -> i >= 0 && i < BUSES.size() && function < 8)
        .map(i -> "pci-0000:%02x:%02x.0".formatted(BUSES.get(i) + function, device))
        .findAny();
  }
}
