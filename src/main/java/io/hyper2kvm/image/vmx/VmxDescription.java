package io.hyper2kvm.image.vmx;

import io.hyper2kvm.image.hardware.HardwareDisk;
import io.hyper2kvm.image.hardware.VirtualHardware;
import io.hyper2kvm.image.hardware.VirtualHardware.Firmware;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * What a .vmx or .vmtx file says.
 *
 * @param machine its virtual machine
 * @param nvram the file with its firmware's settings, as it is named; may be empty
 * @param lines the line that names each disk's file, by the disk's id
 * @param warnings what an operator should look at, as sentences
 */
public record VmxDescription(
    VirtualHardware machine, String nvram, Map<String, Integer> lines, List<String> warnings) {

  private static final int MOST_CPUS = 4096;

  /** More than any hypervisor gives, in MiB. */
  private static final int MOST_MEMORY = 999_999_999;

  /** So many disks that the VM has not any more are passed over in the order of its BIOS. */
  private static final int MOST_ABSENT = 256;

  private static final Pattern PASSTHROUGH = Pattern.compile("pcipassthru\\d{1,3}");

  public VmxDescription {
    lines = Map.copyOf(lines);
    warnings = List.copyOf(warnings);
  }

  /**
   * Reads a description as ESXi, Workstation and Fusion write it.
   *
   * @param where its name, for messages
   * @throws io.hyper2kvm.image.ImageRefusedException when it cannot be known what it describes, or
   *     its VM is encrypted or suspended
   */
  public static VmxDescription read(byte[] bytes, String where) {
    List<String> warnings = new ArrayList<>();
    VmxText text = VmxText.read(bytes, where, warnings);
    refuseEncrypted(text, where);
    text.filled("checkpoint.vmState")
        .ifPresent(
            entry -> {
              throw VmxRefusals.suspended(where, entry);
            });
    VmxDisks disks = VmxDisks.read(text);
    Optional<Firmware> firmware = firmware(text);
    VirtualHardware machine =
        new VirtualHardware(
            text.text("displayName"),
            hardware(text),
            text.text("guestOS"),
            memory(text),
            cpus(text),
            text.number("cpuid.coresPerSocket", 1, MOST_CPUS),
            firmware,
            firmware.equals(Optional.of(Firmware.UEFI)) && text.isTrue("uefi.secureBoot.enabled"),
            text.isTrue("vtpm.present"),
            disks.disks(),
            firmware.equals(Optional.of(Firmware.UEFI))
                ? OptionalInt.empty()
                : bootDisk(text, disks.disks()),
            VmxCards.read(text),
            drives(text, disks));
    warnOfWhatStays(text);
    return new VmxDescription(machine, text.text("nvram"), disks.lines(), warnings);
  }

  private static void refuseEncrypted(VmxText text, String where) {
    for (String key : List.of("encryption.keySafe", "encryption.data")) {
      text.filled(key)
          .ifPresent(
              entry -> {
                throw VmxRefusals.encrypted(where, entry);
              });
    }
  }

  private static String hardware(VmxText text) {
    String version = text.text("virtualHW.version");
    return version.isEmpty() ? "" : "vmx-" + version;
  }

  private static OptionalLong memory(VmxText text) {
    OptionalInt mib = text.number("memSize", 1, MOST_MEMORY);
    return mib.isPresent() ? OptionalLong.of((long) mib.getAsInt() << 20) : OptionalLong.empty();
  }

  /** VMware leaves the key out for one processor. */
  private static OptionalInt cpus(VmxText text) {
    return text.filled("numvcpus").isPresent()
        ? text.number("numvcpus", 1, MOST_CPUS)
        : OptionalInt.of(1);
  }

  /** VMware leaves the key out for a BIOS. */
  private static Optional<Firmware> firmware(VmxText text) {
    Optional<VmxEntry> entry = text.filled("firmware");
    if (entry.isEmpty()) {
      return Optional.of(Firmware.BIOS);
    }
    return switch (entry.get().value().strip().toLowerCase(Locale.ROOT)) {
      case "bios" -> Optional.of(Firmware.BIOS);
      case "efi" -> Optional.of(Firmware.UEFI);
      default -> {
        text.warn(
            entry.get(),
            "the firmware \"%s\" is not known here, and counts as not said"
                .formatted(Printable.of(entry.get().value())));
        yield Optional.empty();
      }
    };
  }

  /**
   * The disk that the BIOS starts first. UEFI has its order in the {@code .nvram} file, and VMware
   * leaves the key out where nobody chose one.
   */
  private static OptionalInt bootDisk(VmxText text, List<HardwareDisk> disks) {
    Optional<VmxEntry> order = text.filled("bios.hddOrder");
    if (order.isEmpty()) {
      return OptionalInt.empty();
    }
    List<String> ids = disks.stream().map(HardwareDisk::id).toList();
    OptionalInt first =
        Arrays.stream(order.get().value().split(",", ids.size() + MOST_ABSENT))
            .mapToInt(id -> ids.indexOf(id.strip().toLowerCase(Locale.ROOT)))
            .filter(index -> index >= 0)
            .findFirst();
    if (first.isEmpty()) {
      text.warn(
          order.get(),
          "bios.hddOrder names no disk of the VM (\"%s\"): which one it starts from is not said"
              .formatted(Printable.of(order.get().value())));
    }
    return first;
  }

  private static List<VirtualHardware.Drive> drives(VmxText text, VmxDisks disks) {
    List<VirtualHardware.Drive> drives = new ArrayList<>(disks.drives());
    for (String floppy : text.devices(Pattern.compile("floppy\\d"))) {
      if (text.isTrue(floppy + ".present")) {
        drives.add(VirtualHardware.Drive.FLOPPY);
      }
    }
    return drives;
  }

  /** What the VM has and its disks do not bring. */
  private static void warnOfWhatStays(VmxText text) {
    if (text.isTrue("vtpm.present")) {
      text.warn(
          text.entry("vtpm.present").orElseThrow(),
          "the VM has a virtual TPM, whose contents do not come with it: have the recovery key of"
              + " what the guest has sealed in it, such as BitLocker or a LUKS key");
    }
    for (String device : text.devices(PASSTHROUGH)) {
      if (text.isTrue(device + ".present")) {
        text.warn(
            text.entry(device + ".present").orElseThrow(),
            "%s is a device of the old host, which does not come with the VM".formatted(device));
      }
    }
  }
}
