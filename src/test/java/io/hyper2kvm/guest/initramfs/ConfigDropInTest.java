package io.hyper2kvm.guest.initramfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigDropInTest {

  private static final List<String> NAMES = List.of("virtio_blk", "virtio-net");

  /** Every generator's file has this text. */
  private static Optional<FileEdit> dropIn(
      InitramfsGenerator generator, String text, List<String> names) {
    Map<String, String> files =
        Map.of(
            "/etc/initramfs-tools/modules", text,
            "/etc/dracut.conf.d/hyper2kvm.conf", text,
            "/etc/mkinitcpio.conf", text,
            "/etc/mkinitfs/mkinitfs.conf", text);
    return ConfigDropIn.of(generator, files, names);
  }

  private static String change(InitramfsGenerator generator, String text) {
    return dropIn(generator, text, NAMES).flatMap(FileEdit::after).orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(InitramfsGenerator.class)
  void secondTimeNothingChanges(InitramfsGenerator generator) {
    String before = "features=\"ata base\"\n";
    var first = dropIn(generator, before, NAMES);

    assertThat(first.isPresent()).isEqualTo(generator != InitramfsGenerator.UNKNOWN);
    first.ifPresent(
        change -> assertThat(dropIn(generator, change.after().orElseThrow(), NAMES)).isEmpty());
  }

  @Test
  void namesThatAreNoModuleNamesNeverReachAScript() {
    assertThatThrownBy(() -> dropIn(InitramfsGenerator.DRACUT, "", List.of("a; rm -rf /")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noNamesNoFile() {
    assertThat(dropIn(InitramfsGenerator.DRACUT, "", List.of())).isEmpty();
  }

  @Test
  void initramfsToolsListKeepsItsLines() {
    assertThat(change(InitramfsGenerator.INITRAMFS_TOOLS, "# virtio_blk\nvirtio_net csum=0"))
        .isEqualTo("# virtio_blk\nvirtio_net csum=0\nvirtio_blk\n");
  }

  @Test
  void dracutDropInKeepsTheBlanksThatSeparateItFromOthers() {
    assertThat(change(InitramfsGenerator.DRACUT, ""))
        .endsWith("add_drivers+=\" virtio_blk virtio_net \"\n");
  }

  @Test
  void mkinitcpioGetsALineAtTheEnd() {
    assertThat(
            change(
                InitramfsGenerator.MKINITCPIO, "#MODULES=(virtio_net)\nMODULES=()\nHOOKS=(base)"))
        .startsWith("#MODULES=(virtio_net)\nMODULES=()\nHOOKS=(base)\n# ")
        .endsWith("\nMODULES+=(virtio_blk virtio_net)\n");
  }

  @Test
  void mkinitcpioNamesOverSeveralLinesCount() {
    assertThat(change(InitramfsGenerator.MKINITCPIO, "MODULES=(ext4\n  virtio-blk # disk\n)\n"))
        .endsWith("MODULES+=(virtio_net)\n");
    assertThat(
            change(InitramfsGenerator.MKINITCPIO, "MODULES=\"virtio_net\"\nFILES=(virtio_blk)\n"))
        .endsWith("MODULES+=(virtio_blk)\n");
  }

  @Test
  void mkinitfsGetsItsFeature() {
    assertThat(change(InitramfsGenerator.MKINITFS, "features=\"ata base ext4\"\n"))
        .isEqualTo("features=\"ata base ext4 virtio\"\n");
  }
}
