package io.hyper2kvm.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BootSectorTest {

  private static final BootSector DATA = new BootSector(false, false, false);
  private static final BootSector GRUB = BootSector.of(sector("GRUB ", false));
  private static final BootSector STANDARD =
      BootSector.of(sector("Missing operating system", false));

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

  @Test
  void theFirstDiskIsTakenWhenNoneSaysAnything() {
    assertThat(BootSector.bootDisk(List.of(DATA, DATA), disk -> disk == 1)).isZero();
  }

  @Test
  void aDiskWithoutCodeIsPassedOver() {
    assertThat(BootSector.bootDisk(List.of(DATA, STANDARD), disk -> false)).isEqualTo(1);
  }

  @Test
  void aLoaderStandsAboveStandardCode() {
    assertThat(BootSector.bootDisk(List.of(STANDARD, GRUB), disk -> disk == 0)).isEqualTo(1);
  }

  @Test
  void ofTwoLoadersTheOneBesideItsFilesIsTaken() {
    assertThat(BootSector.bootDisk(List.of(GRUB, GRUB), disk -> disk == 1)).isEqualTo(1);
    assertThat(BootSector.bootDisk(List.of(GRUB, GRUB), disk -> false)).isZero();
  }

  @Test
  void anActivePartitionDecidesBetweenEquals() {
    BootSector active = BootSector.of(sector("Missing operating system", true));

    assertThat(BootSector.bootDisk(List.of(STANDARD, active), disk -> false)).isEqualTo(1);
  }

  @Property
  void anyBytesAreReadWithoutAnError(@ForAll @Size(max = 600) byte[] sector) {
    BootSector read = BootSector.of(sector);

    assertThat(read.hasCode() || !read.hasLoader()).isTrue();
  }
}
