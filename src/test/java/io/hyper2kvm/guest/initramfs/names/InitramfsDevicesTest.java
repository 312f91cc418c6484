package io.hyper2kvm.guest.initramfs.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.initramfs.AppendedArchive;
import io.hyper2kvm.guest.initramfs.Archive;
import io.hyper2kvm.guest.initramfs.InitramfsPlan;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitramfsDevicesTest {

  private static final String ROOT = "c7a1b8de-91d3-4a55-8d6f-1f0d5f6f7a92";
  private static final String SWAP = "7f1f0a52-5a0c-4f0e-b6a3-2f4a2a3f9d11";
  private static final GuestPartition ROOT_PARTITION =
      new GuestPartition("/dev/sda2", 0, 2, ROOT, "", "", "xfs", Set.of());
  private static final GuestDisks DISKS =
      new GuestDisks(
              List.of(
                  ROOT_PARTITION,
                  new GuestPartition("/dev/sda3", 0, 3, SWAP, "", "", "swap", Set.of())),
              1)
          .withRoot(ROOT_PARTITION);
  private static final String FINISHED = "usr/lib/dracut/hooks/initqueue/finished/";

  private static Archive archive() {
    return new Archive()
        .dirs("usr/lib/dracut/hooks/initqueue/finished")
        .dirs("usr/lib/dracut/hooks/emergency")
        .dirs("etc/cmdline.d")
        .dirs("etc/systemd/system/initrd.target.wants")
        .dirs("conf/conf.d")
        .dir("cryptroot")
        .link("lib", "usr/lib");
  }

  private static InitramfsDevices of(Archive archive) throws IOException {
    return InitramfsDevices.stabilize("/boot/initrd", Archive.read(archive.end()), DISKS);
  }

  /** A file in the initramfs, and what it says before and after; nothing where it stays. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "etc/cmdline.d/95root-dev.conf;root=/dev/sda2 rootfstype=xfs;root=UUID=ROOT rootfstype=xfs",
        "etc/cmdline.d/01-default.conf;ro root=block:/dev/sda2;ro root=block:UUID=ROOT",
        "etc/cmdline.d/95resume.conf;resume=/dev/sda3;resume=UUID=SWAP",
        "etc/cmdline;root=/dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:0:0-part2;root=UUID=ROOT",
        "etc/cmdline.d/90lvm.conf;rd.lvm.lv=cl/root rd.lvm.lv=cl/swap;",
        "etc/cmdline.d/90crypt.conf;rd.luks.uuid=luks-0d6a;",
        "etc/cmdline.d/90mdraid.conf;rd.md.uuid=1:2:3:4;",
        "etc/cmdline.d/95root-dev.conf;root=/dev/disk/by-uuid/ROOT;",
        "conf/conf.d/resume;RESUME=/dev/sda3;RESUME=UUID=SWAP",
        "conf/conf.d/zz-resume;RESUME=/dev/sda3;RESUME=UUID=SWAP",
        "conf/initramfs.conf;RESUME=none;",
        "etc/fstab;/dev/sda2 /sysroot xfs ro 0 0;UUID=ROOT /sysroot xfs ro 0 0",
        "usr/lib/dracut/hooks/initqueue/finished/devexists-x.sh;[ -e \"/dev/sda2\" ];[ -e \"/dev/disk/by-uuid/ROOT\" ]",
        "usr/lib/dracut/hooks/initqueue/finished/devexists-x.sh;[ -e \"/dev/disk/by-id/wwn-0x6000c2912345\" ];:",
        "usr/lib/dracut/hooks/initqueue/finished/devexists-x.sh;[ -e \"/dev/mapper/cl-root\" ];",
        "usr/lib/dracut/hooks/initqueue/finished/devexists-x.sh;# [ -e \"/dev/sdz1\" ];",
        "usr/lib/dracut/hooks/emergency/80-x.sh;[ -e \"/dev/sda2\" ] || warn \"\\\"/dev/sda2\\\" does not exist\";[ -e \"/dev/disk/by-uuid/ROOT\" ] || warn \"\\\"/dev/sda2\\\" does not exist\"",
      })
  void namesInsideAreThoseThatHold(String file, String before, String after) throws IOException {
    String old = before.replace("ROOT", ROOT).replace("SWAP", SWAP);
    InitramfsDevices found = of(archive().file(file, old + "\n"));

    if (after == null) {
      assertThat(found.edits()).isEmpty();
    } else {
      assertThat(found.edits()).containsOnlyKeys(file);
      assertThat(found.edits().get(file).text())
          .isEqualTo(after.replace("ROOT", ROOT).replace("SWAP", SWAP) + "\n");
      assertThat(found.edits().get(file).changes())
          .extracting(Change::file)
          .containsOnly("/boot/initrd:" + file);
    }
    assertThat(found.warnings()).isEmpty();
  }

  /** What cannot be traced or changed, and stays. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "etc/cmdline.d/95root-dev.conf;root=/dev/sdq7",
        "etc/cmdline.d/95resume.conf;resume=/dev/sdq7",
        "conf/conf.d/resume;RESUME=/dev/sdq7",
        "etc/fstab;/dev/sdq7 /usr xfs ro 0 0",
        "cryptroot/crypttab;crypt /dev/sdq7 none luks",
        "usr/lib/dracut/hooks/initqueue/finished/wait.sh;[ -e \"/dev/sdq7\" ] || test \"$done\"",
      })
  void whatCannotBeTracedIsWarnedOfWithItsFileInside(String file, String text) throws IOException {
    InitramfsDevices found = of(archive().file(file, text + "\n"));

    assertThat(found.edits()).isEmpty();
    assertThat(found.warnings())
        .singleElement()
        .asString()
        .startsWith("/boot/initrd:" + file + ":1")
        .contains("/dev/sdq7");
  }

  /** Units that the target wants, and whether systemd would wait for them in vain. */
  @ParameterizedTest
  @CsvSource({
    "dev-sda1, true",
    "dev-disk-by\\x2dpath-pci\\x2d0000:03:00.0\\x2dscsi\\x2d0:0:0:0\\x2dpart1, true",
    "dev-disk-by\\x2did-wwn\\x2d0x6000c2912345, true",
    "dev-disk-by\\x2duuid-1234, false",
    "dev-mapper-cl\\x2droot, false",
  })
  void systemdDoesNotWaitForADeviceOfTheOldMachine(String unit, boolean limited)
      throws IOException {
    String limit = "etc/systemd/system/" + unit + ".device.d/timeout.conf";
    Archive archive =
        archive()
            .link(
                "etc/systemd/system/initrd.target.wants/" + unit + ".device",
                "../" + unit + ".device")
            .dirs("etc/systemd/system/" + unit + ".device.d")
            .file(limit, "[Unit]\nJobTimeoutSec=0\nJobRunningTimeoutSec=0\n");
    InitramfsDevices found = of(archive);

    if (limited) {
      assertThat(found.edits().get(limit).text())
          .isEqualTo(
              "[Unit]\nJobTimeoutSec=0\nJobRunningTimeoutSec=0\nJobTimeoutSec=1\nJobRunningTimeoutSec=1\n");
    } else {
      assertThat(found.edits()).isEmpty();
    }
  }

  @Test
  void aUnitWithoutALimitGetsOne() throws IOException {
    InitramfsDevices found =
        of(archive().link("etc/systemd/system/initrd.target.wants/dev-sda1.device", "../x.device"));

    assertThat(found.edits().get("etc/systemd/system/dev-sda1.device.d/timeout.conf").text())
        .isEqualTo("[Unit]\nJobTimeoutSec=1\nJobRunningTimeoutSec=1\n");
  }

  @Test
  void aSecondTimeNothingChanges() throws IOException {
    byte[] file =
        archive()
            .file("etc/cmdline.d/95root-dev.conf", "root=/dev/sda2\n")
            .file(FINISHED + "devexists-\\x2fdev\\x2fsdq1.sh", "[ -e \"/dev/sdq1\" ]\n")
            .link("etc/systemd/system/initrd.target.wants/dev-sdq1.device", "../x.device")
            .end();
    InitramfsContents contents = Archive.read(file);
    Map<String, byte[]> extra = new TreeMap<>();
    InitramfsDevices.stabilize("/boot/initrd", contents, DISKS)
        .edits()
        .forEach(
            (path, edited) -> extra.put(path, edited.text().getBytes(StandardCharsets.ISO_8859_1)));
    InitramfsPlan plan =
        InitramfsPlan.of(contents, KernelModules.parse("", "", "", ""), "6.1.0", List.of(), extra);
    InitramfsContents after =
        Archive.read(file, AppendedArchive.suffix(contents, plan, Map.of(), Map.of()));

    assertThat(extra).hasSize(3);
    assertThat(InitramfsDevices.stabilize("/boot/initrd", after, DISKS).edits()).isEmpty();
    assertThat(after.text(FINISHED + "devexists-\\x2fdev\\x2fsdq1.sh")).contains(":\n");
  }

  @Test
  void copiesOfOtherToolsFilesAreAmongThem() throws IOException {
    Map<String, Edited> edits = of(archive().file("etc/mdadm.conf", "DEVICE /dev/sda1\n")).edits();

    assertThat(edits).containsOnlyKeys("etc/mdadm.conf");
  }
}
