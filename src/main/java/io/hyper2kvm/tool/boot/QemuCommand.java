package io.hyper2kvm.tool.boot;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The QEMU command of a boot test: disks and network as the converted guest will have them, no way
 * out of the user network, and writes only below the work directory. Run it with {@code TMPDIR} set
 * to the plan's work directory, where {@code snapshot=on} puts what the guest writes.
 */
public final class QemuCommand {

  /** The id of the serial port's buffer, read by {@code ringbuf-read}: bounded, unlike a file. */
  static final String SERIAL = "serial0";

  /** The size of that buffer in bytes; QEMU wants a power of two. */
  static final int SERIAL_BYTES = 65536;

  /** The id of the packet capture, removed once it has served. */
  static final String CAPTURE = "capture0";

  /**
   * The asset tag of the machine's chassis. It tells a guest that this is not its first boot:
   * {@code guest.firstboot.RunOnce} looks for it.
   */
  public static final String BOOT_TEST_TAG = "hyper2kvm-boot-test";

  private QemuCommand() {}

  /** The whole command, the binary first, one element per argument. */
  public static List<String> command(BootPlan plan, BootEndpoints endpoints) {
    List<String> command = new ArrayList<>();
    command.add(plan.qemuBinary());
    command.addAll(arguments(plan, endpoints));
    return List.copyOf(command);
  }

  /** The arguments behind the binary, one element per argument: no shell, no quoting. */
  public static List<String> arguments(BootPlan plan, BootEndpoints endpoints) {
    List<String> out = new ArrayList<>(List.of("-nodefaults", "-no-user-config"));
    add(out, "-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
    add(out, "-machine", plan.devices().machine());
    add(out, "-accel", plan.kvm() ? "kvm" : "tcg", "-cpu", plan.kvm() ? "host" : "max");
    add(out, "-m", plan.memoryMib() + "M", "-smp", Integer.toString(plan.cpus()));
    add(out, "-display", "none", "-vga", "std");
    // A reset stops the machine, so that its screen can still be read.
    add(out, "-no-reboot", "-no-shutdown", "-boot", "strict=on");
    plan.firmware().ifPresent(firmware -> firmware(out, firmware));
    add(out, "-smbios", "type=3,asset=" + BOOT_TEST_TAG);
    consoles(out, endpoints);
    disks(out, plan);
    network(out, plan, endpoints);
    add(out, "-object", "rng-random,id=rng0,filename=/dev/urandom");
    add(out, "-device", "virtio-rng-pci,rng=rng0", "-device", "pvpanic");
    return List.copyOf(out);
  }

  private static void firmware(List<String> out, BootFirmware firmware) {
    String flash = "if=pflash,unit=%d,format=raw,%s,file.driver=file,file.filename=%s";
    add(out, "-drive", flash.formatted(0, "readonly=on", value(firmware.code())));
    add(out, "-drive", flash.formatted(1, "snapshot=on", value(firmware.vars())));
  }

  private static void consoles(List<String> out, BootEndpoints endpoints) {
    add(out, "-chardev", "ringbuf,id=" + SERIAL + ",size=" + SERIAL_BYTES);
    add(out, "-serial", "chardev:" + SERIAL);
    String socket = "socket,id=%s,path=%s,server=on,wait=off";
    add(out, "-chardev", socket.formatted("qmp0", value(endpoints.qmp())));
    add(out, "-mon", "chardev=qmp0,mode=control");
    add(out, "-chardev", socket.formatted("agent0", value(endpoints.agent())));
    add(out, "-device", "virtio-serial-pci");
    add(out, "-device", "virtserialport,chardev=agent0,name=org.qemu.guest_agent.0");
  }

  private static void disks(List<String> out, BootPlan plan) {
    controllers(out, plan);
    int index = 0;
    for (BootDisk disk : plan.disks()) {
      add(
          out,
          "-drive",
          "if=none,id=disk%d,format=%s,snapshot=on,file.driver=file,file.filename=%s"
              .formatted(index, disk.format(), value(disk.path())));
      add(
          out,
          "-device",
          "%s,drive=disk%d,bootindex=%d%s"
              .formatted(
                  plan.devices().diskDevice(index), index, bootIndex(plan, index), sectors(disk)));
      index++;
    }
  }

  private static void controllers(List<String> out, BootPlan plan) {
    if (plan.devices().bus() == BootDevices.Bus.SCSI) {
      add(out, "-device", "virtio-scsi-pci,id=scsi0");
    }
    if (plan.devices().bus() == BootDevices.Bus.SATA) {
      // The machine has the first one.
      for (int i = 1; i * BootDevices.SATA_PORTS < plan.disks().size(); i++) {
        add(out, "-device", "ich9-ahci,id=ahci" + i);
      }
    }
  }

  /** The boot disk is tried first; their order on the bus stays the guest's. */
  private static int bootIndex(BootPlan plan, int index) {
    if (index == plan.bootDisk()) {
      return 1;
    }
    return index < plan.bootDisk() ? index + 2 : index + 1;
  }

  private static String sectors(BootDisk disk) {
    return disk.sectorSize() == 512
        ? ""
        : ",logical_block_size=%1$d,physical_block_size=%1$d".formatted(disk.sectorSize());
  }

  private static void network(List<String> out, BootPlan plan, BootEndpoints endpoints) {
    String options = SlirpNetwork.options(plan.guestAddressCidr(), plan.gateway());
    add(out, "-netdev", "user,id=net0," + options);
    // Without its ROM the card cannot boot, so all its packets are the guest's.
    add(
        out,
        "-device",
        "%s,netdev=net0,romfile=,mac=%s".formatted(plan.devices().cardDevice(), plan.mac()));
    add(
        out,
        "-object",
        "filter-dump,id=%s,netdev=net0,maxlen=64,file=%s"
            .formatted(CAPTURE, value(endpoints.capture())));
  }

  /** In QEMU's option lists a comma ends a value unless it is doubled; nothing else is special. */
  private static String value(Path path) {
    return path.toString().replace(",", ",,");
  }

  private static void add(List<String> out, String... arguments) {
    out.addAll(List.of(arguments));
  }
}
