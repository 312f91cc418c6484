package io.hyper2kvm.guest.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

@Tag("property")
class BootSectorTest {

  private static final BootSector DATA = new BootSector(false, false, false);
  private static final BootSector GRUB = BootSector.of(sector("GRUB ", false));
  private static final BootSector STANDARD =
      BootSector.of(sector("Missing operating system", false));

  private static final BootSector ACTIVE = BootSector.of(sector("Missing operating system", true));

  private static byte[] sector(String text, boolean active) {
    byte[] sector = new byte[512];
    sector[0] = (byte) 0xeb;
    byte[] words = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(words, 0, sector, 0x180, words.length);
    sector[446] = (byte) (active ? 0x80 : 0);
    sector[510] = 0x55;
    sector[511] = (byte) 0xaa;
    return sector;
  }

  @Test
  void aSectorWithoutItsSignatureIsNotRun() {
    byte[] sector = sector("GRUB ", true);
    sector[511] = 0;

    assertThat(BootSector.of(sector)).isEqualTo(DATA);
  }

  @Test
  void aShortAnswerIsNone() {
    assertThat(BootSector.of(new byte[0])).isEqualTo(DATA);
  }

  @Test
  void aPartitionTableAloneIsNothingToRun() {
    byte[] sector = sector("", true);
    sector[0] = 0;

    assertThat(BootSector.of(sector)).isEqualTo(new BootSector(false, false, true));
  }

  @Test
  void aLoaderIsKnownByItsWord() {
    assertThat(GRUB).isEqualTo(new BootSector(true, true, false));
    assertThat(STANDARD).isEqualTo(new BootSector(true, false, false));
  }

  private static int linux(BootSector... sectors) {
    return BootSector.bootDisk(List.of(sectors), 0, OptionalInt.empty(), true);
  }

  @Test
  void theFirstDiskIsTakenWhenNoneSaysAnything() {
    assertThat(BootSector.bootDisk(List.of(DATA, DATA), 0, OptionalInt.of(1), true)).isZero();
  }

  @Test
  void aDiskWithoutCodeIsPassedOver() {
    assertThat(linux(DATA, STANDARD)).isEqualTo(1);
  }

  @Test
  void theDiskOfTheBootFilesIsTakenIfItCanBeRun() {
    List<BootSector> sectors = List.of(GRUB, STANDARD);

    assertThat(BootSector.bootDisk(sectors, 0, OptionalInt.of(1), true)).isEqualTo(1);
    assertThat(BootSector.bootDisk(List.of(GRUB, DATA), 0, OptionalInt.of(1), true)).isZero();
  }

  @Test
  void theDiskThatTheBiosWasToldToStartIsTakenIfItCanBeRun() {
    assertThat(BootSector.bootDisk(List.of(GRUB, STANDARD), 1, OptionalInt.of(0), true))
        .isEqualTo(1);
    assertThat(BootSector.bootDisk(List.of(GRUB, DATA), 1, OptionalInt.of(0), true)).isZero();
  }

  @Test
  void aLoaderStandsAboveStandardCode() {
    assertThat(linux(ACTIVE, GRUB)).isEqualTo(1);
  }

  @Test
  void ofTwoLoadersTheFirstIsTaken() {
    assertThat(linux(GRUB, GRUB)).isZero();
  }

  @Test
  void anActivePartitionDecidesBetweenEquals() {
    assertThat(linux(STANDARD, ACTIVE)).isEqualTo(1);
  }

  @Test
  void anOldLoaderSaysNothingOfAnotherSystem() {
    assertThat(BootSector.bootDisk(List.of(ACTIVE, GRUB), 0, OptionalInt.empty(), false)).isZero();
  }

  @Property
  void anyBytesAreReadWithoutAnError(@ForAll @Size(max = 600) byte[] sector) {
    BootSector read = BootSector.of(sector);

    assertThat(read.hasCode() || !read.hasLoader()).isTrue();
  }
}
