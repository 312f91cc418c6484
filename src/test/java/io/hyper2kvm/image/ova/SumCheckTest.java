package io.hyper2kvm.image.ova;

import static io.hyper2kvm.image.ova.BiosOva.BIOS;
import static io.hyper2kvm.image.ova.BiosOva.VMDK;
import static io.hyper2kvm.image.ova.BiosOva.bios;
import static io.hyper2kvm.image.ova.Ovas.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageRefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which files of an OVA are compared with which sums. */
class SumCheckTest {

  private static final String OVF_SUM = Ovas.sum("SHA-256", BIOS.getBytes(StandardCharsets.UTF_8));
  private static final String DISK_SUM = Ovas.sum("SHA-256", VMDK);
  private static final String WRONG = "ab".repeat(32);
  private static final String BOTH =
      "SHA256(vm.ovf)= %s\nSHA256(disk1.vmdk)= %s\n".formatted(OVF_SUM, DISK_SUM);

  @TempDir Path directory;

  /** The ways in which an OVA comes. */
  private enum Form {
    TAR,
    TAR_GZ,
    ZIP,
    FOLDER;

    Path write(Ovas ova, Path at) {
      return switch (this) {
        case TAR -> ova.tar(at);
        case TAR_GZ -> Ovas.write(at, Ovas.gzip(ova.tar()));
        case ZIP -> Ovas.write(at, ova.zip(false));
        case FOLDER -> ova.folder(at);
      };
    }
  }

  private record Result(List<String> compared, List<String> warnings) {}

  private Result read(Form form, Ovas ova) throws IOException {
    return read(form.write(ova, directory.toRealPath().resolve("source")));
  }

  private Result read(Path source) throws IOException {
    Path unpacked = Files.createDirectories(directory.resolve("unpacked"));
    try (OvaPackage opened = OvaReader.openOvf(source)) {
      opened.ready(unpacked);
      return new Result(opened.compared(), opened.warnings());
    }
  }

  private void assertMismatch(Form form, Ovas ova, String message) {
    assertThatThrownBy(() -> read(form, ova))
        .isInstanceOfSatisfying(
            ImageRefusedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.SOURCE_CHECKSUM_MISMATCH))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @EnumSource
  void aManifestThatListsItselfVerifiesTheOthers(Form form) throws IOException {
    Result result = read(form, bios().and("vm.mf", "SHA256(vm.mf)= " + WRONG + "\r\n" + BOTH));

    assertThat(result.compared()).containsExactlyInAnyOrder("vm.ovf", "disk1.vmdk");
    assertThat(result.warnings())
        .containsExactly(
            "vm.mf, line 1 has a checksum of the manifest itself, which none can hold: passed"
                + " over");
  }

  @ParameterizedTest
  @EnumSource
  void aManifestThatListsItselfStillFindsAWrongSum(Form form) {
    Ovas ova = bios().and("vm.mf", "SHA256(./vm.mf)= " + WRONG + "\nSHA256(disk1.vmdk)= " + WRONG);

    assertMismatch(form, ova, "disk1.vmdk has the SHA-256 " + DISK_SUM);
  }

  @ParameterizedTest
  @EnumSource
  void allManifestsAreRead(Form form) throws IOException {
    Result result =
        read(
            form,
            bios()
                .and("a.mf", "SHA256(vm.ovf)= " + OVF_SUM)
                .and("b.MF", "SHA256(disk1.vmdk)= " + DISK_SUM));

    assertThat(result.compared()).containsExactlyInAnyOrder("vm.ovf", "disk1.vmdk");
    assertThat(result.warnings()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aManifestBesideTheDescriptionsOwnIsReadToo(Form form) {
    assertMismatch(
        form,
        bios().and("vm.mf", BOTH).and("other.mf", "SHA1(disk1.vmdk)= " + "ab".repeat(20)),
        "disk1.vmdk has the SHA-1 " + Ovas.sum("SHA-1", VMDK));
  }

  @Test
  void aManifestIsVerifiedByAnother() throws IOException {
    byte[] own = BOTH.getBytes(StandardCharsets.UTF_8);
    Ovas ova =
        bios().and("vm.mf", own).and("set.mf", "SHA256(vm.mf)= " + Ovas.sum("SHA-256", own) + "\n");

    assertThat(read(Form.TAR, ova).compared())
        .containsExactlyInAnyOrder("vm.ovf", "disk1.vmdk", "vm.mf");
  }

  @Test
  void aWrongSumOfAManifestInAnotherIsFatal() {
    assertMismatch(
        Form.TAR, bios().and("vm.mf", BOTH).and("set.mf", "SHA256(vm.mf)= " + WRONG), "vm.mf has");
  }

  @Test
  void onlyItsOwnManifestBelongsToADescriptionThatIsNamed() throws IOException {
    Path folder =
        bios()
            .and("vm.mf", BOTH)
            .and("other.mf", "SHA256(disk1.vmdk)= " + WRONG)
            .folder(directory.toRealPath().resolve("source"));

    assertThat(read(folder.resolve("vm.ovf")).compared()).hasSize(2);
  }

  @Test
  void linesThatAgreeAreOneSum() throws IOException {
    String again =
        "sha-256 ( disk1.vmdk ) = %s\nSHA256(./vm.ovf)= %s\n"
            .formatted(DISK_SUM.toUpperCase(Locale.ROOT), OVF_SUM);

    Result result = read(Form.TAR, bios().and("vm.mf", BOTH + again));

    assertThat(result.compared()).containsExactlyInAnyOrder("vm.ovf", "disk1.vmdk");
    assertThat(result.warnings()).isEmpty();
  }

  @Test
  void linesThatContradictEachOtherAreRefused() {
    assertMismatch(
        Form.TAR,
        bios().and("vm.mf", BOTH + "SHA256(disk1.vmdk)= " + WRONG),
        "vm.mf, line 3 gives disk1.vmdk the SHA-256 " + WRONG + ", and another line gives it");
  }

  @Test
  void manifestsThatContradictEachOtherAreRefused() {
    assertMismatch(
        Form.TAR,
        bios().and("vm.mf", BOTH).and("z.mf", "SHA-256 (vm.ovf) = " + WRONG),
        "z.mf, line 1 gives vm.ovf");
  }

  @Test
  void aSumOfTheSignatureThatFollowsItIsPassedOver() throws IOException {
    Result result =
        read(
            Form.TAR,
            bios().and("vm.mf", BOTH + "SHA256(vm.cert)= " + WRONG).and("vm.cert", "a signature"));

    assertThat(result.compared()).hasSize(2);
    assertThat(result.warnings())
        .containsExactly(
            "the signature in vm.cert was not verified",
            "vm.mf, line 3 has a checksum of vm.cert, which is signed after it: passed over");
  }

  @Test
  void aNameMayBeRelativeToTheTopOrEncodedOrOfWindows() throws IOException {
    String description = BIOS.replace("disk1.vmdk", "d/disk%201.vmdk");
    String sum = Ovas.sum("SHA-256", description.getBytes(StandardCharsets.UTF_8));
    Ovas ova =
        with("set/vm.ovf", description)
            .and("set/d/disk 1.vmdk", VMDK)
            .and("set/a.mf", "SHA256(d/disk%201.vmdk)= " + DISK_SUM)
            .and("set/b.mf", "SHA1(d\\disk 1.vmdk)= " + Ovas.sum("SHA-1", VMDK))
            .and("c.mf", "SHA256(set/vm.ovf)= " + sum)
            .and("set/e.mf", "SHA512(set/d/disk 1.vmdk)= " + Ovas.sum("SHA-512", VMDK));

    Result result = read(Form.TAR, ova);

    assertThat(result.compared()).containsExactlyInAnyOrder("set/vm.ovf", "set/d/disk 1.vmdk");
    assertThat(result.warnings()).isEmpty();
  }

  @Test
  void whatMacOsPacksBesideAManifestIsNone() throws IOException {
    assertThat(read(Form.TAR, bios().and("vm.mf", BOTH).and("._vm.mf", "\0\1\2")).warnings())
        .isEmpty();
  }

  @Test
  void namesThatLeadNowhereAreWarnings() throws IOException {
    String lines = "SHA256(../x)= D\nSHA256(/etc/passwd)= D\nSHA256(.)= D\nSHA256()= D\n";

    assertThat(read(Form.FOLDER, bios().and("vm.mf", BOTH + lines.replace("D", WRONG))).warnings())
        .hasSize(4)
        .allMatch(warning -> warning.contains("which is not in the OVA"));
  }
}
