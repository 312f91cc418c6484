package io.hyper2kvm.guest.luks;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.disk.StableReference;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappedNamesTest {

  private static final String UUID = "0b1e6f9a-5b1e-4c51-9a7d-2b6d5f0c1a2b";
  private static final GuestDisks DISKS =
      new GuestDisks(
          List.of(
              new GuestPartition("/dev/sda1", 0, 1, "1111", "p-1", "", "ext4", Set.of()),
              new GuestPartition("/dev/sda2", 0, 2, UUID, "p-2", "", "crypto_LUKS", Set.of()),
              new GuestPartition(
                  "/dev/vg/lv", -1, 0, "2222", "", "", "crypto_LUKS", Set.of("/dev/mapper/vg-lv"))),
          1);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/etc/crypttab|sda2_crypt UUID=" + UUID + " none luks|/dev/sda2|sda2_crypt",
        "/etc/crypttab|c /dev/sda2|/dev/sda2|c",
        "/etc/crypttab|c /dev/disk/by-uuid/" + UUID + " - x|/dev/sda2|c",
        "/etc/crypttab|c PARTUUID=p-2 none luks|/dev/sda2|c",
        "/etc/crypttab|home /dev/mapper/vg-lv none|/dev/vg/lv|home",
        "/etc/crypttab|home /dev/vg/lv /etc/key|/dev/vg/lv|home",
        "/etc/default/grub|GRUB_CMDLINE_LINUX=\"rd.luks.name="
            + UUID
            + "=root quiet\"|/dev/sda2|root",
        "/etc/kernel/cmdline|luks.name=" + UUID + "=root root=/dev/mapper/root|/dev/sda2|root",
        "/etc/default/grub|GRUB_CMDLINE_LINUX='cryptdevice=UUID="
            + UUID
            + ":cryptroot:allow-discards'|/dev/sda2|cryptroot",
        "/etc/default/grub|GRUB_CMDLINE_LINUX=\"cryptdevice=/dev/sda2:luks\"|/dev/sda2|luks",
      })
  void theNameIsTheGuestsOwn(String file, String line, String container, String name) {
    assertThat(MappedNames.of(Map.of(file, "# a comment\n" + line + "\n"), DISKS))
        .isEqualTo(Map.of(container, name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "# c /dev/sda2",
        "c",
        "c UUID=dead",
        "c /dev/sda1 none luks",
        "../x /dev/sda2",
        "a;b /dev/sda2",
        "$(id) /dev/sda2",
        "control /dev/sda2",
        "-f /dev/sda2",
        "swap /dev/sda9 /dev/urandom swap",
      })
  void whatNamesNoContainerOrNoNameIsNone(String line) {
    assertThat(MappedNames.of(Map.of("/etc/crypttab", line), DISKS)).isEmpty();
  }

  @Test
  void crypttabWinsOverACommandLine() {
    assertThat(
            MappedNames.of(
                Map.of(
                    "/etc/crypttab",
                    "tab /dev/sda2 none\n",
                    "/etc/default/grub",
                    "GRUB_CMDLINE_LINUX=\"rd.luks.name=" + UUID + "=line\""),
                DISKS))
        .isEqualTo(Map.of("/dev/sda2", "tab"));
  }

  @Test
  void oneNameIsGivenOnce() {
    assertThat(
            MappedNames.of(
                Map.of("/etc/crypttab", "same /dev/sda2 none\nsame /dev/vg/lv none\n"), DISKS))
        .isEqualTo(Map.of("/dev/sda2", "same"));
  }

  @Test
  void aVolumeInAnOpenedContainerIsMissedIfItIsNotThere() {
    LuksHeader header = LuksHeader.of(LuksBytes.one(UUID).bytes()).orElseThrow();
    LuksMapping mapping = new LuksMapping("/dev/sda2", "/dev/mapper/luks-" + UUID, header);
    GuestPartition opened =
        new GuestPartition(
            "/dev/mapper/c", -1, 0, "3333", "", "", "LVM2_member", mapping.links("c"));
    GuestDisks open =
        new GuestDisks(List.of(DISKS.partitions().get(0), DISKS.partitions().get(1), opened), 1);
    GuestDisks closed = new GuestDisks(DISKS.partitions().subList(0, 2), 1);

    assertThat(StableReference.resolvesToNothing("/dev/mapper/vg-gone", open)).isTrue();
    assertThat(StableReference.resolvesToNothing("/dev/mapper/vg-gone", closed)).isFalse();
  }

  @Test
  void anOpenedContainerIsFoundByEveryNameThatUdevGivesIt() {
    LuksHeader header = LuksHeader.of(LuksBytes.two(UUID, 5).bytes()).orElseThrow();
    LuksMapping mapping = new LuksMapping("/dev/sda2", "/dev/mapper/luks-" + UUID, header);
    GuestPartition opened =
        new GuestPartition("/dev/mapper/c", -1, 0, "3333", "", "", "ext4", mapping.links("c"));
    GuestDisks disks = new GuestDisks(List.of(DISKS.partitions().get(1), opened), 1);

    assertThat(
            List.of(
                "/dev/mapper/c",
                "UUID=3333",
                "/dev/disk/by-id/dm-name-c",
                "/dev/disk/by-id/dm-uuid-CRYPT-LUKS2-" + UUID.replace("-", "") + "-c",
                "/dev/dm-0"))
        .allSatisfy(name -> assertThat(disks.resolve(name)).as(name).contains(opened));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/etc/crypttab|crypt-swap /dev/sda3 /dev/urandom swap|crypt-swap",
        "/etc/crypttab|cryptswap1 UUID=1 /dev/urandom swap,offset=1024|cryptswap1",
        "/etc/default/grub|GRUB_CMDLINE_LINUX=\"cryptdevice=/dev/sda9:crypt-root root=x\"|crypt-root",
        "/boot/loader/entries/arch.conf|options rd.luks.name=0f0f0f0f=cryptroot rw|cryptroot",
        "/boot/grub/grub.cfg|linux /v cryptdevice=UUID=0f0f:enc:allow-discards ro|enc"
      })
  void whatTheGuestOpensItselfIsNotMissed(String file, String text, String name) {
    GuestDisks none = new GuestDisks(List.of(DISKS.partitions().get(0)), 1);
    String device = "/dev/mapper/" + name;

    GuestDisks learned = MappedNames.learned(Map.of(file, text + "\n"), none);

    assertThat(StableReference.resolvesToNothing(device, none)).isTrue();
    assertThat(StableReference.resolvesToNothing(device, learned)).isFalse();
    assertThat(MappedNames.learned(Map.of(file, text + "\n"), learned)).isEqualTo(learned);
  }
}
