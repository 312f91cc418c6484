package io.hyper2kvm.guest.lvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.edit.Edited;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LvmSettingsTest {

  private static final String FILE = "/etc/lvm/lvm.conf";
  private static final String ID = "BD1ALC-JWnJ-bIuc-ErCY-xfD3-badD-UeiytM";
  private static final String ID2 = "CD1ALC-JWnJ-bIuc-ErCY-xfD3-badD-UeiytM";
  private static final GuestDisks DISKS =
      new GuestDisks(
          List.of(
              new GuestPartition("/dev/sda1", 0, 1, "u", "p-1", "", "ext4", Set.of()),
              new GuestPartition("/dev/sda2", 0, 2, ID, "p-2", "", "LVM2_member", Set.of())),
          1);
  private static final String NAMES =
      "\"a|^/dev/vda2$|\", \"a|^/dev/disk/by-id/lvm-pv-uuid-" + ID + "$|\", ";

  private static Edited edited(String text) {
    return LvmSettings.stabilize(FILE, text, DISKS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "[ \"a|^/dev/sda2$|\", \"r|.*|\" ]",
        "[ \"a|^/dev/sd.*|\", \"r|.*|\" ]",
        "[ \"a/sd[a-z]/\", \"r/.*/\" ]",
        "[\"a|/dev/disk/by-id/scsi-36000c29.*|\",\"r|.*|\"]",
        "[ 'a|/dev/mapper/mpath.*|', 'r|.*|' ]",
        "[ 'a|/dev/mapper/mpath.*|', 'r|/dev/sd.*|', 'r|.*|' ]",
        "[ 'a|^/dev/mapper/mpatha2$|', 'r|^/dev/sd|', 'r|.*|' ]",
        "[ 'a|/dev/mapper/mpath.p[0-9]|', 'r|/dev/sd.*|', 'r|/dev/vd.*|', 'r|/dev/disk/.*|' ]",
        "[ \"a|/dev/cciss/.*|\", \"r(.*)\" ]",
        "[ \"r|.*|\" ]",
        "[ \"a|/dev/disk/by-path/pci-.*|\", \"r|.*|\" ]",
        "[ \"a|^/dev/sd(a|b|\" ]" // not understood: it may refuse
      })
  void aFilterThatRefusesTheVolumesNameOnVirtioAcceptsItAfterwards(String filter) {
    Edited edited = edited("devices {\n\tfilter = " + filter + "\n}\n");

    String open = filter.startsWith("[ ") ? "[ " : "[";
    assertThat(edited.text())
        .isEqualTo(
            "devices {\n\tfilter = " + open + NAMES + filter.substring(open.length()) + "\n}\n");
    assertThat(edited.changes()).singleElement().satisfies(c -> assertThat(c.line()).isEqualTo(2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "devices {\n filter = [ \"a|.*|\" ]\n}\n",
        "devices {\n filter = [ \"a|/dev/vd.*|\", \"a|/dev/sd.*|\", \"r|.*|\" ]\n}\n",
        "devices {\n filter = [ \"r|/dev/cdrom|\", \"r|/dev/sr.*|\" ]\n}\n",
        "devices {\n filter = [ \"a|/dev/disk/by-id/lvm-pv-uuid-.*|\", \"r|.*|\" ]\n}\n",
        "devices {\n # filter = [ \"r|.*|\" ]\n}\n",
        "backup {\n filter = [ \"r|.*|\" ]\n}\n",
        "devices {\n filter = [ \"r|.*|\" ]\n filter = [ \"a|.*|\" ]\n}\n", // the last counts
        "devices {\n scan = [ \"/dev\" ]\n filter = [ ]\n}\n",
        "devices { filter = ",
        "}}} = [ \"",
        ""
      })
  void aFilterThatAcceptsItStays(String text) {
    assertThat(edited(text).text()).isEqualTo(text);
    assertThat(edited(text).warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "devices/filter = [ \"r|.*|\" ]; devices/filter = [ NAMES\"r|.*|\" ]",
        "devices/global_filter=\"r|.*|\"; devices/global_filter=[ NAMES\"r|.*|\" ]",
        "devices{global_filter=[\"a|sda|\",\"r|.*|\"]}; devices{global_filter=[NAMES\"a|sda|\",\"r|.*|\"]}",
        "devices { scan = [ \"/dev/cciss\" ] }; devices { scan = [ \"/dev\", \"/dev/cciss\" ] }"
      })
  void everyFormOfTheSettingIsFound(String before, String after) {
    assertThat(edited(before).text()).isEqualTo(after.replace("NAMES", NAMES));
  }

  @Test
  void aDeviceThatIsRefusedOnPurposeIsNotLetIn() {
    Edited edited = edited("devices/filter = [ \"r|^/dev/sda2$|\", \"a|.*|\" ]");

    assertThat(edited.changed()).isFalse();
    assertThat(edited.warnings())
        .singleElement()
        .asString()
        .contains(FILE + ":1: ", "refuses /dev/sda2", "on virtio it is /dev/vda2");
  }

  @Test
  void anotherFolderOfDevicesIsTold() {
    assertThat(edited("devices {\n dir = \"/dev/special\"\n}\n").warnings())
        .singleElement()
        .asString()
        .contains(FILE + ":2: devices/dir is /dev/special");
  }

  @Test
  void aGuestWithoutVolumesIsNotTouched() {
    GuestDisks none = new GuestDisks(List.of(DISKS.partitions().get(0)), 1);

    assertThat(LvmSettings.stabilize(FILE, "devices/filter=[\"r|.*|\"]", none).changed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a|^/dev/sda2$|; r|.*|; true",
        "a|^/dev/sda2$|; r|^/dev/sd.*|; true",
        "a|^/dev/sd.*|; r|.*|; false",
        "a|^/dev/disk/by-id/.*|; r|.*|; false"
      })
  void aVolumeThatTheFilterKeptAwayIsTold(String accepts, String refuses, boolean told) {
    GuestDisks two =
        new GuestDisks(
            List.of(
                new GuestPartition("/dev/sda2", 0, 2, ID, "p-2", "", "LVM2_member", Set.of()),
                new GuestPartition("/dev/sdb", 1, 0, ID2, "", "", "LVM2_member", Set.of())),
            2);
    Edited edited =
        LvmSettings.stabilize(
            FILE, "devices { filter = [ \"%s\", \"%s\" ] }".formatted(accepts, refuses), two);

    assertThat(edited.warnings()).hasSize(told ? 1 : 0).allMatch(w -> w.contains("/dev/sdb"));
  }
}
