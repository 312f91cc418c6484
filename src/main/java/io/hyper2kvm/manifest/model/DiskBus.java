package io.hyper2kvm.manifest.model;

/** How the disks of a VM's libvirt domain are attached. */
public enum DiskBus {
  /** virtio-blk; Linux calls the disks vda, vdb, … */
  VIRTIO("virtio"),
  /** virtio-scsi; Linux calls the disks sda, sdb, … */
  SCSI("scsi"),
  /** AHCI. */
  SATA("sata"),
  /** The PIIX controller of the machine {@code pc}: at most four disks. */
  IDE("ide");

  private final String text;

  DiskBus(String text) {
    this.text = text;
  }

  /** The manifest's word for it, and libvirt's. */
  public String text() {
    return text;
  }

  /** Whether the guest needs a virtio driver for its disks. */
  public boolean isVirtio() {
    return this == VIRTIO || this == SCSI;
  }
}
