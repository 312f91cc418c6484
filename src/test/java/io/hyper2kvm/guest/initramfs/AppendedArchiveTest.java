package io.hyper2kvm.guest.initramfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.guest.initramfs.archive.Compression;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
import io.hyper2kvm.guest.initramfs.archive.Segment;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.guest.initramfs.modules.KmodIndex;
import io.hyper2kvm.guest.initramfs.modules.KmodIndexWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class AppendedArchiveTest {

  private static final String K = "6.12.0-1-amd64";
  private static final byte[] MODULE = Archive.bytesOf("\u007fELF module");
  private static final String DEP =
      """
      kernel/drivers/virtio/virtio.ko:
      kernel/drivers/virtio/virtio_pci.ko: kernel/drivers/virtio/virtio.ko
      kernel/drivers/block/virtio_blk.ko: kernel/drivers/virtio/virtio.ko
      kernel/drivers/scsi/virtio_scsi.ko: kernel/drivers/virtio/virtio.ko
      kernel/drivers/net/virtio_net.ko: kernel/net/core/failover.ko kernel/drivers/virtio/virtio.ko
      kernel/net/core/failover.ko:
      kernel/fs/ext4/ext4.ko: kernel/fs/jbd2/jbd2.ko
      kernel/fs/jbd2/jbd2.ko:
      """;
  private static final String ALIAS =
      """
      # Aliases extracted from modules themselves.
      alias pci:v00001AF4d*sv*sd*bc*sc*i* virtio_pci
      alias virtio:d00000001v* virtio_net
      alias virtio:d00000002v* virtio_blk
      alias virtio:d00000008v* virtio_scsi
      alias fs-ext4 ext4
      alias pci:v000015ADd000007C0sv*sd*bc*sc*i* vmw_pvscsi
      """;
  private static final KernelModules ROOT =
      KernelModules.parse(DEP, "kernel/drivers/scsi/sd_mod.ko\n", "", "");
  private static final Map<String, byte[]> INDEX =
      Map.of(
          "modules.alias", Archive.bytesOf(ALIAS),
          "modules.builtin", Archive.bytesOf("kernel/drivers/scsi/sd_mod.ko\n"));

  /** Debian's layout: merged /usr, one module, an index of one module. */
  private static Archive debian() {
    return new Archive()
        .dir(".")
        .dir("conf")
        .file("conf/initramfs.conf", "MODULES=dep\n")
        .file("conf/modules", "# loaded early\ndm-mod")
        .link("lib", "usr/lib")
        .dirs("usr/lib/modules/" + K + "/kernel/fs/ext4")
        .file("lib/modules/" + K + "/kernel/fs/ext4/ext4.ko", MODULE)
        .file("lib/modules/" + K + "/modules.dep", "kernel/fs/ext4/ext4.ko:\n")
        .file(
            "lib/modules/" + K + "/modules.dep.bin",
            KmodIndexWriter.write(
                List.of(new KmodIndex.Entry("ext4", "kernel/fs/ext4/ext4.ko:", 0))))
        .file("lib/modules/" + K + "/modules.alias", "alias fs-ext4 ext4\n");
  }

  private static InitramfsPlan plan(InitramfsContents contents) throws IOException {
    return InitramfsPlan.of(contents, ROOT, K, Map.of());
  }

  private static Map<String, byte[]> fetched(InitramfsPlan plan) {
    var files = new HashMap<String, byte[]>();
    plan.filesToFetch().forEach(path -> files.put(path, MODULE));
    return files;
  }

  private static InitramfsContents extended(byte[] file) throws IOException {
    InitramfsContents contents = Archive.read(file);
    InitramfsPlan plan = plan(contents);
    return Archive.read(file, AppendedArchive.suffix(contents, plan, fetched(plan), INDEX));
  }

  @Test
  void verdictNamesWhatIsMissingAndWhy() throws IOException {
    InitramfsContents contents = Archive.read(debian().end());

    assertThat(InitramfsVerdict.verify(contents, ROOT, K).missing())
        .containsKeys("virtio_pci", "virtio_blk", "virtio_scsi", "virtio_net");
    assertThat(
            InitramfsVerdict.verify(contents, ROOT, K, List.of("virtio-blk", "sd_mod", "nosuch")))
        .satisfies(
            verdict -> {
              assertThat(verdict.missing())
                  .containsEntry("nosuch", "this kernel has no such module")
                  .containsEntry("virtio", "not in the initramfs")
                  .containsKey("virtio_blk");
              assertThat(verdict.evidence()).containsEntry("sd_mod", "built-in");
            });
  }

  @Test
  void planListsTheFilesToFetchWithAllTheyNeed() throws IOException {
    InitramfsPlan plan = plan(Archive.read(debian().end()));

    assertThat(plan.filesToFetch())
        .containsExactlyInAnyOrder(
            "kernel/drivers/virtio/virtio.ko",
            "kernel/drivers/virtio/virtio_pci.ko",
            "kernel/drivers/block/virtio_blk.ko",
            "kernel/drivers/scsi/virtio_scsi.ko",
            "kernel/drivers/net/virtio_net.ko",
            "kernel/net/core/failover.ko");
    assertThat(plan.wanted()).doesNotContain("sd_mod");
    assertThat(plan.unavailable()).isEmpty();
  }

  @Test
  void whatTheKernelHasNotIsReportedAndNotFetched() throws IOException {
    InitramfsContents contents = Archive.read(debian().end());
    InitramfsPlan plan =
        InitramfsPlan.of(contents, KernelModules.parse("", "", "", ""), K, Map.of());

    assertThat(plan.unavailable()).containsExactlyElementsOf(KernelModules.VIRTIO);
    assertThat(plan.isNeeded()).isFalse();
    assertThatThrownBy(() -> AppendedArchive.suffix(contents, plan, Map.of(), INDEX))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void extendedInitramfsIsComplete(Compression compression) throws IOException {
    InitramfsContents contents = extended(debian().end(compression));
    InitramfsVerdict verdict = InitramfsVerdict.verify(contents, ROOT, K);

    assertThat(verdict.missing()).isEmpty();
    assertThat(verdict.evidence())
        .containsEntry("sd_mod", "built-in")
        .containsEntry("failover", "usr/lib/modules/" + K + "/kernel/net/core/failover.ko")
        .hasSize(7);
    assertThat(plan(contents).isNeeded()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void extensionFitsBehindAnyLengthAndZeros(Compression compression) throws IOException {
    for (int zeros = 0; zeros < 9; zeros++) {
      byte[] odd = debian().file("odd", new byte[zeros]).end();
      byte[] file = Archive.join(Archive.packed(compression, odd), new byte[zeros]);
      assertThat(InitramfsVerdict.verify(extended(file), ROOT, K).isComplete())
          .as("%d zeros", zeros)
          .isTrue();
    }
  }

  @Test
  void extensionHasTheFormOfTheSegmentBeforeIt() throws IOException {
    for (Compression form : List.of(Compression.GZIP, Compression.XZ, Compression.ZSTD)) {
      assertThat(extended(debian().end(form)).segments())
          .extracting(Segment::compression)
          .containsExactly(form, form);
    }
  }

  @Test
  void everyOldEntryIsStillThere() throws IOException {
    InitramfsContents before = Archive.read(debian().end());
    InitramfsContents after = extended(debian().end());

    assertThat(after.tree().entries().keySet()).containsAll(before.tree().entries().keySet());
    assertThat(after.tree().entries().get("lib").isSymlink()).isTrue();
    assertThat(after.text("conf/modules").orElseThrow())
        .isEqualTo("# loaded early\ndm-mod\nvirtio_pci\nvirtio_blk\nvirtio_scsi\nvirtio_net\n");
  }

  @Test
  void indexNamesExactlyTheModulesThatAreThere() throws IOException {
    InitramfsContents contents = extended(debian().end());
    String base = "lib/modules/" + K + "/";

    assertThat(contents.text(base + "modules.dep").orElseThrow().lines())
        .contains(
            "kernel/fs/ext4/ext4.ko:",
            "kernel/drivers/net/virtio_net.ko: kernel/net/core/failover.ko"
                + " kernel/drivers/virtio/virtio.ko")
        .hasSize(7);
    KmodIndex dep = KmodIndex.open(contents.content(base + "modules.dep.bin").orElseThrow());
    assertThat(dep.find("virtio_blk"))
        .containsExactly("kernel/drivers/block/virtio_blk.ko: kernel/drivers/virtio/virtio.ko");
    assertThat(dep.find("jbd2")).isEmpty();
    KmodIndex alias = KmodIndex.open(contents.content(base + "modules.alias.bin").orElseThrow());
    assertThat(alias.find("fs_ext4")).containsExactly("ext4");
    assertThat(alias.entries()).extracting(KmodIndex.Entry::value).doesNotContain("vmw_pvscsi");
    assertThat(contents.text(base + "modules.builtin")).contains("kernel/drivers/scsi/sd_mod.ko\n");
  }

  @Test
  void sameInputsGiveTheSameBytes() throws IOException {
    InitramfsContents contents = Archive.read(debian().end(Compression.GZIP));
    InitramfsPlan plan = plan(contents);

    assertThat(AppendedArchive.suffix(contents, plan, fetched(plan), INDEX))
        .isEqualTo(AppendedArchive.suffix(contents, plan, fetched(plan), INDEX));
  }

  @Test
  void compressedModulesOfTheGuestAreUnpackedAndRenamed() throws IOException {
    var root =
        KernelModules.parse("a/virtio_blk.ko.xz: b/virtio.ko.gz\nb/virtio.ko.gz:\n", "", "", "");
    var xz = new ByteArrayOutputStream();
    try (var out = new XZOutputStream(xz, new LZMA2Options(0))) {
      out.write(MODULE);
    }
    var gzip = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(gzip)) {
      out.write(MODULE);
    }
    byte[] file = debian().end();
    InitramfsContents contents = Archive.read(file);
    InitramfsPlan plan = InitramfsPlan.of(contents, root, K, List.of("virtio_blk"), Map.of());
    Map<String, byte[]> fetched =
        Map.of("a/virtio_blk.ko.xz", xz.toByteArray(), "b/virtio.ko.gz", gzip.toByteArray());
    byte[] suffix = AppendedArchive.suffix(contents, plan, fetched, INDEX);
    InitramfsContents after = Archive.read(file, suffix);

    assertThat(after.find("lib/modules/" + K + "/a/virtio_blk.ko").orElseThrow().size())
        .isEqualTo(MODULE.length);
    assertThat(after.text("lib/modules/" + K + "/modules.dep").orElseThrow())
        .contains("a/virtio_blk.ko: b/virtio.ko\n");
    assertThat(InitramfsVerdict.verify(after, root, K, List.of("virtio_blk")).isComplete())
        .isTrue();
  }

  @Test
  void filesThatAreNoModulesAreRefused() throws IOException {
    var root = KernelModules.parse("a/virtio_blk.ko.xz:\n", "", "", "");
    InitramfsContents contents = Archive.read(debian().end());
    InitramfsPlan plan = InitramfsPlan.of(contents, root, K, List.of("virtio_blk"), Map.of());

    assertThatThrownBy(
            () ->
                AppendedArchive.suffix(contents, plan, Map.of("a/virtio_blk.ko.xz", MODULE), INDEX))
        .isInstanceOf(InitramfsFormatException.class)
        .hasMessageContaining("a/virtio_blk.ko.xz is no module: corrupt");
    InitramfsPlan plain = plan(contents);
    Map<String, byte[]> empty = fetched(plain);
    empty.replaceAll((path, content) -> new byte[0]);
    assertThatThrownBy(() -> AppendedArchive.suffix(contents, plain, empty, INDEX))
        .hasMessageContaining("no ELF header");
    assertThatThrownBy(() -> AppendedArchive.suffix(contents, plain, Map.of(), INDEX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not given");
  }

  @Test
  void initramfsWithoutAnyModuleDirectoryGetsOne() throws IOException {
    byte[] plain =
        new Archive().dir("bin").file("bin/udevd", "ELF").file("init", "#!/bin/sh").end();
    InitramfsContents contents = extended(plain);

    assertThat(InitramfsVerdict.verify(contents, ROOT, K).isComplete()).isTrue();
    assertThat(contents.find("lib/modules/" + K + "/modules.dep")).isPresent();
    byte[] dangling =
        new Archive().link("lib", "usr/lib").dir("bin").file("bin/udevd", "ELF").end();
    assertThat(extended(dangling).find("usr/lib/modules/" + K + "/modules.dep")).isPresent();
  }

  @Test
  void directoriesThatAreNoneAreRefused() throws IOException {
    for (Archive archive :
        List.of(
            new Archive().file("lib", "a file"),
            new Archive().link("lib", "lib"),
            new Archive().dirs("lib/modules").file("lib/modules/" + K, "a file"))) {
      byte[] file = archive.end();
      assertThatThrownBy(() -> extended(file))
          .isInstanceOf(InitramfsFormatException.class)
          .hasMessageContaining("cannot add");
    }
  }

  @Test
  void moduleThatTheIndexDoesNotNameIsRepaired() throws IOException {
    byte[] file =
        debian()
            .dirs("usr/lib/modules/" + K + "/kernel/drivers")
            .file("lib/modules/" + K + "/kernel/drivers/virtio_blk.ko", MODULE)
            .end();
    var root = KernelModules.parse("kernel/drivers/virtio_blk.ko:\n", "", "", "");
    InitramfsContents contents = Archive.read(file);
    List<String> required = List.of("virtio_blk");

    assertThat(InitramfsVerdict.verify(contents, root, K, required).missing())
        .containsOnlyKeys("virtio_blk");
    InitramfsPlan plan = InitramfsPlan.of(contents, root, K, required, Map.of());
    assertThat(plan.indexOutdated()).isTrue();
    assertThat(plan.filesToFetch()).isEmpty();
    InitramfsContents after =
        Archive.read(file, AppendedArchive.suffix(contents, plan, Map.of(), Map.of()));
    assertThat(InitramfsVerdict.verify(after, root, K, required).missing()).isEmpty();
  }

  @Test
  void emptyModuleFileIsNotThere() throws IOException {
    byte[] file = debian().file("lib/modules/" + K + "/virtio_blk.ko", "").end();

    assertThat(plan(Archive.read(file)).filesToFetch())
        .contains("kernel/drivers/block/virtio_blk.ko");
  }

  @Test
  void dracutGetsAListForSystemd() throws IOException {
    byte[] dracut =
        new Archive()
            .dirs("usr/lib/dracut/hooks")
            .dirs("usr/lib/modules/" + K)
            .dirs("usr/lib/systemd")
            .file("usr/lib/systemd/systemd-modules-load", "ELF")
            .link("lib", "usr/lib")
            .dir("etc")
            .end(Compression.ZSTD);
    InitramfsContents contents = extended(dracut);

    assertThat(contents.generator()).isEqualTo(InitramfsGenerator.DRACUT);
    assertThat(contents.text("etc/modules-load.d/hyper2kvm.conf"))
        .contains("virtio_pci\nvirtio_blk\nvirtio_scsi\nvirtio_net\n");
    assertThat(contents.find("conf/modules")).isEmpty();
  }

  @Test
  void extraFilesAreAddedOnceAndOnlyIfTheyDiffer() throws IOException {
    byte[] file = extendedBytes(debian().end());
    Map<String, byte[]> extra =
        Map.of(
            "/conf/conf.d/resume", Archive.bytesOf("RESUME=none\n"),
            "conf/initramfs.conf", Archive.bytesOf("MODULES=dep\n"));
    InitramfsContents contents = Archive.read(file);
    InitramfsPlan plan = InitramfsPlan.of(contents, ROOT, K, extra);
    byte[] suffix = AppendedArchive.suffix(contents, plan, Map.of(), Map.of());
    InitramfsContents after = Archive.read(file, suffix);

    assertThat(after.text("conf/conf.d/resume")).contains("RESUME=none\n");
    assertThat(InitramfsPlan.of(after, ROOT, K, extra).isNeeded()).isFalse();
  }

  private static byte[] extendedBytes(byte[] file) throws IOException {
    InitramfsContents contents = Archive.read(file);
    InitramfsPlan plan = plan(contents);
    return Archive.join(file, AppendedArchive.suffix(contents, plan, fetched(plan), INDEX));
  }

  @Test
  void extraFilesThatWouldDestroySomethingAreRefused() throws IOException {
    InitramfsContents contents = Archive.read(debian().end());
    for (String path :
        List.of("lib", "conf", "a/../b", "", "a/", "conf/modules/x", "a\0b", "dev")) {
      InitramfsPlan plan =
          InitramfsPlan.of(contents, ROOT, K, List.of(), Map.of(path, new byte[1]));
      assertThatThrownBy(() -> AppendedArchive.suffix(contents, plan, Map.of(), Map.of()))
          .as("\"%s\"", path)
          .isInstanceOf(InitramfsFormatException.class);
    }
    InitramfsPlan both =
        InitramfsPlan.of(
            contents, ROOT, K, List.of(), Map.of("new", new byte[1], "new/x", new byte[1]));
    assertThatThrownBy(() -> AppendedArchive.suffix(contents, both, Map.of(), Map.of()))
        .hasMessageContaining("another new file");
  }

  @Test
  void kernelVersionThatIsAPathIsRefused() throws IOException {
    InitramfsContents contents = Archive.read(debian().end());

    assertThatThrownBy(() -> InitramfsPlan.of(contents, ROOT, "../../etc", Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
