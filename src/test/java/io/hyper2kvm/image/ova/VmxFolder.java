package io.hyper2kvm.image.ova;

import io.hyper2kvm.image.probe.TestImages;

/** The folder of a VM as a datastore has it, of which most variants are made. */
public final class VmxFolder {

  /** A machine with one disk and one card, as Workstation writes it. */
  public static final String VMX =
      """
      .encoding = "UTF-8"
      config.version = "8"
      virtualHW.version = "19"
      displayName = "web"
      guestOS = "debian12-64"
      memsize = "2048"
      scsi0.present = "TRUE"
      scsi0.virtualDev = "lsilogic"
      scsi0:0.present = "TRUE"
      scsi0:0.fileName = "web.vmdk"
      ethernet0.present = "TRUE"
      ethernet0.virtualDev = "e1000"
      ethernet0.connectionType = "nat"
      ethernet0.addressType = "generated"
      ethernet0.generatedAddress = "00:0c:29:3e:5f:a1"
      ethernet0.pciSlotNumber = "33"
      nvram = "web.nvram"
      """;

  private VmxFolder() {}

  /** With its one disk. */
  static Ovas web() {
    return Ovas.with("web.vmx", VMX).and("web.vmdk", TestImages.vmdk());
  }

  /** With more lines, and its one disk. */
  static Ovas web(String more) {
    return Ovas.with("web.vmx", VMX + more).and("web.vmdk", TestImages.vmdk());
  }

  /** With another name for the disk's file, and no disk yet. */
  static Ovas named(String fileName) {
    return Ovas.with("web.vmx", VMX.replace("\"web.vmdk\"", "\"" + fileName + "\""));
  }

  /** A second disk. */
  static String second(String fileName) {
    return "scsi0:1.present = \"TRUE\"\nscsi0:1.fileName = \"%s\"\n".formatted(fileName);
  }

  /** The files of two snapshots, web-000001.vmdk and web-000002.vmdk, on top of web.vmdk. */
  static Ovas withSnapshots(Ovas folder) {
    return folder
        .and("web.vmdk", TestImages.vmdk())
        .and("web-000001.vmdk", snapshot("aaaaaaa1", "12345678", "web.vmdk"))
        .and("web-000002.vmdk", snapshot("aaaaaaa2", "aaaaaaa1", "web-000001.vmdk"));
  }

  static byte[] snapshot(String contentId, String parentId, String parent) {
    return TestImages.vmdk(TestImages.snapshot(contentId, parentId, parent));
  }

  /** The list of the two snapshots, as VMware writes it. */
  static String list(String current, String secondDisk) {
    return """
    .encoding = "UTF-8"
    snapshot.lastUID = "2"
    snapshot.current = "%s"
    snapshot0.uid = "1"
    snapshot0.filename = "web-Snapshot1.vmsn"
    snapshot0.displayName = "fresh"
    snapshot0.createTimeHigh = "388745"
    snapshot0.createTimeLow = "-814770620"
    snapshot0.numDisks = "1"
    snapshot0.disk0.fileName = "web.vmdk"
    snapshot0.disk0.node = "scsi0:0"
    snapshot1.uid = "2"
    snapshot1.filename = "web-Snapshot2.vmsn"
    snapshot1.parent = "1"
    snapshot1.displayName = "before the update"
    snapshot1.numDisks = "1"
    snapshot1.disk0.fileName = "%s"
    snapshot1.disk0.node = "scsi0:0"
    snapshot.numSnapshots = "2"
    """
        .formatted(current, secondDisk);
  }
}
