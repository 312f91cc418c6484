package io.hyper2kvm.guest.initramfs.modules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KernelModulesTest {

  @Test
  void emptyTextsAreAKernelOfWhichNothingIsKnown() {
    KernelModules modules = KernelModules.parse("", "", "", "");

    assertThat(modules.isEmpty()).isTrue();
    assertThat(modules.has("virtio_blk")).isFalse();
    assertThat(modules.closure(KernelModules.VIRTIO)).isEmpty();
  }

  @Test
  void namesAreTheKernelsWhateverTheFileIsCalled() {
    KernelModules modules =
        KernelModules.parse(
            "kernel/lib/crc-t10dif.ko.xz: kernel/crypto/crct10dif-common.ko.zst\n"
                + "updates/virtio-rng.ko.gz:\n",
            "kernel/drivers/virtio/virtio-ring.ko\n",
            "",
            "");

    assertThat(modules.module("crc-t10dif"))
        .contains(
            new KernelModules.Module("kernel/lib/crc-t10dif.ko.xz", List.of("crct10dif_common")));
    assertThat(modules.has("virtio_rng")).isTrue();
    assertThat(modules.isBuiltin("virtio_ring")).isTrue();
  }

  @Test
  void absolutePathsOfOldIndexesAreMadeRelative() {
    KernelModules modules =
        KernelModules.parse(
            "/lib/modules/2.6.18/kernel/a.ko: /lib/modules/2.6.18/kernel/b.ko\n", "", "", "");

    assertThat(modules.module("a").orElseThrow().path()).isEqualTo("kernel/a.ko");
    assertThat(modules.module("a").orElseThrow().needs()).containsExactly("b");
  }

  @Test
  void pathsThatLeadElsewhereArePassedOver() {
    KernelModules modules =
        KernelModules.parse(
            "../../../etc/a.ko:\n/etc/b.ko:\nkernel//c.ko:\nkernel/d.txt:\nkernel/e.ko\n"
                + "kernel/$(f).ko:\n: kernel/g.ko\nkernel/h.ko: ../x.ko /y.ko kernel/i.ko\n",
            "../j.ko\nkernel/k\n",
            "",
            "");

    assertThat(modules.module("h").orElseThrow().needs()).containsExactly("i");
    for (String name : "a b c d e f g i j k x y".split(" ")) {
      assertThat(modules.has(name)).as(name).isFalse();
    }
  }

  @Test
  void closureFollowsWhatIsNeededAndSurvivesCircles() {
    KernelModules modules =
        KernelModules.parse(
            "a.ko: b.ko\nb.ko: c.ko gone.ko\nc.ko: a.ko built.ko\n", "built.ko", "", "");

    assertThat(modules.closure(List.of("a"))).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void softDependenciesBeforeAModuleComeAlongWhereTheyExist() {
    KernelModules modules =
        KernelModules.parse(
            "a.ko:\nb.ko:\nc.ko: d.ko\nd.ko:\n",
            "",
            "# comment\nsoftdep a pre: c gone post: b\nsoftdep a b\nsoftdep\n",
            "");

    assertThat(modules.closure(List.of("a"))).containsExactly("a");
    assertThat(modules.closureWithSoft(List.of("a"))).containsExactly("a", "c", "d");
  }

  @Test
  void softDependenciesAreFoundByTheirAliases() {
    KernelModules modules =
        KernelModules.parse(
            "crc-t10dif.ko:\ncrct10dif_generic.ko:\ncrct10dif-pclmul.ko:\nother.ko:\n",
            "",
            "softdep crc_t10dif pre: crypto-crct10dif\n",
            "alias crypto-crct10dif crct10dif_generic\nalias crypto-crct10dif crct10dif-pclmul\n"
                + "alias crypto-* other\n");

    assertThat(modules.closureWithSoft(List.of("crc-t10dif")))
        .containsExactly("crc_t10dif", "crct10dif_generic", "crct10dif_pclmul");
  }
}
