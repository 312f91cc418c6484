package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.SilentAnswers;
import io.hyper2kvm.guest.initramfs.InitramfsVerdict;
import io.hyper2kvm.guest.initramfs.archive.InitramfsReader;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small disks in the layouts of three distributions, through the whole pipeline with its checks and
 * without a boot: nothing in them starts. What was changed is read from the output.
 */
@Timeout(1800)
@Tag("all")
class DistributionCasesIT {

  private static final String ROOT = "UUID=11111111-2222-4333-8444-000000000001";
  private static final String BOOT = "UUID=11111111-2222-4333-8444-0000000000b1";
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  @TempDir private static Path directory;
  private static DaemonProcess daemon;

  /** All three are converted while the first test waits for its own. */
  @BeforeAll
  static void dropAll() throws Exception {
    daemon = DaemonProcess.start(directory);
    for (String name : List.of("dist-alpine", "dist-ubuntu", "dist-rocky")) {
      Path folder = Files.createDirectory(directory.resolve(name));
      Path maker = RealGuest.Program.HOME.resolve("src/test/guests/cases/" + name + ".sh");
      RealGuest.Program.run(List.of("bash", maker.toString(), folder.toString()));
      daemon.drop(name + ".json", Files.readString(folder.resolve("manifest.json")));
    }
  }

  @AfterAll
  static void stopDaemon() throws Exception {
    daemon.stop();
  }

  /**
   * A guest after its conversion.
   *
   * @param report what the program says of it
   * @param disk its output
   * @param boot where its {@code /boot} begins in there, in MiB
   * @param root where its root begins
   */
  private record Converted(JsonNode report, Path disk, int boot, int root) {

    static Converted of(String name, int boot, int root) throws Exception {
      DaemonProcess.Outcome outcome = daemon.outcome(name + ".json", PATIENCE);
      assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
      assertThat(SilentAnswers.in(outcome.json())).isEmpty();
      assertThat(outcome.json().at("/stages/validate/checks"))
          .filteredOn(check -> check.path("name").asText().startsWith("guest_"))
          .hasSizeGreaterThan(1)
          .allSatisfy(check -> assertThat(check.path("status").asText()).isEqualTo("passed"));
      Path disk = directory.resolve(name + ".raw");
      Path output = daemon.output(name + "-converted.qcow2");
      RealGuest.Program.run(
          List.of("qemu-img", "convert", "-O", "raw", output.toString(), disk.toString()));
      return new Converted(outcome.json(), disk, boot, root);
    }

    private String debugfs(String request, String path) throws Exception {
      boolean inBoot = path.startsWith("/boot/");
      return RealGuest.Program.run(
          List.of(
              "/usr/sbin/debugfs",
              "-R",
              request.formatted(inBoot ? path.substring("/boot".length()) : path),
              disk + "?offset=" + ((inBoot ? boot : root) << 20)));
    }

    /** A file of the output, without comments and empty lines. */
    List<String> file(String path) throws Exception {
      return debugfs("cat %s", path)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    }

    /** The SELinux label of a file of the output, its type alone. */
    String type(String path) throws Exception {
      return debugfs("ea_get %s security.selinux", path).split(":", 4)[2];
    }

    /** What an initramfs of the output can load, by the guest's own modules. */
    InitramfsVerdict verdict(String initramfs, String kernel) throws Exception {
      Map<String, String> index = new HashMap<>();
      for (String name : List.of("modules.dep", "modules.alias")) {
        index.put(name, debugfs("cat %s", "/usr/lib/modules/" + kernel + "/" + name));
      }
      Path copy = disk.resolveSibling("initramfs-" + kernel);
      debugfs("dump %s " + copy, initramfs);
      return InitramfsVerdict.verify(
          new InitramfsReader().read(copy),
          KernelModules.parse(index.get("modules.dep"), "", "", index.get("modules.alias")),
          kernel);
    }

    String fact(String name) {
      return report.at("/stages/inspect/" + name).asText();
    }

    List<String> warnings() {
      return StreamSupport.stream(report.path("warnings").spliterator(), false)
          .map(JsonNode::asText)
          .toList();
    }
  }

  private static void assertLoadsVirtio(InitramfsVerdict verdict) {
    assertThat(verdict.missing()).isEmpty();
    assertThat(verdict.evidence()).containsKeys("virtio_pci", "virtio_blk", "virtio_net");
  }

  @Test
  void alpineWithExtlinuxIsConverted() throws Exception {
    Converted guest = Converted.of("dist-alpine", 1, 49);

    assertThat(guest.fact("boot_loader")).isEqualTo("extlinux");
    assertThat(guest.fact("initramfs_tool")).isEqualTo("mkinitfs");
    assertThat(guest.file("/etc/fstab"))
        .startsWith(ROOT + " / ext4 rw,relatime 0 1", BOOT + "\t/boot\text4\trw,relatime 0 2");
    assertThat(guest.file("/boot/extlinux.conf"))
        .endsWith("APPEND root=" + ROOT + " modules=sd-mod,usb-storage,ext4 quiet rootfstype=ext4");
    assertThat(guest.file("/etc/update-extlinux.conf")).contains("root=" + ROOT);
    assertThat(guest.file("/etc/network/interfaces")).contains("iface eth0 inet static");
    assertLoadsVirtio(guest.verdict("/boot/initramfs-lts", "5.4.84-0-lts"));
    assertThat(guest.warnings()).isEmpty();
  }

  @Test
  void ubuntuWithNetplanIsConverted() throws Exception {
    Converted guest = Converted.of("dist-ubuntu", 41, 89);

    assertThat(guest.file("/etc/fstab"))
        .containsExactly(
            ROOT + " / ext4 defaults 0 1",
            "/dev/disk/by-uuid/11111111-2222-4333-8444-0000000000b1 /boot ext4 defaults 0 1",
            "/dev/disk/by-uuid/C0FF-EE11 /boot/efi vfat defaults 0 1",
            "/swap.img\tnone\tswap\tsw\t0\t0");
    assertThat(guest.file("/boot/grub/grub.cfg"))
        .contains("linux\t/vmlinuz-6.8.0-41-generic root=" + ROOT + " ro");
    assertThat(guest.file("/etc/netplan/50-cloud-init.yaml"))
        .containsSubsequence("ens192:", "match:", "name: ens192", "set-name: \"ens192\"")
        .containsSubsequence("ens224:", "match:", "name: ens224", "set-name: \"ens224\"")
        .noneMatch(line -> line.contains("macaddress"));
    assertThat(guest.file("/etc/systemd/network/10-hyper2kvm-ens224.link"))
        .containsExactly(
            "[Match]", "Driver=virtio_net", "OriginalName=eth1", "[Link]", "Name=ens224");
    assertLoadsVirtio(guest.verdict("/boot/initrd.img-6.8.0-41-generic", "6.8.0-41-generic"));
    assertThat(guest.file("/etc/initramfs-tools/modules")).contains("virtio_blk");
    assertThat(guest.warnings())
        .containsExactly(
            "grub.cfg was corrected in place: /usr/sbin/grub-mkconfig: it could not be run");
  }

  @Test
  void rockyWithEntriesOfTheBootLoaderSpecificationAndLabelsIsConverted() throws Exception {
    Converted guest = Converted.of("dist-rocky", 41, 89);
    String kernel = "5.14.0-427.13.1.el9_4.x86_64";
    String keyfile = "/etc/NetworkManager/system-connections/ens192.nmconnection";
    String link = "/etc/systemd/network/10-hyper2kvm-ens192.link";
    String entry = "/boot/loader/entries/0f1e-" + kernel + ".conf";

    assertThat(guest.fact("distribution")).isEqualTo("rocky");
    assertThat(guest.file("/etc/fstab"))
        .containsExactly(
            ROOT + " / ext4 defaults 0 0",
            BOOT + " /boot ext4 defaults 0 0",
            "UUID=C0FF-EE11 /boot/efi vfat umask=0077,shortname=winnt 0 2");
    assertThat(guest.file(entry)).endsWith("options root=" + ROOT + " ro crashkernel=1G-4G:192M");
    assertThat(guest.file("/etc/default/grub"))
        .contains("GRUB_CMDLINE_LINUX=\"root=" + ROOT + " crashkernel=1G-4G:192M\"");
    assertThat(guest.file(keyfile))
        .containsSubsequence("interface-name=ens192", "[ethernet]", "[ipv4]")
        .noneMatch(line -> line.startsWith("mac-address"));
    assertThat(guest.file(link))
        .containsExactly("[Match]", "Driver=virtio_net", "[Link]", "Name=ens192");
    assertLoadsVirtio(guest.verdict("/boot/initramfs-" + kernel + ".img", kernel));
    assertThat(guest.type("/etc/fstab")).isEqualTo("etc_t");
    assertThat(guest.type(keyfile)).isEqualTo("NetworkManager_etc_rw_t");
    assertThat(guest.type(entry)).isEqualTo("boot_t");
    assertThat(guest.type(link)).isEqualTo("systemd_networkd_conf_t");
    assertThat(guest.type("/etc/dracut.conf.d/hyper2kvm.conf")).isEqualTo("etc_t");
    assertThat(guest.warnings())
        .containsExactly(
            "grub.cfg was corrected in place: /usr/sbin/grub2-mkconfig: it could not be run");
  }
}
