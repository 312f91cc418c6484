package io.hyper2kvm.guest.initramfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelDriversTest {

  private static final String K = "6.1.0-1-amd64";
  private static final String DEP =
      """
      kernel/virtio.ko:
      kernel/virtio_pci.ko: kernel/virtio.ko
      kernel/virtio_blk.ko: kernel/virtio.ko
      kernel/virtio_net.ko: kernel/virtio.ko
      """;
  private static final String ALIAS =
      """
      alias pci:v00001AF4d*sv*sd*bc*sc*i* virtio_pci
      alias virtio:d00000002v* virtio_blk
      alias virtio:d00000001v* virtio_net
      """;

  private static KernelModules modules(String dep, String builtin) {
    return KernelModules.parse(dep, builtin, "", ALIAS);
  }

  private static Archive initramfs(String... modules) {
    String folder = "lib/modules/" + K;
    Archive archive =
        new Archive()
            .dirs(folder + "/kernel")
            .dirs("etc/modprobe.d")
            .dirs("sbin")
            .file("sbin/udevd", "ELF");
    StringBuilder index = new StringBuilder();
    for (String name : modules) {
      archive.file(folder + "/kernel/" + name + ".ko", "ELF");
      index.append("kernel/%s.ko:\n".formatted(name));
    }
    return archive
        .file(folder + "/modules.dep", index.toString())
        .file(folder + "/modules.alias", ALIAS);
  }

  private static KernelDrivers of(Archive archive, KernelModules root) throws IOException {
    return KernelDrivers.of(Archive.read(archive.end()), root, K, Map.of());
  }

  /** What the initramfs has, what is built in, and what is not proven then. */
  @ParameterizedTest
  @CsvSource({
    "virtio virtio_pci virtio_blk, '', ''",
    "virtio_pci virtio_blk, '', virtio",
    "virtio virtio_pci, '', virtio_blk",
    "virtio virtio_blk, '', virtio_pci",
    "'', '', virtio_pci",
    "virtio virtio_pci, virtio_blk, ''",
    "'', virtio virtio_pci virtio_blk, ''",
  })
  void theDisksDriversMustBeInTheInitramfsOrTheKernel(String inside, String builtin, String lacking)
      throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String name : builtin.split(" ")) {
      lines.append("kernel/").append(name).append(".ko\n");
    }
    String[] names = inside.isEmpty() ? new String[0] : inside.split(" ");

    KernelDrivers found = of(initramfs(names), modules(DEP, lines.toString()));

    if (lacking.isEmpty()) {
      assertThat(found.noDisk()).isEmpty();
    } else {
      assertThat(found.noDisk()).contains(K, "lacks", lacking);
    }
    assertThat(found.noCard()).isEmpty();
  }

  @Test
  void aCardsDriverOfTheRootFileSystemComesInTime() throws IOException {
    assertThat(of(initramfs("virtio", "virtio_pci"), modules(DEP, "")).noCard()).isEmpty();
    assertThat(of(initramfs(), modules(DEP.replace("kernel/virtio_net.ko", "x"), "")).noCard())
        .isEqualTo("kernel %s has no [virtio_net]".formatted(K));
  }

  @Test
  void aKernelForAnotherHypervisorHasNeither() throws IOException {
    KernelDrivers found = of(initramfs("pvscsi"), modules("kernel/pvscsi.ko:\n", ""));

    assertThat(found.noDisk()).contains("virtio_blk");
    assertThat(found.noCard()).contains("virtio_net");
  }

  @ParameterizedTest
  @CsvSource({
    "blacklist virtio_blk, true",
    "'install virtio-pci /bin/false', true",
    "'\tinstall  virtio_blk   /bin/true', true",
    "# blacklist virtio_blk, false",
    "blacklist virtio_blkx, false",
    "'install virtio_blk /sbin/modprobe -i virtio_blk', false",
    "options virtio_blk x=1, false",
  })
  void whatModprobeIsToldInTheInitramfsCounts(String line, boolean blocked) throws IOException {
    Archive archive =
        initramfs("virtio", "virtio_pci", "virtio_blk").file("etc/modprobe.d/a.conf", line + "\n");

    KernelDrivers found = of(archive, modules(DEP, ""));

    if (blocked) {
      assertThat(found.noDisk()).startsWith("etc/modprobe.d/a.conf in the initramfs:1 keeps");
    } else {
      assertThat(found.noDisk()).isEmpty();
    }
  }

  @Test
  void whatModprobeIsToldInTheGuestCountsForTheCard() throws IOException {
    Map<String, String> modprobe =
        KernelDrivers.modprobe(
            Map.of("/etc/modprobe.d/x.conf", "\nblacklist virtio_net\n", "/etc/fstab", ""));

    KernelDrivers found =
        KernelDrivers.of(
            Archive.read(initramfs("virtio", "virtio_pci", "virtio_blk").end()),
            modules(DEP, ""),
            K,
            modprobe);

    assertThat(found.noDisk()).isEmpty();
    assertThat(found.noCard())
        .isEqualTo("/etc/modprobe.d/x.conf:2 keeps kernel %s from loading virtio_net".formatted(K));
  }

  /** What is in the initramfs or built in, and whether disks on SATA are found with it. */
  @ParameterizedTest
  @CsvSource({
    "libahci ahci sd_mod, '', true",
    "ahci sd_mod, '', false",
    "libahci ahci, '', false",
    "libahci ahci, sd_mod, true",
    "'', ahci sd_mod, true",
    "virtio virtio_pci virtio_blk, sd_mod, false",
  })
  void sataIsAProofOfItsOwn(String inside, String builtin, boolean proven) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String name : builtin.split(" ")) {
      lines.append("kernel/").append(name).append(".ko\n");
    }
    String dep = "kernel/ahci.ko: kernel/libahci.ko\nkernel/libahci.ko:\nkernel/sd_mod.ko:\n";
    String[] names = inside.isEmpty() ? new String[0] : inside.split(" ");
    String alias = "alias pci:v*d*sv*sd*bc01sc06i01* ahci\nalias scsi:t-0x00* sd_mod\n";
    Archive archive = initramfs(names).file("lib/modules/" + K + "/modules.alias", ALIAS + alias);

    KernelDrivers found = of(archive, modules(dep + DEP, lines.toString()));

    assertThat(found.noSata().isEmpty()).isEqualTo(proven);
    if (!proven) {
      assertThat(found.noSata()).startsWith("the initramfs of kernel " + K + " lacks ");
    }
  }

  /** A line of a boot entry, and whether the kernel starts with virtio_blk there. */
  @ParameterizedTest
  @CsvSource({
    "options root=UUID=1 modprobe.blacklist=virtio_blk, true",
    "'options root=UUID=1 module_blacklist=nouveau,virtio-blk quiet', true",
    "options root=UUID=1 rd.driver.blacklist=virtio_pci, true",
    "options root=UUID=1 modprobe.blacklist=nouveau, false",
    "# options modprobe.blacklist=virtio_blk, false",
    "options root=UUID=1 rd.driver.pre=virtio_blk, false",
  })
  void whatABootEntryForbidsIsNotLoaded(String line, boolean blocked) throws IOException {
    String entry = "/boot/loader/entries/a.conf";
    KernelDrivers found =
        KernelDrivers.of(
            Archive.read(initramfs("virtio", "virtio_pci", "virtio_blk").end()),
            modules(DEP, ""),
            K,
            KernelDrivers.modprobe(Map.of(entry, "title x\n" + line + "\n")));

    assertThat(found.noDisk()).startsWith(blocked ? entry + ":2 keeps kernel" : "");
    assertThat(found.noDisk().isEmpty()).isNotEqualTo(blocked);
  }

  @Test
  void whatIsBuiltInCannotBeBlocked() {
    KernelModules modules =
        modules("", "kernel/virtio_pci.ko\nkernel/virtio_blk.ko\nkernel/virtio_net.ko\n");

    assertThat(
            KernelDrivers.withoutInitramfs(
                modules, K, Map.of("/etc/modprobe.d/x.conf", "blacklist virtio_net\n")))
        .isEqualTo(
            new KernelDrivers(
                K,
                "",
                "kernel %s has no initramfs and no built-in [virtio_scsi, sd_mod]".formatted(K),
                "kernel %s has no initramfs and no built-in [ahci, sd_mod]".formatted(K),
                ""));
  }

  @Test
  void withoutAnInitramfsModulesComeTooLateForTheDisk() {
    KernelDrivers found = KernelDrivers.withoutInitramfs(modules(DEP, ""), K, Map.of());

    assertThat(found.noDisk()).contains("no initramfs", "virtio_pci", "virtio_blk");
    assertThat(found.noCard()).isEmpty();
  }

  @Test
  void virtioScsiIsAProofOfItsOwn() throws IOException {
    KernelDrivers found = of(initramfs("virtio", "virtio_pci", "virtio_blk"), modules(DEP, ""));

    assertThat(found.noDisk()).isEmpty();
    assertThat(found.noScsi()).contains("lacks", "virtio_scsi");
  }

  @Test
  void modulesInASquashedImageAreNotSeen() throws IOException {
    Archive archive = new Archive().file("squash-root.img", "hsqs");

    assertThat(of(archive, modules(DEP, "")).noDisk()).contains("not read");
  }
}
