package io.hyper2kvm.guest.fstab;

import static io.hyper2kvm.guest.SampleGuests.DATA_UUID;
import static io.hyper2kvm.guest.SampleGuests.ONE_DISK;
import static io.hyper2kvm.guest.SampleGuests.ROOT;
import static io.hyper2kvm.guest.SampleGuests.SWAP_UUID;
import static io.hyper2kvm.guest.SampleGuests.THREE_DISKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MountUnitsTest {

  private static final String SRV = "/etc/systemd/system/srv.mount";

  private static String unit(String what, String type) {
    return "[Unit]\nDescription=data\n\n[Mount]\nWhat="
        + what
        + "\nWhere=/srv\nType="
        + type
        + "\n";
  }

  private static EditPlan plan(Map<String, String> files, GuestDisks disks) {
    return FstabFix.plan(files, disks, Fstab.Mode.STABILIZE_ALL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dev/sdb1",
        "/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:1:0-part1",
        "/dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:1:0-part1",
        "/dev/nvme1n1p1",
        "/dev/vdb1"
      })
  void whatAMountUnitMountsGetsANameThatHolds(String what) {
    EditPlan plan = plan(Map.of(SRV, unit(what, "xfs")), THREE_DISKS);

    assertThat(plan.files())
        .singleElement()
        .satisfies(
            edit ->
                assertThat(edit.after()).contains(unit("/dev/disk/by-uuid/" + DATA_UUID, "xfs")));
  }

  @ParameterizedTest
  @CsvSource({
    "/dev/sdb1, ext4, but the row says ext4",
    "/dev/sdz1, xfs, could not be traced",
    "/dev/disk/by-id/scsi-36000c29aaa-part1, xfs, could not be traced"
  })
  void whatCannotBeTracedStaysWithAWarning(String what, String type, String why) {
    EditPlan plan = plan(Map.of(SRV, unit(what, type)), THREE_DISKS);

    assertThat(plan.files()).isEmpty();
    assertThat(plan.warnings()).singleElement().asString().contains(SRV + ":5: ", why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/dev/disk/by-uuid/" + DATA_UUID, "LABEL=data", "nas:/export", "tmpfs", "/img"})
  void namesThatHoldStay(String what) {
    EditPlan plan = plan(Map.of(SRV, unit(what, "xfs")), THREE_DISKS);

    assertThat(plan.files()).isEmpty();
    assertThat(plan.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/systemd/system/srv.mount",
        "/etc/systemd/system/srv.mount.d/journal.conf",
        "/usr/local/lib/systemd/system/srv.mount"
      })
  void devicesInOptionsOfAUnitGetNamesThatHold(String file) {
    EditPlan plan = plan(Map.of(file, "[Mount]\nOptions=noatime,logdev=/dev/sdb1\n"), THREE_DISKS);

    assertThat(last(plan, file))
        .isEqualTo("[Mount]\nOptions=noatime,logdev=/dev/disk/by-uuid/" + DATA_UUID + "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/systemd/system/local-fs.target.wants/srv.mount, true",
    "/etc/systemd/system/local-fs.target.requires/srv.mount, true",
    "/etc/systemd/system/local-fs.target.wants/opt.mount, false",
    "/etc/systemd/system/srv.mount, false"
  })
  void aLinkThatStartsAUnitIsNoSecondFile(String link, boolean is) {
    assertThat(FstabFix.isLinkTo(link, List.of(SRV))).isEqualTo(is);
  }

  @Test
  void aUnitMayMountWhatARowOfFstabMountsByTheSameName() {
    EditPlan plan =
        plan(
            Map.of(
                "/etc/fstab",
                "/dev/sda1 / ext4\n/dev/sdb1 /srv xfs\n",
                SRV,
                unit("/dev/sdb1", "xfs")),
            THREE_DISKS);

    assertThat(last(plan, SRV)).isEqualTo(unit("/dev/disk/by-uuid/" + DATA_UUID, "xfs"));
    assertThat(plan.warnings()).isEmpty();
  }

  @Test
  void theRootRowOfFstabSettlesTheUnitsDisk() {
    EditPlan plan =
        plan(
            Map.of(
                "/etc/fstab",
                "/dev/xvde1 / ext4 defaults 0 1\n",
                "/etc/systemd/system/swap.swap",
                "[Swap]\nWhat=/dev/xvde5\n"),
            ONE_DISK.withRoot(ROOT));

    assertThat(last(plan, "/etc/fstab"))
        .contains("\nUUID=" + SWAP_UUID + " none swap defaults 0 0");
  }

  @Test
  void aSwapUnitBecomesARowOfFstabSinceItsNameIsItsDevices() {
    String unit = "/etc/systemd/system/dev-sda5.swap";
    String link = "/etc/systemd/system/swap.target.wants/dev-sda5.swap";
    String text = "[Swap]\nWhat=/dev/sda5\nOptions=pri=5\n";
    EditPlan plan =
        plan(Map.of("/etc/fstab", "/dev/sda1 / ext4\n", unit, text, link, text), ONE_DISK);

    assertThat(plan.files())
        .filteredOn(e -> e.after().isEmpty())
        .extracting(FileEdit::file)
        .containsExactlyInAnyOrder(unit, link);
    assertThat(last(plan, "/etc/fstab"))
        .endsWith("\nUUID=" + SWAP_UUID + " none swap pri=5 0 0\n")
        .startsWith("UUID=");
  }

  @Test
  void theDeviceThatAUnitWaitsForGetsThatNameToo() {
    String text =
        "[Unit]\nRequires=dev-sdb1.device systemd-fsck@dev-sdb1.service\nAfter=dev-sdq1.device\n";
    EditPlan plan = plan(Map.of("/etc/systemd/system/srv.automount", text), THREE_DISKS);
    String name = "dev-disk-by\\x2duuid-" + DATA_UUID.replace("-", "\\x2d");

    assertThat(last(plan, "/etc/systemd/system/srv.automount"))
        .contains("Requires=" + name + ".device systemd-fsck@" + name + ".service")
        .contains("After=dev-sdq1.device");
    assertThat(plan.warnings()).singleElement().asString().contains(":3: ", "/dev/sdq1");
  }

  @Test
  void withoutTheFixEachChangeIsToldInstead() {
    Map<String, String> files = Map.of(SRV, unit("/dev/sdb1", "xfs"));

    assertThat(FstabFix.told(files, THREE_DISKS).files()).isEmpty();
    assertThat(FstabFix.told(files, THREE_DISKS).warnings())
        .singleElement()
        .asString()
        .contains(SRV + ":5: /dev/sdb1 can change", "stabilize-all is not asked for");
  }

  private static String last(EditPlan plan, String file) {
    Optional<String> text =
        plan.files().stream()
            .filter(edit -> edit.file().equals(file))
            .reduce((first, second) -> second)
            .flatMap(FileEdit::after);
    return text.orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "/dev/sda1, dev-sda1",
    "/dev/disk/by-uuid/ab-c, dev-disk-by\\x2duuid-ab\\x2dc",
    "/dev/mapper/vg--0-usr, dev-mapper-vg\\x2d\\x2d0\\x2dusr",
    "/srv/a b, srv-a\\x20b",
    "/dev/disk/by-path/pci-0000:00:10.0, dev-disk-by\\x2dpath-pci\\x2d0000:00:10.0"
  })
  void aPathAndItsUnitsNameLeadToEachOther(String path, String name) {
    assertThat(UnitName.of(path)).isEqualTo(name);
    assertThat(UnitName.path(name)).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({
    "Priority=5, pri=5",
    "'Options=discard\nPriority=5', 'discard,pri=5'",
    "'Options=pri=7\nPriority=5', pri=7",
    "Priority=-1, pri=-1",
    "Priority=high, defaults"
  })
  void theRowOfASwapUnitHasItsPriority(String lines, String options) {
    EditPlan plan =
        plan(
            Map.of("/etc/systemd/system/dev-sda5.swap", "[Swap]\nWhat=/dev/sda5\n" + lines + "\n"),
            THREE_DISKS);

    assertThat(plan.files())
        .anySatisfy(
            edit ->
                assertThat(edit.after().orElse(""))
                    .contains("UUID=" + SWAP_UUID + " none swap " + options + " 0 0"));
  }
}
