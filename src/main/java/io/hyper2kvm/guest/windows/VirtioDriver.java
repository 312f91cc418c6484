package io.hyper2kvm.guest.windows;

import java.util.List;

/**
 * A driver of Windows for virtio hardware. The names are those of its files and of its service; the
 * identifiers are what Windows makes of QEMU's device on PCI Express (virtio 1.0, section 4.1.2).
 */
public enum VirtioDriver {
  /** For disks on virtio-blk. */
  VIOSTOR("viostor", "1042"),
  /** For disks on virtio-scsi. */
  VIOSCSI("vioscsi", "1048"),
  /** For network cards. */
  NETKVM("netkvm", "1041");

  private final String service;
  private final String device;

  VirtioDriver(String service, String device) {
    this.service = service;
    this.device = device;
  }

  /** The name of its service, and of its files without their extension. */
  public String service() {
    return service;
  }

  /** By which names of its device Windows looks for it, the most exact one first. */
  public List<String> deviceIds() {
    String plain = "VEN_1AF4&DEV_" + device;
    String subsystem = plain + "&SUBSYS_11001AF4";
    return List.of(subsystem + "&REV_01", subsystem, plain + "&REV_01", plain);
  }
}
