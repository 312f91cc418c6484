package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guests on subvolumes of a btrfs, on arrays that lack a disk, and on thin volumes. */
@Timeout(900)
class StorageCasesIT {

  private static final String BTRFS = "UUID=11111111-2222-4333-8444-0000000000d1";

  @TempDir private Path directory;

  private static Map<String, String> mounted(GuestCase guest) {
    Map<String, String> mounted = new TreeMap<>();
    for (JsonNode fs : guest.report().at("/stages/inspect/file_systems")) {
      if (fs.has("mount_point")) {
        mounted.put(fs.path("mount_point").asText(), fs.path("type").asText());
      }
      fs.path("subvolumes")
          .forEach(it -> mounted.put(it.path("mount_point").asText(), it.path("path").asText()));
    }
    return mounted;
  }

  @Test
  void subvolumesOfABtrfsOverTwoDisksAreMountedAndTheirRowsFixed() throws Exception {
    GuestCase guest = GuestCase.planned("storage-btrfs-raid", directory);

    assertThat(guest.completed()).as(() -> guest.report().toPrettyString()).isTrue();
    assertThat(mounted(guest))
        .isEqualTo(Map.of("/", "@rootfs", "/home", "@home", "/var", "data/@var", "/boot", "ext3"));
    assertThat(guest.linesAfter("/etc/fstab"))
        .containsExactly(
            BTRFS + " / btrfs noatime,compress=zstd,subvol=@rootfs 0 0",
            BTRFS + " /home btrfs subvol=/@home 0 0");
    assertThat(guest.linesAfter("/boot/grub/grub.cfg"))
        .containsExactly(
            " linux /vmlinuz-6.12.0 root=%1$s ro rootflags=subvol=@rootfs resume=%1$s resume_offset=12800"
                .formatted(BTRFS));
    assertThat(guest.warnings())
        .filteredOn(it -> !it.startsWith("the VM gets"))
        .containsExactly(
            "the array 0 (raid1) has 1 of its 2 members and was started without the others; if a"
                + " disk of the VM is missing here, name it in load.additional_disks, or else"
                + " replace the member in the guest",
            "grub.cfg was corrected in place: /usr/sbin/grub-mkconfig: it could not be run");
  }

  @Test
  @Tag("all")
  void thinVolumesOnAnArrayThatLacksADiskAreMountedByTheGuestsNames() throws Exception {
    GuestCase guest = GuestCase.planned("storage-thin-raid", directory);

    assertThat(guest.completed()).as(() -> guest.report().toPrettyString()).isTrue();
    assertThat(mounted(guest))
        .isEqualTo(Map.of("/", "ext4", "/usr", "f2fs", "/var", "ext4", "/boot", "ext2"));
    assertThat(guest.linesAfter("/etc/fstab"))
        .containsExactly("UUID=11111111-2222-4333-8444-000000000002 /extra ext4 defaults 0 2");
    assertThat(guest.warnings())
        .filteredOn(it -> it.startsWith("the array"))
        .allMatch(it -> it.contains("has 2 of its 3 members"))
        .hasSize(3);
    assertThat(guest.warnings())
        .anyMatch(it -> it.contains("PARTLABEL=gone for /data leads to no device of this VM"))
        .noneMatch(it -> it.contains("leads to no device") && it.contains("nowhere"))
        .noneMatch(it -> it.contains("extra"));
  }
}
