package io.hyper2kvm.image.ova;

import static io.hyper2kvm.image.ova.VmxFolder.VMX;
import static io.hyper2kvm.image.ova.VmxFolder.named;
import static io.hyper2kvm.image.ova.VmxFolder.second;
import static io.hyper2kvm.image.ova.VmxFolder.snapshot;
import static io.hyper2kvm.image.ova.VmxFolder.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.probe.TestImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** VMs that are refused, with the reason and the place. */
class RefusedVmxTest {

  private static final byte[] VMDK = TestImages.vmdk();

  @TempDir Path directory;

  private static Arguments reads(String name, Function<Path, Path> make, String expected) {
    return Arguments.of(named(name, make), expected);
  }

  private static Path linked(Path folder, String link, String to) {
    try {
      Files.createSymbolicLink(folder.resolve(link), Path.of(to));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        reads(
            "no description",
            d -> Ovas.with("web.vmdk", VMDK).folder(d),
            "OVF_MISSING holds no .vmx or .vmtx file; it holds web.vmdk"),
        reads(
            "only macOS's",
            d -> Ovas.with("._web.vmx", "x").folder(d),
            "OVF_MISSING holds no .vmx"),
        reads(
            "two descriptions",
            d -> web().and("old.vmx", VMX).folder(d),
            "OVF_SEVERAL old.vmx, web.vmx"),
        reads(
            "a machine and a template",
            d -> web().and("web.vmtx", VMX).folder(d),
            "OVF_SEVERAL web.vmtx, web.vmx"),
        reads(
            "a description in a folder below",
            d -> Ovas.with("web/web.vmx", VMX).folder(d),
            "OVF_MISSING it holds nothing"),
        reads(
            "an endless description",
            d -> Ovas.with("web.vmx", VMX + "#".repeat(4 << 20)).folder(d),
            "ARCHIVE_TOO_LARGE web.vmx has"),
        reads(
            "another file",
            d -> Ovas.with("web.vmx", VMDK).folder(d).resolve("web.vmx"),
            "FORMAT_MISMATCH is no VMX text, but a VMDK disk"),
        reads(
            "an OVF",
            d ->
                Ovas.with("web.vmx", "<?xml version='1.0'?><Envelope/>")
                    .folder(d)
                    .resolve("web.vmx"),
            "FORMAT_MISMATCH is no VMX text, but an XML text"),
        reads(
            "an empty file", d -> Ovas.with("web.vmx", "").folder(d), "OVF_INVALID it has no disk"),
        reads(
            "half of a file",
            d -> Ovas.with("web.vmx", VMX.substring(0, VMX.indexOf("web.vmdk"))).folder(d),
            "OVF_INVALID line 10: \"scsi0:0.fileName = \"\" is not of the form"),
        reads(
            "bytes of a disk",
            d -> Ovas.with("web.vmx", VMX + "\0\0\0\0").folder(d),
            "OVF_INVALID line 18: a NUL byte"),
        reads(
            "an encrypted machine",
            d ->
                Ovas.with(
                        "web.vmx",
                        ".encoding = \"UTF-8\"\ndisplayName = \"web\"\n"
                            + "encryption.keySafe = \"vmware:key/list/(pair/(phrase/x,y,z))\"\n"
                            + "encryption.data = \"3Zb9\"\n")
                    .folder(d),
            "VM_ENCRYPTED line 3: the VM is encrypted by VMware (encryption.keySafe)"),
        reads(
            "a suspended machine",
            d -> web("checkpoint.vmState = \"web.vmss\"\n").and("web.vmss", "x").folder(d),
            "VM_SUSPENDED line 18: the VM is suspended: its memory is in \"web.vmss\""),
        reads(
            "a missing disk",
            d -> named("web.vmdk").and("web_1.vmdk", VMDK).folder(d),
            "OVF_DISK_MISSING line 10 names the file \"web.vmdk\", which is not there; there are"
                + " web_1.vmdk"),
        reads(
            "a name of two lines", d -> named("web|0a.vmdk").folder(d), "OVF_DISK_MISSING \\u000a"),
        reads("a NUL in a name", d -> named("web|00.vmdk").folder(d), "OVF_DISK_OUTSIDE has a NUL"),
        reads("a disk above", d -> named("../web.vmdk").folder(d), "OVF_DISK_OUTSIDE climbs out"),
        reads(
            "a disk above, from Windows",
            d -> named("..\\web.vmdk").folder(d),
            "OVF_DISK_OUTSIDE climbs out"),
        reads(
            "a disk above by a folder of ours",
            d -> named(d + "/../web.vmdk").folder(d),
            "OVF_DISK_OUTSIDE climbs out"),
        reads(
            "any file",
            d -> named("/etc/passwd").folder(d),
            "OVF_DISK_OUTSIDE has an absolute name"),
        reads(
            "another datastore",
            d -> named("/vmfs/volumes/5f3c1b2a-0a1b2c3d-9e8f-0050569a1234/web/web.vmdk").folder(d),
            "OVF_DISK_OUTSIDE has an absolute name"),
        reads(
            "another datastore by its name",
            d -> named("[datastore1] web/web.vmdk").folder(d),
            "OVF_DISK_OUTSIDE is on a datastore that is named"),
        reads(
            "a disk on a Windows drive",
            d -> named("D:\\VMs\\web.vmdk").folder(d),
            "OVF_DISK_OUTSIDE has an absolute name"),
        reads(
            "a disk on a Windows server",
            d -> named("\\\\server\\vms\\web.vmdk").folder(d),
            "OVF_DISK_OUTSIDE has an absolute name"),
        reads(
            "a disk on a server",
            d -> named("nbd://10.0.0.1/web").folder(d),
            "OVF_DISK_OUTSIDE is an address"),
        reads(
            "a disk for QEMU",
            d -> named("json:{|22driver|22:|22nbd|22}").folder(d),
            "OVF_DISK_OUTSIDE is an address"),
        reads("the folder itself", d -> named("./").folder(d), "OVF_DISK_OUTSIDE is no file name"),
        reads(
            "a folder",
            d -> named("sub").and("sub/x", "x").folder(d),
            "ARCHIVE_UNSAFE is no regular"),
        reads(
            "a link",
            d -> relinked(linked(web().folder(d), "link.vmdk", "web.vmdk")),
            "ARCHIVE_UNSAFE is, or lies behind, a symbolic link"),
        reads(
            "a link to a folder",
            d -> linked(named("sub/passwd").folder(d), "sub", "/etc"),
            "ARCHIVE_UNSAFE is, or lies behind, a symbolic link"),
        reads(
            "a disk of 0 bytes",
            d -> named("web.vmdk").and("web.vmdk", "").folder(d),
            "FORMAT_MISMATCH line 10: scsi0:0: "),
        reads(
            "a raw disk",
            d -> named("web.img").and("web.img", new byte[1 << 20]).folder(d),
            "FORMAT_MISMATCH but it is a raw disk"),
        reads(
            "data without its descriptor",
            d -> named("web-flat.vmdk").and("web-flat.vmdk", new byte[1 << 20]).folder(d),
            "FORMAT_MISMATCH web-flat.vmdk"),
        reads(
            "half of a disk",
            d ->
                web()
                    .and("web.vmdk", TestImages.descriptor("vmfs", "RW 2048 VMFS \"w-flat.vmdk\""))
                    .and("w-flat.vmdk", new byte[1000])
                    .folder(d),
            "IMAGE_TRUNCATED line 10: scsi0:0: "),
        reads(
            "an extent elsewhere",
            d ->
                web()
                    .and("web.vmdk", TestImages.descriptor("vmfs", "RW 8 VMFS \"/etc/passwd\""))
                    .folder(d),
            "EXTENT_OUTSIDE line 10: scsi0:0: "),
        reads(
            "a raw device mapping",
            d ->
                web("scsi0:0.deviceType = \"rdm\"\n")
                    .and(
                        "web.vmdk",
                        TestImages.descriptor(
                            "vmfsRawDeviceMap", "RW 2048 VMFSRDM \"web-rdm.vmdk\""))
                    .and("web-rdm.vmdk", "")
                    .folder(d),
            "EXTENT_NOT_REGULAR a raw device mapping"),
        reads(
            "a disk of the host",
            d ->
                web("scsi0:0.deviceType = \"rawDisk\"\n")
                    .and(
                        "web.vmdk",
                        TestImages.descriptor(
                            "fullDevice", "RW 2048 FLAT \"\\\\.\\PhysicalDrive0\" 0"))
                    .folder(d),
            "FORMAT_UNSUPPORTED createType \"fullDevice\""),
        reads(
            "a snapshot without its parent",
            d ->
                named("web-000001.vmdk")
                    .and("web-000001.vmdk", snapshot("aaaaaaa1", "12345678", "web.vmdk"))
                    .folder(d),
            "PARENT_MISSING line 10: scsi0:0: "),
        reads(
            "a linked clone whose base lies elsewhere",
            d ->
                named("web-000001.vmdk")
                    .and(
                        "web-000001.vmdk",
                        snapshot("aaaaaaa1", "12345678", "/vmfs/volumes/ds1/base/base.vmdk"))
                    .folder(d),
            "PARENT_OUTSIDE base.vmdk"),
        reads(
            "a snapshot on another state of its parent",
            d ->
                named("web-000001.vmdk")
                    .and("web-000001.vmdk", snapshot("aaaaaaa1", "99999999", "web.vmdk"))
                    .and("web.vmdk", VMDK)
                    .folder(d),
            "PARENT_MISMATCH content id"),
        reads(
            "a snapshot of itself",
            d ->
                named("web-000001.vmdk")
                    .and("web-000001.vmdk", snapshot("aaaaaaa1", "aaaaaaa1", "web-000001.vmdk"))
                    .folder(d),
            "PARENT_CYCLE line 10"),
        reads(
            "the description as a disk",
            d -> named("web.vmx").folder(d),
            "FORMAT_UNSUPPORTED it is a VMX text"),
        reads(
            "a disk twice",
            d -> web(second("./web.vmdk")).folder(d),
            "OVF_INVALID line 19: scsi0:1 and scsi0:0 are on the same file, web.vmdk"),
        reads(
            "a disk and its data",
            d ->
                web(second("web-flat.vmdk"))
                    .and(
                        "web.vmdk", TestImages.descriptor("vmfs", "RW 2048 VMFS \"web-flat.vmdk\""))
                    .and("web-flat.vmdk", new byte[1 << 20])
                    .folder(d),
            "OVF_INVALID scsi0:1 and scsi0:0 are on the same file, web.vmdk"),
        reads(
            "a disk and its parent",
            d ->
                web(second("web-000001.vmdk"))
                    .and("web-000001.vmdk", snapshot("aaaaaaa1", "12345678", "web.vmdk"))
                    .folder(d),
            "OVF_INVALID are on the same file, web.vmdk"),
        reads(
            "a qcow2 on another file",
            d -> named("web.qcow2").and("web.qcow2", BiosOva.backed()).folder(d),
            "IMAGE_HAS_BACKING_FILE line 10"));
  }

  private static Path relinked(Path folder) {
    try {
      Files.writeString(folder.resolve("web.vmx"), VMX.replace("web.vmdk", "link.vmdk"));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("bad")
  void isRefused(Function<Path, Path> make, String expected) throws IOException {
    Path source = make.apply(directory.toRealPath());
    String code = expected.split(" ")[0];

    try (OvaPackage vm = VmxReader.open(source)) {
      throw new AssertionError(vm + " was not refused, expected " + expected);
    } catch (ImageRefusedException e) {
      assertThat(e.code().name()).as(e.getMessage()).isEqualTo(code);
      assertThat(e.getMessage()).contains(expected.substring(code.length()).strip());
      assertThat(e.getMessage()).contains(source.toString());
      assertThat(e.hint()).endsWith(".");
    }
  }
}
