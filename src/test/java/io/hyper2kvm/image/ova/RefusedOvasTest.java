package io.hyper2kvm.image.ova;

import static io.hyper2kvm.image.ova.BiosOva.ATTACHED;
import static io.hyper2kvm.image.ova.BiosOva.BIOS;
import static io.hyper2kvm.image.ova.BiosOva.HALF;
import static io.hyper2kvm.image.ova.BiosOva.VMDK;
import static io.hyper2kvm.image.ova.BiosOva.backed;
import static io.hyper2kvm.image.ova.BiosOva.bios;
import static io.hyper2kvm.image.ova.BiosOva.changed;
import static io.hyper2kvm.image.ova.BiosOva.cut;
import static io.hyper2kvm.image.ova.BiosOva.reads;
import static io.hyper2kvm.image.ova.Ovas.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.probe.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** OVAs that are refused, with the reason and the place. */
class RefusedOvasTest {

  @TempDir Path directory;

  static Stream<Arguments> bad() {
    String vmdkText = TestImages.descriptor("monolithicFlat", "RW 2048 FLAT \"/etc/passwd\" 0");
    return Stream.of(
        reads(
            "no .ovf",
            d -> with("a.vmdk", VMDK).tar(d.resolve("x")),
            "OVF_MISSING it holds a.vmdk"),
        reads("only macOS's", d -> with("._a.ovf", "x").tar(d.resolve("x")), "OVF_MISSING ._a.ovf"),
        reads(
            "several .ovf",
            d -> bios().and("b.ovf", BIOS).tar(d.resolve("x")),
            "OVF_SEVERAL vm.ovf, b.ovf"),
        reads(
            "several in a folder",
            d -> bios().and("b.OVF", BIOS).folder(d.resolve("x")),
            "OVF_SEVERAL b.OVF, vm.ovf"),
        reads(
            "an empty folder",
            d -> with("sub/x.ovf", BIOS).folder(d.resolve("x")),
            "OVF_MISSING nothing"),
        reads(
            "several machines",
            d ->
                changed(
                        "  <VirtualSystem ovf:id=\"vm\">",
                        "<VirtualSystem ovf:id=\"db\"/><VirtualSystem ovf:id=\"vm\">")
                    .tar(d.resolve("x")),
            "OVF_SEVERAL_VMS 2 virtual machines: db, old server"),
        reads(
            "no machine",
            d -> with("vm.ovf", "<Envelope/>").tar(d.resolve("x")),
            "OVF_INVALID describes no virtual machine"),
        reads(
            "no hardware",
            d -> with("vm.ovf", "<Envelope><VirtualSystem/></Envelope>").tar(d.resolve("x")),
            "OVF_INVALID no VirtualHardwareSection"),
        reads("no disk", d -> changed(">17<", ">18<").tar(d.resolve("x")), "OVF_INVALID no disk"),
        reads(
            "another XML",
            d -> with("vm.ovf", "<html/>").tar(d.resolve("x")),
            "OVF_INVALID its root is <html>"),
        reads(
            "no XML",
            d -> with("vm.ovf", "hello").tar(d.resolve("x")),
            "OVF_INVALID not readable as XML"),
        reads(
            "a document type",
            d ->
                with("vm.ovf", "<!DOCTYPE e [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><e>&x;</e>")
                    .tar(d.resolve("x")),
            "OVF_INVALID line 1: a document type"),
        reads(
            "entities that double",
            d ->
                with("vm.ovf", "<!DOCTYPE e [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><e>&b;</e>")
                    .tar(d.resolve("x")),
            "OVF_INVALID a document type"),
        reads(
            "elements too deep",
            d -> with("vm.ovf", "<e>".repeat(5000)).tar(d.resolve("x")),
            "OVF_INVALID in each other"),
        reads(
            "a missing disk",
            d -> with("vm.ovf", BIOS).and("disk2.vmdk", VMDK).tar(d.resolve("x")),
            "OVF_DISK_MISSING \"disk1.vmdk\", which is not there; there are vm.ovf, disk2.vmdk"),
        reads(
            "a disk above",
            d -> changed("\"disk1.vmdk\"", "\"../disk1.vmdk\"").folder(d.resolve("x")),
            "OVF_DISK_OUTSIDE climbs out"),
        reads(
            "a disk above, encoded",
            d -> changed("\"disk1.vmdk\"", "\"%2e%2e/disk1.vmdk\"").folder(d.resolve("x")),
            "OVF_DISK_OUTSIDE climbs out"),
        reads(
            "an absolute disk",
            d -> changed("\"disk1.vmdk\"", "\"/etc/passwd\"").folder(d.resolve("x")),
            "OVF_DISK_OUTSIDE has an absolute name"),
        reads(
            "a disk on a server",
            d -> changed("\"disk1.vmdk\"", "\"http://10.0.0.1/disk1.vmdk\"").folder(d.resolve("x")),
            "OVF_DISK_OUTSIDE is an address"),
        reads(
            "a disk by file:",
            d -> changed("\"disk1.vmdk\"", "\"file:///etc/passwd\"").folder(d.resolve("x")),
            "OVF_DISK_OUTSIDE is an address"),
        reads(
            "the folder as disk",
            d -> changed("\"disk1.vmdk\"", "\"./\"").folder(d.resolve("x")),
            "OVF_DISK_OUTSIDE is no file name"),
        reads(
            "a description without its disk section",
            d -> changed("ovf:diskId=\"vmdisk1\"", "ovf:diskId=\"other\"").tar(d.resolve("x")),
            "OVF_INVALID names no disk of the DiskSection"),
        reads(
            "a file that is not listed",
            d -> changed("ovf:fileRef=\"file1\"", "ovf:fileRef=\"file2\"").tar(d.resolve("x")),
            "OVF_INVALID line 9: fileRef \"file2\" names no file"),
        reads(
            "a disk without a file or a size",
            d ->
                changed("ovf:fileRef=\"file1\"", "")
                    .andManifest("m", "SHA-1", "")
                    .and(
                        "vm.ovf",
                        BIOS.replace("ovf:fileRef=\"file1\"", "")
                            .replace("ovf:capacity=\"2048\"", "ovf:capacity=\"${size}\""))
                    .tar(d.resolve("x")),
            "OVF_INVALID neither a file nor a capacity"),
        reads(
            "a disk twice",
            d ->
                changed(">14<", ">17<")
                    .and(
                        "vm.ovf",
                        BIOS.replace(
                                "<rasd:ResourceSubType>vmware.floppy.device</rasd:ResourceSubType>",
                                "<rasd:HostResource>" + ATTACHED + "</rasd:HostResource>")
                            .replace(">14<", ">17<"))
                    .tar(d.resolve("x")),
            "OVF_INVALID attached twice"),
        reads(
            "a difference",
            d ->
                changed("ovf:fileRef=\"file1\"", "ovf:fileRef=\"file1\" ovf:parentRef=\"base\"")
                    .tar(d.resolve("x")),
            "PARENT_UNSUPPORTED difference"),
        reads(
            "another compression",
            d ->
                changed("ovf:id=\"file1\"", "ovf:id=\"file1\" ovf:compression=\"bzip2\"")
                    .tar(d.resolve("x")),
            "FORMAT_UNSUPPORTED bzip2"),
        reads(
            "gzip that is none",
            d ->
                changed("ovf:id=\"file1\"", "ovf:id=\"file1\" ovf:compression=\"gzip\"")
                    .tar(d.resolve("x")),
            "ARCHIVE_CORRUPT disk1.vmdk cannot be unpacked"),
        reads(
            "a bomb",
            d ->
                with(
                        "vm.ovf",
                        BIOS.replace(
                            "ovf:id=\"file1\"", "ovf:id=\"file1\" ovf:compression=\"gzip\""))
                    .and("disk1.vmdk", Ovas.gzip(new byte[70 << 20]))
                    .tar(d.resolve("x")),
            "ARCHIVE_TOO_LARGE disk1.vmdk"),
        reads(
            "parts of a wrong size",
            d ->
                with(
                        "vm.ovf",
                        BIOS.replace("ovf:id=\"file1\"", "ovf:id=\"file1\" ovf:chunkSize=\"5\""))
                    .and("disk1.vmdk.000000000", VMDK)
                    .tar(d.resolve("x")),
            "OVF_INVALID with a chunkSize of 5"),
        reads(
            "chunkSize 0",
            d ->
                changed("ovf:id=\"file1\"", "ovf:id=\"file1\" ovf:chunkSize=\"0\"")
                    .tar(d.resolve("x")),
            "OVF_INVALID chunkSize \"0\""),
        reads(
            "a wrong checksum",
            d -> bios().and("vm.mf", "SHA1(disk1.vmdk)= " + "ab".repeat(20)).tar(d.resolve("x")),
            "SOURCE_CHECKSUM_MISMATCH disk1.vmdk has the SHA-1 "
                + Ovas.sum("SHA-1", VMDK)
                + ", its manifest says "
                + "ab".repeat(20)),
        reads(
            "a wrong checksum in a zip",
            d ->
                Ovas.write(
                    d.resolve("x"),
                    bios().and("vm.mf", "SHA256(vm.ovf)= " + "ab".repeat(32)).zip(false)),
            "SOURCE_CHECKSUM_MISMATCH vm.ovf"),
        reads(
            "a wrong checksum of a part",
            d ->
                Ovas.write(
                    d.resolve("x"),
                    Ovas.gzip(
                        bios().and("vm.mf", "SHA256 (disk1.vmdk) = " + "ab".repeat(32)).tar())),
            "SOURCE_CHECKSUM_MISMATCH disk1.vmdk"),
        reads(
            "two sums of which one is wrong",
            d ->
                bios()
                    .and(
                        "vm.mf",
                        "SHA1(disk1.vmdk)= "
                            + Ovas.sum("SHA-1", VMDK)
                            + "\nSHA1(disk1.vmdk)= "
                            + "ab".repeat(20))
                    .tar(d.resolve("x")),
            "SOURCE_CHECKSUM_MISMATCH"),
        reads(
            "a text descriptor in a tar",
            d -> with("vm.ovf", BIOS).and("disk1.vmdk", vmdkText).tar(d.resolve("x")),
            "FORMAT_UNSUPPORTED the disk \"disk1.vmdk\" in"),
        reads(
            "a text descriptor in a tar.gz",
            d ->
                Ovas.write(
                    d.resolve("x"),
                    Ovas.gzip(
                        with("vm.ovf", BIOS).and("disk1.vmdk", vmdkText).and("flat", "x").tar())),
            "FORMAT_UNSUPPORTED descriptor"),
        reads(
            "a text descriptor that names a file outside",
            d -> with("vm.ovf", BIOS).and("disk1.vmdk", vmdkText).folder(d.resolve("x")),
            "EXTENT_OUTSIDE /etc/passwd"),
        reads(
            "a disk that ends too early",
            d -> with("vm.ovf", BIOS).and("disk1.vmdk", HALF).tar(d.resolve("x")),
            "IMAGE_TRUNCATED the disk \"disk1.vmdk\" in"),
        reads(
            "a disk that is none",
            d -> with("vm.ovf", BIOS).and("disk1.vmdk", new byte[4096]).tar(d.resolve("x")),
            "FORMAT_MISMATCH declared as a VMDK disk, but it is a raw disk"),
        reads(
            "a qcow2 with a backing file",
            d -> with("vm.ovf", BIOS).and("disk1.vmdk", backed()).tar(d.resolve("x")),
            "IMAGE_HAS_BACKING_FILE /etc/passwd"),
        reads(
            "a tar that ends too early",
            d -> Ovas.write(d.resolve("x"), Arrays.copyOf(bios().tar(), 40_000)),
            "ARCHIVE_CORRUPT ends within \"disk1.vmdk\""),
        reads(
            "a tar.gz that ends too early",
            d -> Ovas.write(d.resolve("x"), cut(Ovas.gzip(bios().tar()))),
            "ARCHIVE_CORRUPT cannot be unpacked"),
        reads(
            "a tar.xz that ends too early",
            d -> Ovas.write(d.resolve("x"), cut(Ovas.xz(bios().tar()))),
            "ARCHIVE_CORRUPT cannot be unpacked"),
        reads(
            "a tar.zst that ends too early",
            d -> Ovas.write(d.resolve("x"), cut(Ovas.zstd(bios().tar()))),
            "ARCHIVE_CORRUPT "),
        reads(
            "a zip that ends too early",
            d -> Ovas.write(d.resolve("x"), cut(bios().zip(true))),
            "ARCHIVE_CORRUPT ends without its directory"),
        reads(
            "a zip that climbs out",
            d -> Ovas.write(d.resolve("x"), bios().and("../x", "x").zip(true)),
            "ARCHIVE_UNSAFE climbs out"),
        reads(
            "gzip without a tar",
            d -> Ovas.write(d.resolve("x"), Ovas.gzip(VMDK)),
            "FORMAT_UNSUPPORTED no tar archive"),
        reads(
            "a disk instead",
            d -> Ovas.write(d.resolve("x"), VMDK),
            "FORMAT_MISMATCH is no archive, but a VMDK disk"),
        reads(
            "a description of 5 MB",
            d -> with("vm.ovf", " ".repeat(5 << 20)).tar(d.resolve("x")),
            "ARCHIVE_TOO_LARGE vm.ovf has"),
        reads("nothing", d -> d.resolve("x"), "SOURCE_NOT_FOUND"));
  }

  @Test
  void everyCodeOfOvasHasACase() {
    List<String> codes =
        Stream.of(FailureCode.values())
            .map(Enum::name)
            .filter(code -> code.matches("(ARCHIVE|OVF)_.*|SOURCE_CHECKSUM_MISMATCH"))
            .toList();

    assertThat(bad().map(a -> ((String) a.get()[1]).split(" ")[0])).containsAll(codes);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void isRefused(Function<Path, Path> make, String expected) throws IOException {
    Path source = make.apply(directory.toRealPath());
    Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
    String code = expected.split(" ")[0];

    try (OvaPackage ova = OvaReader.openOvf(source)) {
      ova.ready(unpacked);
    } catch (ImageRefusedException e) {
      assertThat(e.code().name()).as(e.getMessage()).isEqualTo(code);
      assertThat(e.getMessage()).contains(expected.substring(code.length()).strip());
      assertThat(e.getMessage()).contains(source.toString());
      assertThat(e.hint()).endsWith(".");
      return;
    }
    throw new AssertionError("not refused, expected " + expected);
  }
}
