package io.hyper2kvm.guest.initramfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.guest.initramfs.archive.Compression;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.guest.initramfs.modules.KmodIndexWriter;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The initramfs of each tool, in the layout that its own init reads. */
class ToolLayoutsTest {

  private static final String K = "6.6.9-arch1-1";
  private static final byte[] MODULE = Archive.bytesOf("\u007fELF module");
  private static final KernelModules ROOT =
      KernelModules.parse(
          """
          kernel/drivers/virtio/virtio.ko.zst: kernel/drivers/virtio/virtio_ring.ko.zst
          kernel/drivers/virtio/virtio_ring.ko.zst:
          kernel/drivers/virtio/virtio_pci.ko.zst: kernel/drivers/virtio/virtio.ko.zst kernel/drivers/virtio/virtio_ring.ko.zst
          kernel/drivers/block/virtio_blk.ko.zst: kernel/drivers/virtio/virtio.ko.zst kernel/drivers/virtio/virtio_ring.ko.zst
          kernel/drivers/scsi/virtio_scsi.ko.zst: kernel/drivers/virtio/virtio.ko.zst kernel/drivers/virtio/virtio_ring.ko.zst
          kernel/drivers/scsi/sd_mod.ko.zst: kernel/drivers/scsi/scsi_mod.ko.zst
          kernel/drivers/scsi/scsi_mod.ko.zst:
          kernel/drivers/net/virtio_net.ko.zst: kernel/drivers/virtio/virtio.ko.zst kernel/drivers/virtio/virtio_ring.ko.zst
          """
              .replace(".zst", ""),
          "",
          "",
          "");
  private static final byte[] ALIAS =
      Archive.bytesOf(
          """
          alias pci:v00001AF4d*sv*sd*bc*sc*i* virtio_pci
          alias virtio:d00000002v* virtio_blk
          alias virtio:d00000008v* virtio_scsi
          alias virtio:d00000001v* virtio_net
          alias scsi:t-0x00* sd_mod
          """);
  private static final String BOOSTER =
      """
      moduledependencies:
          ahci:
              - libahci
      modulesforceload:
          - dm_mod
      builtinmodules:
          ext4: true
      kernel: 6.6.9-arch1-1
      mounttimeout: 180
      """;

  private static Archive tree() {
    return new Archive()
        .dirs("usr/lib/modules/" + K)
        .dirs("usr/lib/systemd")
        .dirs("usr/sbin")
        .dir("etc")
        .link("lib", "usr/lib");
  }

  private static Archive mkinitcpio() {
    return tree().file("buildconfig", "HOOKS=(base)\n").file("init_functions", "").dir("hooks");
  }

  private static Archive booster(String config) {
    return new Archive()
        .dirs("usr/lib/modules")
        .dir("etc")
        .file("init", MODULE)
        .file("usr/lib/modules/ahci.ko", MODULE)
        .file("usr/lib/modules/libahci.ko", MODULE)
        .file("usr/lib/modules/booster.alias", "pci:v*d*sv*sd*bc01sc06i01* ahci\n")
        .file("etc/booster.init.yaml", config);
  }

  private static Archive tiny() {
    return new Archive()
        .dir("dev")
        .dir("proc")
        .dir("target")
        .file("init", MODULE)
        .file("ahci.ko", MODULE)
        .file("modules", "/ahci.ko\n");
  }

  static Stream<Arguments> tools() {
    return Stream.of(
        Arguments.of("initramfs-tools", tree().dir("conf").file("conf/initramfs.conf", "")),
        Arguments.of("dracut with systemd", systemd(tree().dirs("usr/lib/dracut/hooks"))),
        Arguments.of("dracut without systemd", tree().dirs("usr/lib/dracut/hooks")),
        Arguments.of("mkinitcpio with systemd", systemd(mkinitcpio())),
        Arguments.of("mkinitcpio, busybox with udev", mkinitcpio().file("hooks/udev", "")),
        Arguments.of(
            "mkinitcpio, busybox alone", mkinitcpio().file("config", "HOOKS=\"keymap\"\n")),
        Arguments.of("mkinitfs", tree().file("usr/sbin/nlplug-findfs", MODULE)),
        Arguments.of("booster", booster(BOOSTER)),
        Arguments.of("booster without modules", booster("kernel: " + K + "\n")),
        Arguments.of("tiny-initramfs", tiny()),
        Arguments.of("systemd without a tool", systemd(tree().file("etc/initrd-release", ""))),
        Arguments.of("udev in an unknown one", tree().file("usr/sbin/udevd", MODULE)));
  }

  private static Archive systemd(Archive archive) {
    return archive
        .file("usr/lib/systemd/systemd-modules-load", MODULE)
        .file("usr/lib/systemd/systemd-udevd", MODULE);
  }

  private static byte[] extended(byte[] file) throws IOException {
    InitramfsContents contents = Archive.read(file);
    InitramfsPlan plan = InitramfsPlan.of(contents, ROOT, K, Map.of());
    Map<String, byte[]> fetched = new HashMap<>();
    plan.filesToFetch().forEach(path -> fetched.put(path, MODULE));
    return Archive.join(
        file, AppendedArchive.suffix(contents, plan, fetched, Map.of("modules.alias", ALIAS)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tools")
  void withoutTheDriversEachOneIsMissed(String name, Archive archive) throws IOException {
    assertThat(InitramfsVerdict.verify(Archive.read(archive.end()), ROOT, K).missing())
        .containsOnlyKeys(
            "virtio_pci",
            "virtio_blk",
            "virtio_scsi",
            "sd_mod",
            "virtio_net",
            "virtio",
            "virtio_ring",
            "scsi_mod");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tools")
  void whatIsAppendedIsLoaded(String name, Archive archive) throws IOException {
    byte[] file = extended(archive.end(Compression.ZSTD));

    assertThat(InitramfsVerdict.verify(Archive.read(file), ROOT, K).missing()).isEmpty();
    assertThat(KernelDrivers.of(Archive.read(file), ROOT, K, Map.of()))
        .extracting(KernelDrivers::noDisk, KernelDrivers::noScsi)
        .containsExactly("", "");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tools")
  void aSecondTimeNothingIsAppended(String name, Archive archive) throws IOException {
    InitramfsContents after = Archive.read(extended(archive.end(Compression.GZIP)));

    assertThat(InitramfsPlan.of(after, ROOT, K, Map.of()).isNeeded()).isFalse();
  }

  /** Without its list or its aliases the drivers lie there for nothing. */
  @ParameterizedTest
  @CsvSource({
    "initramfs-tools, conf/modules",
    "mkinitcpio, config",
    "booster, etc/booster.init.yaml",
    "tiny-initramfs, modules",
  })
  void driversThatNothingLoadsAreMissed(String name, String list) throws IOException {
    Archive archive =
        switch (name) {
          case "initramfs-tools" -> tree().dir("conf").file("conf/initramfs.conf", "");
          case "mkinitcpio" -> mkinitcpio();
          case "booster" -> booster(BOOSTER);
          default -> tiny();
        };
    byte[] aliases = new Archive().file("usr/lib/modules/booster.alias", "").end();
    byte[] index =
        new Archive()
            .file("usr/lib/modules/" + K + "/modules.alias", "# none\n")
            .file("usr/lib/modules/" + K + "/modules.alias.bin", KmodIndexWriter.write(List.of()))
            .end();
    String empty = name.equals("booster") ? "kernel: " + K + "\n" : "";
    byte[] file =
        Archive.join(
            extended(archive.end()), new Archive().file(list, empty).end(), aliases, index);
    InitramfsContents contents = Archive.read(file);

    assertThat(InitramfsVerdict.verify(contents, ROOT, K, List.of("virtio_blk")).missing())
        .containsKey("virtio_blk");
    assertThat(InitramfsPlan.of(contents, ROOT, K, Map.of()))
        .extracting(InitramfsPlan::indexOutdated, plan -> plan.filesToFetch().size())
        .containsExactly(true, 0);
    assertThat(InitramfsVerdict.verify(Archive.read(extended(file)), ROOT, K).isComplete())
        .isTrue();
  }

  /** Whatever else is in there, the lists are read by the init that reads them, and no other. */
  @ParameterizedTest
  @CsvSource({
    "etc/modules-load.d/virtio.conf, 'virtio_blk\n', dracut, false",
    "etc/modules-load.d/virtio.conf, 'virtio_blk\n', systemd, true",
    "etc/modules-load.d/virtio.txt, 'virtio_blk\n', systemd, false",
    "etc/cmdline.d/20-force_drivers.conf, 'rd.driver.pre=virtio_blk\n', dracut, true",
    "etc/cmdline.d/20-force_drivers.conf, 'rd.driver.pre=x,virtio-blk ro\n', dracut, true",
    "etc/cmdline.d/20-force_drivers.conf, '# rd.driver.pre=virtio_blk\n', dracut, false",
    "config, 'MODULES=\"ext4 virtio_blk\"\n', mkinitcpio, true",
    "config, 'MODULES=\"virtio_blk\"\nMODULES=\"ext4\"\n', mkinitcpio, false",
    "config, 'MODULES=\"virtio_blk\"\n', dracut, false",
    "conf/modules, 'virtio_blk\n', dracut, false",
  })
  void aListCountsForTheInitThatReadsIt(String file, String text, String tool, boolean loaded)
      throws IOException {
    Archive archive =
        switch (tool) {
          case "systemd" -> systemd(tree().dirs("usr/lib/dracut/hooks"));
          case "mkinitcpio" -> mkinitcpio();
          default -> tree().dirs("usr/lib/dracut/hooks");
        };
    String folder = "usr/lib/modules/" + K + "/";
    InitramfsContents contents =
        Archive.read(
            archive
                .dirs(folder + "kernel/drivers/block")
                .dir("conf")
                .dirs("etc/modules-load.d")
                .dirs("etc/cmdline.d")
                .file(folder + "kernel/drivers/block/virtio_blk.ko", MODULE)
                .file(folder + "modules.dep", "kernel/drivers/block/virtio_blk.ko:\n")
                .file(file, text)
                .end());
    KernelModules root = KernelModules.parse("kernel/drivers/block/virtio_blk.ko:\n", "", "", "");

    assertThat(InitramfsVerdict.verify(contents, root, K, List.of("virtio_blk")).isComplete())
        .isEqualTo(loaded);
  }

  @Test
  void anInitThatIsNotKnownCannotBeGivenModules() throws IOException {
    InitramfsContents contents =
        Archive.read(tree().file("init", "#!/bin/nash\ninsmod /lib/ext3.ko\n").end());

    assertThat(contents.generator()).isEqualTo(InitramfsGenerator.UNKNOWN);
    assertThat(InitramfsPlan.of(contents, ROOT, K, Map.of()).obstacle())
        .contains("what loads modules in this initramfs is not known");
  }

  @Test
  void aTinyInitramfsWithoutAListCannotBeGivenModules() throws IOException {
    InitramfsContents contents =
        Archive.read(new Archive().dir("dev").dir("target").file("init", MODULE).end());
    InitramfsPlan plan = InitramfsPlan.of(contents, ROOT, K, Map.of());

    assertThat(contents.generator()).isEqualTo(InitramfsGenerator.TINY_INITRAMFS);
    assertThat(plan.obstacle()).isPresent();
    assertThatThrownBy(() -> extended(new Archive().dir("target").file("init", MODULE).end()))
        .isInstanceOf(InitramfsFormatException.class);
  }

  @Test
  void whatIsBuiltInNeedsNoInitAtAll() throws IOException {
    KernelModules builtIn = KernelModules.parse("", "a/virtio_pci.ko\na/virtio_blk.ko\n", "", "");
    InitramfsContents contents = Archive.read(tree().end());

    assertThat(KernelDrivers.of(contents, builtIn, K, Map.of()).noDisk()).isEmpty();
    assertThat(InitramfsPlan.of(contents, builtIn, K, List.of("virtio_blk"), Map.of()).obstacle())
        .isEmpty();
  }

  @Test
  void tinyLoadsEachModuleBehindWhatItNeeds() throws IOException {
    String list = Archive.read(extended(tiny().end())).text("modules").orElseThrow();

    assertThat(list.lines().toList())
        .startsWith("/ahci.ko")
        .containsSubsequence("/virtio_ring.ko", "/virtio.ko", "/virtio_pci.ko")
        .containsSubsequence("/virtio.ko", "/virtio_blk.ko")
        .containsSubsequence("/scsi_mod.ko", "/sd_mod.ko")
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "'/virtio_ring.ko\n/virtio.ko\n/virtio_blk.ko\n', true",
    "'/virtio_ring.ko\n/virtio.ko\n/virtio_blk.ko x=1\n', true",
    "'/virtio_blk.ko\n/virtio_ring.ko\n/virtio.ko\n', false",
    "'/virtio_ring.ko\n/virtio_blk.ko\n', false",
    "'/virtio_ring.ko\n/virtio.ko\n/lib/virtio_blk.ko\n', false",
  })
  void tinyKnowsNoDependencies(String list, boolean complete) throws IOException {
    InitramfsContents contents =
        Archive.read(
            tiny()
                .file("virtio.ko", MODULE)
                .file("virtio_ring.ko", MODULE)
                .file("virtio_blk.ko", MODULE)
                .file("modules", list)
                .end());

    assertThat(InitramfsVerdict.verify(contents, ROOT, K, List.of("virtio_blk")).isComplete())
        .isEqualTo(complete);
  }

  @Test
  void tinyDoesNotLoadACompressedModule() throws IOException {
    InitramfsContents contents =
        Archive.read(
            tiny().file("virtio_ring.ko.xz", MODULE).file("modules", "/virtio_ring.ko.xz\n").end());

    assertThat(InitramfsVerdict.verify(contents, ROOT, K, List.of("virtio_ring")).missing())
        .containsKey("virtio_ring");
  }

  @Test
  void boosterKeepsWhatItsConfigurationSays() throws IOException {
    String config =
        Archive.read(extended(booster(BOOSTER).end())).text("etc/booster.init.yaml").orElseThrow();

    assertThat(config)
        .startsWith("builtinmodules:\n    ext4: true\nkernel: 6.6.9-arch1-1\nmounttimeout: 180\n")
        .contains("    ahci:\n        - libahci\n", "modulesforceload:\n    - dm_mod\n")
        .contains("    virtio_blk:\n        - virtio\n        - virtio_ring\n");
  }

  /** Lines that booster's generator does not write, and an image for another kernel. */
  @ParameterizedTest
  @CsvSource({
    "'moduledependencies: {ahci: [libahci]}\n'",
    "'moduledependencies:\n    ahci: libahci\n'",
    "'moduledependencies:\n        - libahci\n'",
    "'modulesforceload:\n    - {x: y}\n'",
    "'modulesforceload:\n    - a\nmodulesforceload:\n    - b\n'",
    "'kernel: 5.4.0\n'",
  })
  void anotherFormOfBoostersConfigurationIsRefused(String config) throws IOException {
    InitramfsContents contents = Archive.read(booster(config).end());

    assertThatThrownBy(() -> InitramfsVerdict.verify(contents, ROOT, K))
        .isInstanceOf(InitramfsFormatException.class)
        .hasMessageContaining("etc/booster.init.yaml");
  }

  @Test
  void boosterMustKnowWhatAModuleNeeds() throws IOException {
    InitramfsContents contents =
        Archive.read(
            booster("modulesforceload:\n    - virtio_blk\n")
                .file("usr/lib/modules/virtio_blk.ko", MODULE)
                .file("usr/lib/modules/virtio.ko", MODULE)
                .file("usr/lib/modules/virtio_ring.ko", MODULE)
                .end());

    assertThat(InitramfsVerdict.verify(contents, ROOT, K, List.of("virtio_blk")).missing())
        .containsKey("virtio_blk");
  }
}
