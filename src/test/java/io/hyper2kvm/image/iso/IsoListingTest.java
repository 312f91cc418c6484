package io.hyper2kvm.image.iso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IsoListingTest {

  @TempDir private Path directory;

  private List<String> list(byte[] image) throws IOException {
    return IsoListing.of(Files.write(directory.resolve("drivers.iso"), image));
  }

  private void assertRefused(byte[] image, String reason) {
    assertThatThrownBy(() -> list(image))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void theNamesOfJolietAreTakenWhereTheyAre() throws IOException {
    assertThat(list(IsoImages.of(true).bytes()))
        .containsExactlyInAnyOrder("README", "viostor/vioStor.sys");
  }

  @Test
  void plainNamesLoseTheirVersion() throws IOException {
    assertThat(list(IsoImages.of(false).bytes()))
        .containsExactlyInAnyOrder("README", "VIOSTOR/VIOSTOR.SYS");
  }

  @Test
  void theNamesOfRockRidgeAreTakenWhereTheyAre() throws IOException {
    assertThat(
            list(IsoImages.of(false).inPlainFolder().named("NETKVM.SYS;1", "netkvm.sys").bytes()))
        .contains("VIOSTOR/netkvm.sys");
  }

  @Test
  void whatIsNoIsoIsRefused() {
    assertRefused(new byte[40 * IsoImages.SECTOR], "no ISO 9660 image");
    assertRefused("not an image".getBytes(StandardCharsets.US_ASCII), "ends early");
  }

  @Test
  void anIsoThatIsCutOffIsRefused() {
    assertRefused(Arrays.copyOf(IsoImages.of(false).bytes(), 21 * IsoImages.SECTOR), "ends early");
  }

  @Test
  void foldersInEachOtherAreRefused() {
    assertRefused(
        IsoImages.of(false)
            .inPlainFolder()
            .record(
                "LOOP".getBytes(StandardCharsets.US_ASCII), 20, IsoImages.SECTOR, true, new byte[0])
            .bytes(),
        "lie in each other");
  }

  @Test
  void aFolderOfUnboundedSizeIsRefused() {
    assertRefused(
        IsoImages.of(false)
            .inPlainFolder()
            .record("BIG".getBytes(StandardCharsets.US_ASCII), 25, -1, true, new byte[0])
            .bytes(),
        "4294967295 bytes");
  }

  @Test
  void aNameWithASlashIsRefused() {
    assertRefused(
        IsoImages.of(false)
            .inPlainFolder()
            .record("../A".getBytes(StandardCharsets.US_ASCII), 30, 5, false, new byte[0])
            .bytes(),
        "a name of the ISO is none");
  }

  @Test
  void aRecordThatIsTooShortIsRefused() {
    byte[] image = IsoImages.of(false).bytes();
    image[20 * IsoImages.SECTOR] = 20;

    assertRefused(image, "cut off");
  }
}
