package io.hyper2kvm.guest.fstab;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.Edited;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrypttabTest {

  private static final GuestDisks DISKS =
      new GuestDisks(
          List.of(
              new GuestPartition(
                  "/dev/sda2", 0, 2, "1111-2222", "p-2", "", "crypto_LUKS", Set.of()),
              new GuestPartition("/dev/sda3", 0, 3, "3333-4444", "p-3", "", "swap", Set.of()),
              new GuestPartition("/dev/sda4", 0, 4, "5555-6666", "p-4", "", "ext4", Set.of()),
              new GuestPartition("/dev/sda5", 0, 5, "", "", "", "", Set.of())),
          1);

  @Test
  void secondColumnChangesAndNothingElse() {
    Edited edited =
        Crypttab.stabilize("# c\nroot_crypt   /dev/sda2\tnone  luks,discard # x\n", DISKS);

    assertThat(edited.text())
        .isEqualTo("# c\nroot_crypt   UUID=1111-2222\tnone  luks,discard # x\n");
    assertThat(edited.changes()).extracting(Change::line).containsExactly(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "discard",
        "luks,discard",
        "luks,discard,x-initrd.attach",
        "allow-discards",
        "luks,allow-discards,tries=0",
        "luks,noauto,discard,key-slot=1",
        "luks,nodiscard",
      })
  void optionsAboutDiscardsAreKeptAndNotToldOf(String options) {
    Edited edited = Crypttab.stabilize("c /dev/sda2 none " + options + "\n", DISKS);

    assertThat(edited.text()).isEqualTo("c UUID=1111-2222 none " + options + "\n");
    assertThat(edited.warnings()).isEmpty();
  }

  @Test
  void volumeWithARandomKeyGetsThePartitionUuidBecauseItsUuidDoesNotLast() {
    assertThat(Crypttab.stabilize("cswap /dev/sda3 /dev/urandom swap,cipher=aes", DISKS).text())
        .isEqualTo("cswap PARTUUID=p-3 /dev/urandom swap,cipher=aes");
  }

  @Test
  void randomKeyIsNeverPointedAtAFileSystem() {
    Edited edited = Crypttab.stabilize("cswap /dev/sda4 /dev/urandom swap", DISKS);

    assertThat(edited.changed()).isFalse();
    assertThat(edited.warnings()).singleElement().asString().contains("no encrypted volume");
  }

  @Test
  void unresolvableRowsStayWithAWarning() {
    String text = "a /dev/sdb1 none luks\nb /dev/sda5 none luks\nc /dev/sda4 none luks\n";

    Edited edited = Crypttab.stabilize(text, DISKS);

    assertThat(edited.text()).isEqualTo(text);
    assertThat(edited.warnings()).hasSize(3);
    assertThat(edited.failures()).isEmpty();
  }

  @Test
  void stableRowsStay() {
    String text = "a UUID=1111-2222 none luks\nb /dev/vg/lv none luks\nc UUID=dead none luks\n";

    Edited edited = Crypttab.stabilize(text, DISKS);

    assertThat(edited.text()).isEqualTo(text);
    assertThat(edited.leftAlone()).hasSize(3);
    assertThat(edited.warnings()).singleElement().asString().contains("UUID=dead");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/key:/dev/sdb1|luks|the key is read from /dev/sdb1,",
        "/dev/sdb1:/key|luks,keyscript=passdev|the key is read from /dev/sdb1,",
        "/dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:1:0|luks|0:0:1:0,",
        "none|luks,header=/dev/sdb1|the option header=/dev/sdb1 names /dev/sdb1,",
        "none|header=/h:/dev/nvme1n1p1,luks|names /dev/nvme1n1p1,"
      })
  void aDeviceInTheKeyOrInAnOptionIsTold(String key, String options, String said) {
    Edited edited = Crypttab.stabilize("c UUID=1111-2222 %s %s\n".formatted(key, options), DISKS);

    assertThat(edited.changed()).isFalse();
    assertThat(edited.warnings()).singleElement().asString().contains("/etc/crypttab:1: ", said);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c UUID=1111-2222 /key:LABEL=usb luks",
        "c UUID=1111-2222 /etc/key luks,header=/hdr.img",
        "c UUID=1111-2222 /key:UUID=5555-6666 luks",
        "c UUID=1111-2222 /dev/disk/by-label/usb:/key luks",
        "c UUID=1111-2222 none luks,tpm2-device=auto"
      })
  void keysThatHoldAreNot(String row) {
    assertThat(Crypttab.stabilize(row, DISKS).warnings()).isEmpty();
  }
}
