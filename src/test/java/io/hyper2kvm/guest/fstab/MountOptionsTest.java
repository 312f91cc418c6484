package io.hyper2kvm.guest.fstab;

import static io.hyper2kvm.guest.SampleGuests.DATA_UUID;
import static io.hyper2kvm.guest.SampleGuests.THREE_DISKS;
import static io.hyper2kvm.guest.fstab.Fstab.Mode.BYPATH_ONLY;
import static io.hyper2kvm.guest.fstab.Fstab.Mode.STABILIZE_ALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.Edited;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountOptionsTest {

  private static String row(String options) {
    return "/dev/mapper/vg-data /data xfs " + options + " 0 0\n";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "logdev=/dev/sda6; logdev=/dev/disk/by-partuuid/4d3c2b1a-06",
        "noatime,rtdev=/dev/sdb1; noatime,rtdev=/dev/disk/by-uuid/" + DATA_UUID,
        "journal_path=/dev/sda6,ro; journal_path=/dev/disk/by-partuuid/4d3c2b1a-06,ro",
        "device=/dev/sda6,device=/dev/sdb1; device=/dev/disk/by-partuuid/4d3c2b1a-06,device=/dev/disk/by-uuid/"
            + DATA_UUID,
        "x-systemd.requires=/dev/sdb1; x-systemd.requires=/dev/disk/by-uuid/" + DATA_UUID
      })
  void devicesInOptionsGetNamesThatHold(String before, String after) {
    Edited edited = Fstab.stabilize(row(before), THREE_DISKS, STABILIZE_ALL);

    assertThat(edited.text()).isEqualTo(row(after));
    assertThat(edited.changes()).isNotEmpty();
    assertThat(edited.warnings()).noneMatch(warning -> warning.contains("option"));
    assertThat(Fstab.unresolved(edited.text(), THREE_DISKS))
        .extracting(Fstab.Row::device)
        .containsOnly("/dev/mapper/vg-data");
  }

  @Test
  void oneThatCannotBeTracedStaysWithAWarningAndDoesNotResolve() {
    String text = "LABEL=data /data xfs logdev=/dev/sdz1 0 0\n";
    Edited edited = Fstab.stabilize(text, THREE_DISKS, STABILIZE_ALL);

    assertThat(edited.text()).isEqualTo(text);
    assertThat(edited.warnings())
        .singleElement()
        .asString()
        .contains("/dev/sdz1 in the option logdev of /data stays: ");
    assertThat(Fstab.unresolved(text, THREE_DISKS))
        .extracting(Fstab.Row::mountPoint)
        .containsExactly("option logdev of /data");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "logdev=/dev/vg/log",
        "logdev=/dev/disk/by-uuid/x",
        "data=/dev/sdb1",
        "x-mylogdev=/dev/sdb1",
        "x-systemd.requires=/data"
      })
  void otherOptionsStay(String options) {
    Edited edited = Fstab.stabilize(row(options), THREE_DISKS, STABILIZE_ALL);

    assertThat(edited.text()).isEqualTo(row(options));
  }

  @Test
  void withAnotherModeTheCheckTellsThem() {
    String text = "LABEL=data /data xfs logdev=/dev/sda6 0 0\n";

    assertThat(Fstab.stabilize(text, THREE_DISKS, BYPATH_ONLY).text()).isEqualTo(text);
    assertThat(Fstab.unresolved(text, THREE_DISKS)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-systemd.requires=dev-sdb1.device",
        "noatime,x-systemd.after=dev-sdb1.device,nofail",
        "x-systemd.wants=dev-disk-by\\x2dpath-pci\\x2d0000:03:00.0\\x2dscsi\\x2d0:0:1:0\\x2dpart1.device",
        "x-systemd.before=dev-nvme1n1p1.device"
      })
  void aDeviceThatIsNamedByItsUnitGetsTheUnitOfANameThatHolds(String options) {
    String row = "/data /srv none bind,%s 0 0\n".formatted(options);

    String text = Fstab.stabilize(row, THREE_DISKS, STABILIZE_ALL).text();

    assertThat(text)
        .contains("=dev-disk-by\\x2duuid-" + DATA_UUID.replace("-", "\\x2d") + ".device");
    assertThat(Fstab.stabilize(text, THREE_DISKS, STABILIZE_ALL).changed()).isFalse();
  }

  @Test
  void anUnitOfADeviceThatCannotBeTracedIsAWarning() {
    Edited edited =
        Fstab.stabilize(
            "/data /srv none bind,x-systemd.requires=dev-sdz1.device 0 0\n",
            THREE_DISKS,
            STABILIZE_ALL);

    assertThat(edited.warnings())
        .singleElement()
        .asString()
        .contains("/dev/sdz1 in the option x-systemd.requires of /srv stays");
  }
}
