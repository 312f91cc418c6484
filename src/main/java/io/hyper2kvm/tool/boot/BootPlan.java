package io.hyper2kvm.tool.boot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One boot to try.
 *
 * @param qemuBinary name or path of the emulator
 * @param kvm whether {@code /dev/kvm} was probed and works; software emulation otherwise
 * @param disks the guest's disks in their order; at least one
 * @param bootDisk the index of the one that holds the boot loader
 * @param devices how they, and the network card, are attached
 * @param memoryMib the guest's memory in MiB, 64 to 65536
 * @param cpus the guest's processors, 1 to 64
 * @param firmware UEFI firmware; BIOS when empty
 * @param mac the network card's address, {@code 00:0c:29:3e:5f:a1}
 * @param guestAddressCidr the guest's static IPv4 address with its prefix, {@code 192.0.2.7/24};
 *     empty for a guest that asks DHCP
 * @param gateway the guest's static default gateway
 * @param timeout how long to wait for evidence; see {@link #defaultTimeout}
 * @param workDir an existing private directory for dumps and the guest's writes; absolute
 */
public record BootPlan(
    String qemuBinary,
    boolean kvm,
    List<BootDisk> disks,
    int bootDisk,
    BootDevices devices,
    int memoryMib,
    int cpus,
    Optional<BootFirmware> firmware,
    String mac,
    Optional<String> guestAddressCidr,
    Optional<String> gateway,
    Duration timeout,
    Path workDir) {

  private static final Pattern MAC = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");

  public BootPlan {
    Objects.requireNonNull(devices, "devices");
    Objects.requireNonNull(firmware, "firmware");
    Objects.requireNonNull(workDir, "workDir");
    Objects.requireNonNull(timeout, "timeout");
    disks = List.copyOf(disks);
    require(!qemuBinary.isBlank(), "qemuBinary is blank");
    require(!disks.isEmpty() && disks.size() <= 24, "disks is not 1 to 24: " + disks.size());
    require(
        devices.bus() != BootDevices.Bus.IDE || disks.size() <= 4,
        "disks is more than ide takes: " + disks.size());
    require(
        bootDisk >= 0 && bootDisk < disks.size(),
        "bootDisk is none of the %d disks: %d".formatted(disks.size(), bootDisk));
    require(memoryMib >= 64 && memoryMib <= 65536, "memoryMib is not 64 to 65536: " + memoryMib);
    require(cpus >= 1 && cpus <= 64, "cpus is not 1 to 64: " + cpus);
    require(MAC.matcher(mac).matches(), "mac is not six hexadecimal octets: " + mac);
    require(!timeout.isNegative() && !timeout.isZero(), "timeout is not positive: " + timeout);
    require(workDir.isAbsolute(), "workDir is not absolute: " + workDir);
    guestAddressCidr.ifPresent(SlirpNetwork::requireCidr);
    gateway.ifPresent(SlirpNetwork::requireAddress);
  }

  /**
   * How long a guest may take: a healthy one needs seconds with KVM and about 40 s without it, and
   * a stale row in its fstab adds systemd's 90 s without breaking it.
   */
  public static Duration defaultTimeout(boolean kvm) {
    return Duration.ofSeconds(kvm ? 180 : 360);
  }

  /** The files below the work directory that QEMU, or the reader of its screen, writes. */
  public List<Path> files() {
    return Stream.concat(
            Stream.of(BootEndpoints.capture(workDir)), ScreenReader.files(workDir).stream())
        .toList();
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem);
    }
  }
}
