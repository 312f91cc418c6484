package io.hyper2kvm.guest.lvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LvmDevicesFileTest {

  private static final String FILE = "/etc/lvm/devices/system.devices";
  private static final String ID = "BD1ALC-JWnJ-bIuc-ErCY-xfD3-badD-UeiytM";
  private static final GuestDisks DISKS =
      new GuestDisks(
          List.of(new GuestPartition("/dev/sda2", 0, 2, ID, "", "", "LVM2_member", Set.of())), 1);

  private static String entry(String words) {
    return "# LVM uses devices listed in this file.\nVERSION=1.1.3\n" + words + "\n";
  }

  private static EditPlan plan(Map<String, String> files) {
    return LvmDevicesFile.plan(files, DISKS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IDTYPE=sys_wwid IDNAME=naa.6000c290 DEVNAME=/dev/sda2 PVID=PV PART=2",
        "IDTYPE=sys_serial IDNAME=00000000000000000001 DEVNAME=/dev/sda2 PVID=PV PART=2",
        "IDTYPE=devname IDNAME=/dev/sda2 DEVNAME=/dev/sda2 PVID=PV PART=2",
        "IDTYPE=mpath_uuid IDNAME=mpath-36000c290 DEVNAME=/dev/mapper/mpatha PVID=PV",
        "IDTYPE=wwid_naa IDNAME=naa.6000c290 DEVNAME=/dev/sda2 PVID=PV PART=2",
        "IDTYPE=nvme_wwid IDNAME=eui.000c29 DEVNAME=/dev/nvme0n1p2 PVID=PV PART=2"
      })
  void aFileThatNamesDisksAsTheOldHypervisorDidIsMovedAway(String words) {
    String text = entry(words.replace("PVID=PV", "PVID=" + ID.replace("-", "")));
    EditPlan plan = plan(Map.of(FILE, text));

    assertThat(plan.files()).extracting(FileEdit::file).containsExactly(FILE + ".before-kvm", FILE);
    assertThat(plan.files().get(0).after()).contains(text);
    assertThat(plan.files().get(1).after()).isEmpty();
    assertThat(plan.files().get(1).changes())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.line()).isEqualTo(3);
              assertThat(change.before()).startsWith("IDTYPE=");
            });
  }

  @Test
  void aVolumeThatTheFileKeptFromLvmIsTold() {
    assertThat(plan(Map.of(FILE, entry("IDTYPE=sys_wwid IDNAME=naa.6 PVID=other"))).warnings())
        .singleElement()
        .asString()
        .contains(FILE, "no entry for the physical volume on disk 1, partition 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "IDTYPE=md_uuid IDNAME=1:2:3:4 DEVNAME=/dev/md127 PVID=x",
        "IDTYPE=crypt_uuid IDNAME=CRYPT-LUKS2-1 DEVNAME=/dev/dm-0 PVID=x",
        "IDTYPE=lvmlv_uuid IDNAME=LVM-1 DEVNAME=/dev/dm-1 PVID=x",
        "# IDTYPE=sys_wwid IDNAME=naa.6 PVID=x",
        ""
      })
  void aFileThatFollowsTheContentStays(String words) {
    EditPlan plan = plan(Map.of(FILE, entry(words)));

    assertThat(plan.files()).isEmpty();
    assertThat(plan.leftAlone()).hasSize(1);
  }

  @Test
  void theConfigurationNamesTheFile() {
    String bad = entry("IDTYPE=sys_wwid IDNAME=naa.6 PVID=" + ID.replace("-", ""));
    String mine = "/etc/lvm/devices/mine.devices";
    EditPlan plan =
        plan(
            Map.of(
                mine, bad, FILE, bad, "/etc/lvm/lvm.conf", "devices/devicesfile=\"mine.devices\""));

    assertThat(plan.files()).extracting(FileEdit::file).containsExactly(mine + ".before-kvm", mine);
    assertThat(plan.warnings()).singleElement().asString().startsWith(FILE + ":3: ");
  }

  @Test
  void aFileThatLvmIsToldNotToUseStays() {
    String bad = entry("IDTYPE=sys_wwid IDNAME=naa.6 PVID=x");

    assertThat(
            plan(Map.of(
                    FILE,
                    bad,
                    "/etc/lvm/lvm.conf",
                    "devices { use_devicesfile = 1 }",
                    "/etc/lvm/lvmlocal.conf",
                    "devices { use_devicesfile = 0 }"))
                .files())
        .isEmpty();
  }
}
