package io.hyper2kvm.guest.initramfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
import io.hyper2kvm.guest.initramfs.dropin.ConfigDropIn;
import io.hyper2kvm.guest.initramfs.dropin.DropInObstacles;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Whatever the lists of an initramfs and of a tool's configuration say. */
@Tag("property")
class ToolListsPropertiesTest {

  private static final String K = "6.1.0";
  private static final byte[] MODULE = Archive.bytesOf("\u007fELF");
  private static final KernelModules ROOT =
      KernelModules.parse("a/virtio_blk.ko: a/virtio.ko\na/virtio.ko:\n", "", "", "");
  private static final List<String> WANTED = List.of("virtio_blk");

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> words =
        Arbitraries.of(
            "moduledependencies:",
            "modulesforceload:",
            "    virtio_blk:",
            "        - virtio",
            "    - virtio_blk",
            "kernel: 6.1.0",
            "/virtio.ko",
            "/virtio_blk.ko x=1",
            "MODULES=(",
            "MODULES=\"virtio_blk\"",
            "MODULES+=(virtio_blk)",
            "modules_force_load: a,virtio_blk",
            "INCLUDE_MODULES=\"a\"",
            "features=\"base\"",
            "features='virtio'",
            "#",
            "\"",
            ")",
            "");
    return words.list().ofMaxSize(8).map(lines -> String.join("\n", lines));
  }

  @Provide
  Arbitrary<String> anything() {
    return Arbitraries.strings().ofMaxLength(200);
  }

  private static Map<String, Archive> archives(String text) {
    Map<String, Archive> archives = new HashMap<>();
    archives.put(
        "booster",
        new Archive().dirs("usr/lib/modules").dir("etc").file("etc/booster.init.yaml", text));
    archives.put("tiny", new Archive().dir("target").file("init", MODULE).file("modules", text));
    archives.put(
        "mkinitcpio",
        new Archive().dirs("usr/lib/modules/" + K).file("buildconfig", "").file("config", text));
    return archives;
  }

  private static void whatIsAppendedIsFoundAndNothingIsMissing(String text) throws IOException {
    for (Map.Entry<String, Archive> each : archives(text).entrySet()) {
      byte[] file = each.getValue().end();
      InitramfsContents contents = Archive.read(file);
      try {
        InitramfsPlan plan = InitramfsPlan.of(contents, ROOT, K, WANTED, Map.of());
        Map<String, byte[]> fetched = new HashMap<>();
        plan.filesToFetch().forEach(path -> fetched.put(path, MODULE));
        InitramfsContents after =
            Archive.read(file, AppendedArchive.suffix(contents, plan, fetched, Map.of()));

        assertThat(InitramfsVerdict.verify(after, ROOT, K, WANTED).missing())
            .as(each.getKey())
            .isEmpty();
        assertThat(InitramfsPlan.of(after, ROOT, K, WANTED, Map.of()).isNeeded()).isFalse();
      } catch (InitramfsFormatException e) {
        assertThat(each.getKey()).isEqualTo("booster");
      }
    }
  }

  @Property
  void listsOfKnownLinesAreExtendedOrRefused(@ForAll("texts") String text) throws IOException {
    whatIsAppendedIsFoundAndNothingIsMissing(text);
  }

  @Property
  void listsOfAnyTextAreExtendedOrRefused(@ForAll("anything") String text) throws IOException {
    whatIsAppendedIsFoundAndNothingIsMissing(text);
  }

  @Property
  void aDropInIsMadeOnceAndForAnyText(
      @ForAll InitramfsGenerator generator, @ForAll("texts") String text) {
    Map<String, String> files = new HashMap<>();
    for (String file :
        List.of(
            "/etc/initramfs-tools/modules",
            "/etc/mkinitcpio.conf",
            "/etc/mkinitcpio.conf.d/a.conf",
            "/etc/mkinitfs/mkinitfs.conf",
            "/etc/booster.yaml",
            "/etc/tiny-initramfs/tiny-initramfs.conf",
            "/etc/dracut.conf.d/a.conf")) {
      files.put(file, text);
    }
    Optional<FileEdit> first = ConfigDropIn.of(generator, files, WANTED);
    first.ifPresent(edit -> files.put(edit.file(), edit.after().orElseThrow()));

    assertThat(ConfigDropIn.of(generator, files, WANTED)).isEmpty();
    assertThat(DropInObstacles.of(generator, "/boot/initrd", files, WANTED)).isNotNull();
  }
}
