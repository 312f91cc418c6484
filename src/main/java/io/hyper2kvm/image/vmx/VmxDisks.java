package io.hyper2kvm.image.vmx;

import io.hyper2kvm.image.hardware.DiskFile;
import io.hyper2kvm.image.hardware.HardwareController;
import io.hyper2kvm.image.hardware.HardwareController.Kind;
import io.hyper2kvm.image.hardware.HardwareDisk;
import io.hyper2kvm.image.hardware.HardwareOrder;
import io.hyper2kvm.image.hardware.VirtualHardware;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The disks in the machine's order, see {@link HardwareOrder}, and the drives among them: {@code
 * scsi0:1} is the second place on the first SCSI controller.
 */
final class VmxDisks {

  private static final Pattern DEVICE = Pattern.compile("(scsi|sata|nvme|ide)\\d{1,3}:\\d{1,3}");

  private static final Set<String> CD_FILES = Set.of("auto detect", "emptybackingstring");

  /** What is behind a device. */
  private enum Type {
    DISK,
    CD,
    OF_THE_HOST
  }

  private final VmxText text;
  private final List<HardwareDisk> found = new ArrayList<>();
  private final List<VirtualHardware.Drive> drives = new ArrayList<>();
  private final Map<String, Integer> lines = new HashMap<>();
  private final Map<String, HardwareController> controllers = new HashMap<>();

  private VmxDisks(VmxText text) {
    this.text = text;
  }

  static VmxDisks read(VmxText text) {
    VmxDisks disks = new VmxDisks(text);
    text.devices(DEVICE).forEach(disks::device);
    if (disks.found.isEmpty()) {
      throw text.invalid("it has no disk: no scsiN:M, sataN:M, nvmeN:M or ideN:M that is present");
    }
    return disks;
  }

  List<HardwareDisk> disks() {
    return HardwareOrder.of(found);
  }

  List<VirtualHardware.Drive> drives() {
    return List.copyOf(drives);
  }

  /** The line that names each disk's file. */
  Map<String, Integer> lines() {
    return Map.copyOf(lines);
  }

  private void device(String device) {
    Optional<Boolean> present = text.truth(device + ".present");
    if (present.isEmpty()) {
      text.filled(device + ".fileName")
          .ifPresent(
              entry ->
                  text.warn(
                      entry,
                      "%s is not said to be present (%s.present), so the VM does not have it, and it is left out"
                          .formatted(device, device)));
    }
    if (!present.orElse(false)) {
      return;
    }
    VmxEntry says = text.entry(device + ".present").orElseThrow();
    int colon = device.indexOf(':');
    String controller = device.substring(0, colon);
    int unit = Integer.parseInt(device.substring(colon + 1));
    Type type = type(device);
    if (!hasController(controller, device, says)) {
      return;
    }
    switch (type) {
      case CD -> drives.add(VirtualHardware.Drive.CD);
      case OF_THE_HOST ->
          text.warn(
              says,
              "%s is a device of the old host (%s), which does not come with the VM"
                  .formatted(device, text.text(device + ".deviceType")));
      case DISK -> add(device, controllers.computeIfAbsent(controller, this::controller), unit);
    }
  }

  private Type type(String device) {
    String word = text.text(device + ".deviceType").toLowerCase(Locale.ROOT);
    if (word.contains("cdrom")) {
      return Type.CD;
    }
    if (word.startsWith("scsi-passthr")) {
      return Type.OF_THE_HOST;
    }
    boolean disk =
        word.endsWith("harddisk")
            || Set.of("", "disk", "rdm", "rawdisk", "plaindisk").contains(word);
    if (!disk) {
      throw text.invalid(
          text.entry(device + ".deviceType").orElseThrow(),
          "%s is a \"%s\", which is not known here".formatted(device, word));
    }
    String file = text.text(device + ".fileName").toLowerCase(Locale.ROOT);
    return CD_FILES.contains(file) ? Type.CD : Type.DISK;
  }

  /** IDE is always there; the others must be said to be. */
  private boolean hasController(String controller, String device, VmxEntry says) {
    Kind kind = kind(controller);
    int number = number(controller);
    int unit = Integer.parseInt(device.substring(device.indexOf(':') + 1));
    boolean ide = kind == Kind.IDE;
    if (number > (ide ? 1 : 3) || unit > (ide ? 1 : 255)) {
      throw text.invalid(says, "VMware has no place %s".formatted(device));
    }
    Optional<Boolean> present = text.truth(controller + ".present");
    if (ide || present.orElse(false)) {
      return true;
    }
    text.warn(
        says,
        present.isPresent()
            ? "%s is left out: its controller is not there (%s.present)"
                .formatted(device, controller)
            : "%s is taken, although its controller is not said to be there (%s.present)"
                .formatted(device, controller));
    return present.isEmpty();
  }

  private static Kind kind(String controller) {
    return switch (controller.replaceAll("\\d", "")) {
      case "ide" -> Kind.IDE;
      case "sata" -> Kind.SATA;
      case "nvme" -> Kind.NVME;
      default -> Kind.SCSI;
    };
  }

  private static int number(String controller) {
    return Integer.parseInt(controller.replaceAll("\\D", ""));
  }

  private HardwareController controller(String name) {
    String bus = text.text(name + ".sharedBus").toLowerCase(Locale.ROOT);
    if (!bus.isEmpty() && !bus.equals("none")) {
      text.warn(
          text.entry(name + ".sharedBus").orElseThrow(),
          "%s is shared with other VMs (%s): copy its disks only while none of them runs"
              .formatted(name, bus));
    }
    return new HardwareController(
        kind(name),
        text.text(name + ".virtualDev"),
        Integer.toString(number(name)),
        kind(name) == Kind.IDE ? OptionalInt.empty() : text.slot(name),
        name);
  }

  private void add(String device, HardwareController controller, int unit) {
    VmxEntry file =
        text.filled(device + ".fileName")
            .orElseThrow(
                () ->
                    text.invalid(
                        text.entry(device + ".present").orElseThrow(),
                        "%s is a disk without a fileName".formatted(device)));
    if (found.size() == VirtualHardware.MOST_DISKS) {
      throw text.invalid(file, "more than %d disks".formatted(VirtualHardware.MOST_DISKS));
    }
    warnOfMode(device);
    lines.put(device, file.line());
    found.add(
        new HardwareDisk(
            device,
            Optional.of(new DiskFile(file.value().strip(), false, OptionalLong.empty())),
            OptionalLong.empty(),
            "",
            Optional.of(controller),
            OptionalInt.of(unit)));
  }

  /** Of disks whose file may not hold what the running machine last had. */
  private void warnOfMode(String device) {
    String mode = text.text(device + ".mode").toLowerCase(Locale.ROOT);
    if (mode.contains("nonpersistent") || mode.equals("undoable") || mode.equals("append")) {
      text.warn(
          text.entry(device + ".mode").orElseThrow(),
          "%s is %s: what the guest wrote since its last start is not in its file"
              .formatted(device, mode));
    }
    text.filled(device + ".redo")
        .ifPresent(
            redo ->
                text.warn(
                    redo,
                    "%s has changes in the redo log \"%s\", which is not read"
                        .formatted(device, Printable.of(redo.value()))));
    if (text.text(device + ".sharing").equalsIgnoreCase("multi-writer")) {
      text.warn(
          text.entry(device + ".sharing").orElseThrow(),
          "%s is written to by several VMs: copy it only while none of them runs"
              .formatted(device));
    }
  }
}
