package io.hyper2kvm.guest.fstab;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.Edited;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitramfsCopiesTest {

  private static final GuestDisks DISKS =
      new GuestDisks(
          List.of(
              new GuestPartition(
                  "/dev/sda2",
                  0,
                  2,
                  "BD1ALC-JWnJ-bIuc-ErCY-xfD3-badD-UeiytM",
                  "",
                  "",
                  "LVM2_member",
                  Set.of())),
          1);

  private static Map<String, Edited> edits(Map<String, String> files) {
    return InitramfsCopies.stabilize(
        "/boot/initrd", path -> Optional.ofNullable(files.get(path)), DISKS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "etc/lvm/lvm.conf; devices/filter=[\"a|sda|\",\"r|.*|\"]; a|^/dev/vda2$|",
        "etc/lvm/lvmlocal.conf; devices { global_filter = [ \"r|.*|\" ] }; a|^/dev/vda2$|",
        "etc/mdadm.conf; DEVICE /dev/sda1; partitions containers",
        "etc/mdadm/mdadm.conf; DEVICE /dev/sd*; partitions containers"
      })
  void aCopyInTheInitramfsIsEditedAsTheFileItself(String path, String text, String added) {
    Map<String, Edited> edits = edits(Map.of(path, text));

    assertThat(edits).containsOnlyKeys(path);
    assertThat(edits.get(path).text()).contains(added);
    assertThat(edits.get(path).changes())
        .extracting(Change::file)
        .containsOnly("/boot/initrd:" + path);
  }

  private static final GuestDisks ENCRYPTED =
      new GuestDisks(
          List.of(
              new GuestPartition("/dev/sda1", 0, 1, "1111-boot", "", "", "ext4", Set.of()),
              new GuestPartition("/dev/sda2", 0, 2, "2222-luks", "", "", "crypto_LUKS", Set.of())),
          1);

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "conf/conf.d/cryptroot; target=a,source=/dev/sda2,key=none,rootdev; target=a,source=UUID=2222-luks,key=none,rootdev",
        "conf/conf.d/cryptroot; target=a,source=/dev/hda2,lvm=vg-root; target=a,source=UUID=2222-luks,lvm=vg-root",
        "conf/conf.d/cryptroot; target=a,source=/dev/xvda2; target=a,source=UUID=2222-luks",
        "conf/conf.d/cryptroot; CRYPTOPTS=target=a,source=/dev/nvme0n1p2; CRYPTOPTS=target=a,source=UUID=2222-luks",
        "conf/conf.d/cryptroot; target=a,source=/dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:0:0-part2; target=a,source=UUID=2222-luks",
      })
  void whatOpensAnEncryptedVolumeThereGetsAStableName(String path, String text, String after) {
    Map<String, Edited> edits =
        InitramfsCopies.stabilize(
            "/boot/initrd", file -> Optional.of(text).filter(t -> file.equals(path)), ENCRYPTED);

    assertThat(edits.get(path).text()).isEqualTo(after);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "conf/conf.d/cryptroot; target=a,source=UUID=2222-luks; false",
        "conf/conf.d/cryptroot; target=a,source=/dev/sdb1; true",
        "conf/conf.d/cryptroot; target=a,source=/dev/sda1; true",
      })
  void whatCannotBeTracedThereIsAWarning(String path, String text, boolean warned) {
    List<String> warnings =
        InitramfsCopies.stabilize(
                "/boot/initrd", file -> Optional.of(text).filter(t -> file.equals(path)), ENCRYPTED)
            .values()
            .stream()
            .flatMap(edited -> edited.warnings().stream())
            .toList();

    assertThat(!warnings.isEmpty()).isEqualTo(warned);
    assertThat(warnings).allSatisfy(it -> assertThat(it).startsWith("/boot/initrd:" + path + ":1"));
  }

  @Test
  void lvmIsToldNotToUseItsDevicesFileThere() {
    Map<String, Edited> edits =
        edits(
            Map.of(
                "etc/lvm/devices/system.devices",
                "IDTYPE=sys_wwid IDNAME=naa.6 PVID=x\n",
                "etc/lvm/lvmlocal.conf",
                "local { host_id = 1 }\n"));

    assertThat(edits).containsOnlyKeys("etc/lvm/lvmlocal.conf");
    assertThat(edits.get("etc/lvm/lvmlocal.conf").text())
        .isEqualTo("local { host_id = 1 }\ndevices { use_devicesfile = 0 }\n");
  }

  @Test
  void copiesThatHoldAreNotEdited() {
    assertThat(
            edits(
                Map.of(
                    "etc/lvm/lvm.conf",
                    "devices { }",
                    "etc/mdadm.conf",
                    "DEVICE partitions",
                    "etc/lvm/devices/system.devices",
                    "IDTYPE=md_uuid IDNAME=1 PVID=x")))
        .isEmpty();
  }
}
