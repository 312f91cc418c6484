package io.hyper2kvm.image;

import java.util.Optional;

/** What a file is, decided from its bytes and never from its name. */
public enum ImageFormat {
  /** A plain disk: every byte is the guest's. */
  RAW("raw", "a raw disk"),
  /** VMware's disk: binary sparse, stream-optimized, or a text descriptor with extents. */
  VMDK("vmdk", "a VMDK disk"),
  /** Microsoft's older disk, VHD; QEMU calls it vpc. */
  VPC("vpc", "a VHD disk"),
  /** Microsoft's newer disk. */
  VHDX("vhdx", "a VHDX disk"),
  /** QEMU's own disk. */
  QCOW2("qcow2", "a qcow2 disk"),
  /** VirtualBox's disk. */
  VDI("vdi", "a VDI disk"),

  /** A tar archive, as an OVA is. */
  OVA(null, "a tar archive (as an OVA is)"),
  /** An XML text, as an OVF description is. */
  OVF(null, "an XML text (as an OVF description is)"),
  /** A text in the form of VMware's .vmx files. */
  VMX(null, "a VMX text (VMware's description of a VM)"),
  /** Compressed with gzip. */
  GZIP(null, "a gzip file"),
  /** Compressed with xz. */
  XZ(null, "an xz file"),
  /** Compressed with zstd. */
  ZSTD(null, "a zstd file"),
  /** Compressed with bzip2. */
  BZIP2(null, "a bzip2 file"),
  /** Compressed with lz4. */
  LZ4(null, "an lz4 file"),
  /** A zip archive. */
  ZIP(null, "a zip archive"),
  /** A 7z archive. */
  SEVEN_ZIP(null, "a 7z archive"),
  /** A CD or DVD image without a partition table. */
  ISO(null, "an ISO 9660 image"),
  /** A program, not a disk. */
  ELF(null, "an ELF program"),
  /** QEMU's first copy-on-write disk. */
  QCOW1(null, "a qcow (version 1) disk"),
  /** QEMU's abandoned enhanced disk. */
  QED(null, "a QED disk"),
  /** A Parallels disk. */
  PARALLELS(null, "a Parallels disk"),
  /** An Apple disk image. */
  DMG(null, "an Apple disk image"),
  /** A Bochs disk. */
  BOCHS(null, "a Bochs disk"),
  /** A compressed loop image. */
  CLOOP(null, "a cloop image"),
  /** VMware's space-efficient snapshot extent. */
  SESPARSE(null, "a VMware seSparse extent");

  private final String qemuName;
  private final String description;

  ImageFormat(String qemuName, String description) {
    this.qemuName = qemuName;
    this.description = description;
  }

  /** The driver's name in QEMU; empty for what is no disk to this program. */
  public Optional<String> driver() {
    return Optional.ofNullable(qemuName);
  }

  /**
   * The driver's name in QEMU, for {@code -f} and {@code -F}.
   *
   * @throws IllegalStateException when this program hands no such file to QEMU; see {@link
   *     #driver()}
   */
  public String qemuName() {
    if (qemuName == null) {
      throw new IllegalStateException(description + " has no QEMU driver here");
    }
    return qemuName;
  }

  /** The format in words with its article, for messages. */
  public String description() {
    return description;
  }
}
