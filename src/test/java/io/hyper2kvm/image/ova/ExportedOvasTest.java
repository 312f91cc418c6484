package io.hyper2kvm.image.ova;

import static io.hyper2kvm.image.ova.BiosOva.BIOS;
import static io.hyper2kvm.image.ova.BiosOva.HALF;
import static io.hyper2kvm.image.ova.BiosOva.VMDK;
import static io.hyper2kvm.image.ova.BiosOva.bios;
import static io.hyper2kvm.image.ova.BiosOva.changed;
import static io.hyper2kvm.image.ova.BiosOva.odd;
import static io.hyper2kvm.image.ova.BiosOva.reads;
import static io.hyper2kvm.image.ova.Ovas.resource;
import static io.hyper2kvm.image.ova.Ovas.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.image.hardware.HardwareDisk;
import io.hyper2kvm.image.hardware.VirtualHardware;
import io.hyper2kvm.image.ova.container.TarHeaders;
import io.hyper2kvm.image.probe.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What hypervisors and clouds export, and how it is read. */
class ExportedOvasTest {

  private static final String BIOS_READ =
      "old server, vmx-07, 512 MiB, cpus 1, cores -, -; disks vmdisk1 disk1.vmdk 1048576 SCSI"
          + " lsilogic 0:0; cards - E1000 bridged 2; drives CD FLOPPY";

  @TempDir Path directory;

  static Stream<Arguments> good() {
    return Stream.of(
        reads(
            "vSphere, UEFI with Secure Boot, two controllers",
            d ->
                with("web.ovf", resource("vsphere-uefi.ovf"))
                    .and("web-1.vmdk", VMDK)
                    .and("web-2.vmdk", TestImages.vmdk())
                    .and("web-3.nvram", new byte[20])
                    .andManifest("web.mf", "SHA-256", "SHA256(%s)= %s")
                    .tar(d.resolve("web.ova")),
            "web, vmx-19, 4096 MiB, cpus 4, cores 2, UEFI secure; disks vmdisk1 web-1.vmdk 1048576"
                + " SCSI VirtualSCSI 0:0, vmdisk2 web-2.vmdk 1048576 NVME vmware.nvme.controller"
                + " 0:1; cards 00:50:56:ab:01:02 VmxNet3 VM Network 7; drives CD"),
        reads("vSphere, BIOS, as ovftool writes it", d -> bios().tar(d.resolve("x")), BIOS_READ),
        reads(
            "a choice of configurations, a blank disk, a collection of one",
            d ->
                with("a.ovf", resource("vsphere-configurations.ovf"))
                    .and("disk1.vmdk", VMDK)
                    .tar(d.resolve("a.ova")),
            "appliance, vmx-13 vmx-14, 8192 MiB, cpus 2, cores -, -; disks system disk1.vmdk"
                + " 1048576 - -, data - 2097152 - -; cards ; drives ; warning \"never\" is not"
                + " attached"),
        reads(
            "VMware's draft, OVF 0.9",
            d ->
                with("old.ovf", resource("vmware-draft.ovf"))
                    .and("disk1.vmdk", TestImages.vmdk())
                    .tar(d.resolve("old.ova")),
            "Old, vmx-4, 256 MiB, cpus 1, cores -, -; disks vmdisk1 disk1.vmdk 1048576 SCSI"
                + " buslogic :-; cards ; drives "),
        reads(
            "VirtualBox, OVF 1.0, with its own section",
            d ->
                with("box.ovf", resource("virtualbox.ovf"))
                    .and("box-disk001.vmdk", VMDK)
                    .andManifest("box.mf", "SHA-1", "SHA1 (%s) = %s")
                    .tar(d.resolve("box.ova")),
            "box, virtualbox-2.2, 2048 MiB, cpus 2, cores -, UEFI; disks vmdisk1 box-disk001.vmdk"
                + " 1048576 SATA AHCI 0:0; cards 08:00:27:a1:b2:c3 E1000 NAT -,"
                + " 08:00:27:a1:b2:c4 PCNet32 HostOnly -; drives CD"),
        reads(
            "VirtualBox, OVF 2.0",
            d ->
                with("box.ovf", resource("virtualbox-ovf2.ovf"))
                    .and("box-disk001.vmdk", VMDK)
                    .tar(d.resolve("box.ova")),
            "box, virtualbox-2.2, 1024 MiB, cpus 1, cores -, -; disks vmdisk1 box-disk001.vmdk"
                + " 1048576 VIRTIO VirtioSCSI 0:0; cards 08:00:27:00:00:01 virtio Bridged -;"
                + " drives "),
        reads(
            "oVirt, qcow2 named by its id",
            d ->
                with("vm.ovf", resource("ovirt.ovf"))
                    .and("d3c1d0a2-0001", TestImages.qcow2())
                    .tar(d.resolve("o.ova")),
            "ovirt-vm, ENGINE 4.4.0.0, 2048 MiB, cpus 4, cores 2, UEFI secure; disks 9f3b6c6e-0002"
                + " d3c1d0a2-0001 67108864 VIRTIO VirtIO_SCSI :-; cards 56:6f:1a:2b:00:01 3"
                + " ovirtmgmt -; drives ; warning bytes, and it has 67108864"),
        reads(
            "oVirt's export domain, a folder in a folder",
            d ->
                with("vm.ovf", resource("ovirt-domain.ovf"))
                    .and("group1/image1", TestImages.vmdk())
                    .folder(d.resolve("export")),
            "rhev-vm, , 1024 MiB, cpus 1, cores 1, -; disks image1 group1/image1 1048576 IDE IDE"
                + " :-; cards ; drives ; warning bytes, and it has 1048576"),
        reads(
            "AWS",
            d ->
                with("export-i-0abc.ovf", resource("aws.ovf"))
                    .and("export-i-0abc-disk-1.vmdk", VMDK)
                    .tar(d.resolve("export-i-0abc.ova")),
            "export-i-0abc, vmx-07, 3840 MiB, cpus 2, cores -, -; disks vmdisk1"
                + " export-i-0abc-disk-1.vmdk 1048576 IDE  0:0; cards ; drives "),
        reads(
            "XenServer, VHD, a name with percent signs",
            d ->
                with("xen.ovf", resource("xenserver.ovf"))
                    .and("8e2c root.vhd", TestImages.vhdDynamic(3))
                    .folder(d.resolve("xen"))
                    .resolve("xen.ovf"),
            "xen-vm, hvm-3.0-unknown, 1024 MiB, cpus 2, cores -, -; disks xvda 8e2c root.vhd"
                + " 4194304 - -; cards fe:80:00:00:00:01  XenNetwork=net0; -; drives "),
        reads("tar.gz", d -> Ovas.write(d.resolve("x"), Ovas.gzip(bios().tar())), BIOS_READ),
        reads("tar.xz", d -> Ovas.write(d.resolve("x"), Ovas.xz(bios().tar())), BIOS_READ),
        reads("tar.zst", d -> Ovas.write(d.resolve("x"), Ovas.zstd(bios().tar())), BIOS_READ),
        reads("zip, stored", d -> Ovas.write(d.resolve("x"), bios().zip(true)), BIOS_READ),
        reads("zip, deflated", d -> Ovas.write(d.resolve("x"), bios().zip(false)), BIOS_READ),
        reads("a folder", d -> bios().folder(d.resolve("x")), BIOS_READ),
        reads("an .ovf", d -> bios().folder(d.resolve("x")).resolve("vm.ovf"), BIOS_READ),
        reads(
            "one .ovf named among others",
            d -> bios().and("b.ovf", "x").and("c.mf", "x").folder(d).resolve("vm.ovf"),
            BIOS_READ),
        reads(
            "the description last, names with ./ and in a folder",
            d ->
                with("./vm/disk1.vmdk", VMDK)
                    .and("./vm/vm.ovf", BIOS)
                    .andManifest("./vm/vm.mf", "SHA-512", "SHA512(%s)= %s")
                    .tar(d.resolve("x")),
            BIOS_READ.replace("disk1.vmdk 1", "vm/disk1.vmdk 1")),
        reads(
            "what macOS packs beside the files",
            d ->
                with("._vm.ovf", "x")
                    .and("vm.ovf", BIOS)
                    .and("disk1.vmdk", VMDK)
                    .tar(d.resolve("x")),
            BIOS_READ),
        reads(
            "the newest of snapshots",
            d ->
                with("vm.ovf", BIOS)
                    .and("disk1.vmdk.2", HALF)
                    .and("disk1.vmdk.10", VMDK)
                    .and("disk1.vmdk.9", HALF)
                    .and("disk1.vmdk.x11", HALF)
                    .tar(d.resolve("x")),
            BIOS_READ.replace("disk1.vmdk 1", "disk1.vmdk.10 1")),
        reads(
            "a disk compressed with gzip",
            d ->
                with(
                        "vm.ovf",
                        BIOS.replace(
                            "ovf:id=\"file1\"", "ovf:id=\"file1\" ovf:compression=\"gzip\""))
                    .and("disk1.vmdk", Ovas.gzip(VMDK))
                    .andManifest("vm.mf", "SHA-256", "SHA256(%s)= %s")
                    .tar(d.resolve("x")),
            BIOS_READ),
        reads(
            "a disk in parts",
            d ->
                with(
                        "vm.ovf",
                        BIOS.replace(
                            "ovf:id=\"file1\"", "ovf:id=\"file1\" ovf:chunkSize=\"50000\""))
                    .and("disk1.vmdk.000000000", Arrays.copyOfRange(VMDK, 0, 50_000))
                    .and("disk1.vmdk.000000001", Arrays.copyOfRange(VMDK, 50_000, VMDK.length))
                    .andManifest("vm.mf", "SHA-256", "SHA256(%s)= %s")
                    .tar(d.resolve("x")),
            BIOS_READ.replace("disk1.vmdk 1", "disk1.vmdk.000000000 1")),
        reads(
            "a disk compressed and in parts, out of order in a tar.gz",
            d -> {
              byte[] packed = Ovas.gzip(VMDK);
              return Ovas.write(
                  d.resolve("x"),
                  Ovas.gzip(
                      with("disk1.vmdk.000000001", Arrays.copyOfRange(packed, 300, packed.length))
                          .and("disk1.vmdk.000000000", Arrays.copyOf(packed, 300))
                          .and(
                              "vm.ovf",
                              BIOS.replace(
                                  "ovf:id=\"file1\"",
                                  "ovf:id=\"file1\" ovf:compression=\"gzip\""
                                      + " ovf:chunkSize=\"300\""))
                          .andManifest("vm.mf", "SHA-1", "SHA1(%s)= %s")
                          .tar()));
            },
            BIOS_READ.replace("disk1.vmdk 1", "disk1.vmdk.000000000 1")),
        reads(
            "lines that are no checksum, a signature",
            d ->
                bios()
                    .and("vm.mf", "MD5(x)= 00\nSHA1(gone.iso)= " + "0".repeat(40) + "\n")
                    .and("vm.cert", "x")
                    .tar(d.resolve("x")),
            BIOS_READ
                + "; warning was not verified; warning has no checksum of disk1.vmdk; warning"
                + " vm.mf, line 1, has a checksum of an algorithm that is not known here, MD5:"
                + " MD5(x)= 00; warning vm.mf, line 2 has a checksum of gone.iso, which is not in"),
        reads(
            "a text descriptor beside its extent, in a folder",
            d ->
                with("vm.ovf", BIOS)
                    .and(
                        "disk1.vmdk",
                        TestImages.descriptor("monolithicFlat", "RW 2048 FLAT \"flat\" 0"))
                    .and("flat", new byte[1 << 20])
                    .folder(d.resolve("x")),
            BIOS_READ),
        reads(
            "a disk of no whole number of sectors",
            d -> with("vm.ovf", BIOS).and("disk1.vmdk", odd()).tar(d.resolve("x")),
            BIOS_READ.replace("1048576", "67108864")
                + "; warning it is a qcow2 disk; warning bytes, and it has 67108864"),
        reads(
            "the same at the archive's end, without padding",
            d ->
                Ovas.write(
                    d.resolve("x"),
                    new TarHeaders()
                        .entry("vm.ovf", '0', BIOS)
                        .header("disk1.vmdk", '0', "%011o".formatted(odd().length))
                        .cutHere(odd())),
            BIOS_READ.replace("1048576", "67108864")),
        reads(
            "tar.zst of two frames",
            d -> {
              byte[] tar = bios().tar();
              byte[] one = Ovas.zstd(Arrays.copyOf(tar, 5000));
              byte[] two = Ovas.zstd(Arrays.copyOfRange(tar, 5000, tar.length));
              byte[] both = Arrays.copyOf(one, one.length + two.length);
              System.arraycopy(two, 0, both, one.length, two.length);
              return Ovas.write(d.resolve("x"), both);
            },
            BIOS_READ),
        reads(
            "nonsense in what matters less",
            d -> changed(">512<", ">lots<").tar(d.resolve("x")),
            BIOS_READ.replace("512 MiB", "- MiB") + "; warning memory quantity is not understood"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("good")
  void isRead(Function<Path, Path> make, String expected) throws IOException {
    Path source = make.apply(directory.toRealPath());
    Path unpacked = Files.createDirectory(directory.resolve("unpacked"));

    try (OvaPackage ova = OvaReader.openOvf(source)) {
      List<ReadyDisk> disks = ova.ready(unpacked);

      String[] parts = expected.split("; warning ");
      assertThat(reading(ova, disks)).isEqualTo(parts[0]);
      assertThat(ova.warnings()).hasSize(parts.length - 1);
      for (int i = 1; i < parts.length; i++) {
        String part = parts[i];
        assertThat(ova.warnings()).anySatisfy(w -> assertThat(w).contains(part));
      }
    }
  }

  @Test
  void theGuestsSystemIsCalledAsTheDescriptionCallsIt() throws IOException {
    Path source =
        with("web.ovf", resource("vsphere-uefi.ovf"))
            .and("web-1.vmdk", VMDK)
            .and("web-2.vmdk", TestImages.vmdk())
            .tar(directory.toRealPath().resolve("web.ova"));

    try (OvaPackage ova = OvaReader.openOvf(source)) {
      assertThat(ova.machine().orElseThrow().guestOs()).isEqualTo("debian12_64Guest");
    }
  }

  @Test
  void namesThatWouldSteerATerminalAreShownHarmlessly() throws IOException {
    Path source =
        with("\u001b[2J.ovf", BIOS.replace("disk1.vmdk", "\u202edisk"))
            .and("\u202edisk", VMDK)
            .and("\u001b[2J.mf", "\u001b]0;x")
            .and("\u001b[2J.cert", "")
            .tar(directory.toRealPath().resolve("x"));

    try (OvaPackage ova = OvaReader.openOvf(source)) {
      List<ReadyDisk> disks = ova.ready(directory);

      List<String> shown = new ArrayList<>(ova.warnings());
      shown.add(disks.get(0).member());
      shown.add(ova.description().orElseThrow());
      shown.addAll(ova.manifests());
      shown.add(ova.certificate().orElseThrow());
      assertThat(shown).hasSize(7).noneMatch(text -> text.matches("(?s).*[\\p{Cc}\\p{Cf}].*"));
    }
  }

  private static String reading(OvaPackage ova, List<ReadyDisk> disks) {
    VirtualHardware machine = ova.machine().orElseThrow();
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < disks.size(); i++) {
      HardwareDisk hardware = machine.disks().get(i);
      ReadyDisk disk = disks.get(i);
      all.append(i == 0 ? "" : ", ")
          .append(hardware.id() + " " + (disk.member().isEmpty() ? "-" : disk.member()))
          .append(" " + disk.image().virtualSize() + " ")
          .append(
              hardware
                  .controller()
                  .map(
                      c ->
                          c.kind()
                              + " "
                              + c.model()
                              + " "
                              + c.address()
                              + ":"
                              + shown(hardware.unit().isPresent(), hardware.unit().orElse(0)))
                  .orElse("- -"));
    }
    String cards =
        machine.cards().stream()
            .map(
                c ->
                    c.mac().orElse("-")
                        + " "
                        + c.model()
                        + " "
                        + c.network()
                        + " "
                        + shown(c.address().isPresent(), c.address().orElse(0)))
            .collect(Collectors.joining(", "));
    String firmware =
        machine.firmware().map(Enum::name).orElse("-") + (machine.secureBoot() ? " secure" : "");
    return "%s, %s, %s MiB, cpus %s, cores %s, %s; disks %s; cards %s; drives %s"
        .formatted(
            machine.name(),
            machine.hardware(),
            shown(machine.memory().isPresent(), machine.memory().orElse(0) >> 20),
            shown(machine.cpus().isPresent(), machine.cpus().orElse(0)),
            shown(machine.coresPerSocket().isPresent(), machine.coresPerSocket().orElse(0)),
            firmware,
            all,
            cards,
            machine.drives().stream().map(Enum::name).collect(Collectors.joining(" ")));
  }

  private static String shown(boolean there, long value) {
    return there ? String.valueOf(value) : "-";
  }
}
