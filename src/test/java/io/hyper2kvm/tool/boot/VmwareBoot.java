package io.hyper2kvm.tool.boot;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Boots a guest on the hardware that VMware gave it: a paravirtual SCSI controller and an e1000.
 */
public final class VmwareBoot {

  private VmwareBoot() {}

  /** Boots a VMDK, throwing its writes away, with the MAC address that the test guests know. */
  public static BootVerdict of(Path vmdk, Path workDir) throws IOException, InterruptedException {
    BootPlan plan =
        new BootPlan(
            "qemu-system-x86_64",
            false,
            List.of(new BootDisk(vmdk, "vmdk")),
            0,
            BootDevices.VIRTIO,
            1024,
            1,
            Optional.empty(),
            "00:0c:29:3e:5f:a1",
            Optional.empty(),
            Optional.empty(),
            Duration.ofSeconds(600),
            workDir);
    return new BootTest(VmwareBoot::hardware).run(plan, evidence -> {});
  }

  /** The command with the old hardware in place of virtio. */
  static List<String> hardware(List<String> command) {
    UnaryOperator<String> device =
        it ->
            it.replace("virtio-blk-pci,", "scsi-hd,bus=pvscsi0.0,")
                .replace("virtio-net-pci,", "e1000,")
                .replaceFirst("^q35$", "pc")
                .replace("virtio-rng-pci,rng=rng0", "pvscsi,id=pvscsi0");
    List<String> changed = new ArrayList<>(command.stream().map(device).toList());
    // QEMU makes devices in their order: the controller has to come before its disk.
    int controller = changed.indexOf("pvscsi,id=pvscsi0");
    changed.remove(controller);
    changed.remove(controller - 1);
    changed.addAll(1, List.of("-device", "pvscsi,id=pvscsi0"));
    return changed;
  }
}
