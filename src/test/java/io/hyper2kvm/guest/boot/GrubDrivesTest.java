package io.hyper2kvm.guest.boot;

import static io.hyper2kvm.guest.SampleGuests.BOOT_UUID;
import static io.hyper2kvm.guest.SampleGuests.DATA_UUID;
import static io.hyper2kvm.guest.SampleGuests.ROOT_UUID;
import static io.hyper2kvm.guest.SampleGuests.THREE_DISKS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrubDrivesTest {

  private static String entry(String drive, String uuid) {
    return """
        \tset root='hd@,msdos1'
        \tif [ x$feature_platform_search_hint = xy ]; then
        \t  search --no-floppy --fs-uuid --set=root --hint-bios=hd@,msdos1 --hint-baremetal=ahci@,msdos1  UUID
        \telse
        \t  search --no-floppy --fs-uuid --set=root UUID
        \tfi
        \tlinux /vmlinuz root=UUID=UUID
        """
        .replace("@", drive)
        .replace("UUID", uuid)
        .replace("root=" + uuid + "=", "root=UUID=");
  }

  @ParameterizedTest
  @CsvSource({
    ROOT_UUID + ", 0",
    DATA_UUID + ", 1",
    BOOT_UUID + ", 2",
  })
  void aSearchHasTheNumberOfTheGuestsDisk(String uuid, String disk) {
    assertThat(GrubDrives.numbered(entry("3", uuid), THREE_DISKS)).isEqualTo(entry(disk, uuid));
  }

  @Test
  void eachEntryHasItsOwn() {
    String config = entry("1", ROOT_UUID) + entry("0", DATA_UUID);

    assertThat(GrubDrives.numbered(config, THREE_DISKS))
        .isEqualTo(entry("0", ROOT_UUID) + entry("1", DATA_UUID));
  }

  @Test
  void aSecondRunChangesNothing() {
    String once = GrubDrives.numbered(entry("7", ROOT_UUID) + "x\n", THREE_DISKS);

    assertThat(GrubDrives.numbered(once, THREE_DISKS)).isEqualTo(once);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "set root='hd1,msdos1'",
        "set root='lvmid/a/b'\nsearch --fs-uuid --set=root --hint='lvmid/a/b' 0000-1111",
        "search --label --set=root --hint-bios=hd1,gpt1 rootfs",
        "search --fs-uuid",
        "\tsearch --no-floppy --fs-uuid --set=root --hint-bios=hd1,gpt2 0000-1111\r\n",
        "menuentry 'hd1,gpt2' {\n}",
      })
  void whatIsNotTracedStays(String config) {
    assertThat(GrubDrives.numbered(config, THREE_DISKS)).isEqualTo(config);
  }
}
