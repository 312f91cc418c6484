package io.hyper2kvm.guest.initramfs.dropin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
            "/etc/mkinitfs/mkinitfs.conf", text,
            "/etc/booster.yaml", text,
            "/etc/tiny-initramfs/tiny-initramfs.conf", text);
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
        .endsWith("MODULES=\"$MODULES virtio_blk\"\n");
  }

  /** What the files of mkinitcpio say, which of them gets the line, and the line's modules. */
  @ParameterizedTest
  @CsvSource({
    "MODULES=(), '', /etc/mkinitcpio.conf, (virtio_blk virtio_net)",
    "MODULES=(virtio_blk), '', /etc/mkinitcpio.conf, (virtio_net)",
    "MODULES=(virtio_blk), MODULES+=(virtio-net), '', ''",
    "MODULES=(virtio_blk virtio_net), MODULES=(ext4), /etc/mkinitcpio.conf.d/zz-hyper2kvm.conf, (virtio_blk virtio_net)",
    "MODULES=(virtio_blk virtio_net), HOOKS=(base), '', ''",
    "MODULES=(ext4), MODULES=(virtio_blk virtio_net), '', ''",
    "MODULES=(ext4), MODULES=(virtio_net), /etc/mkinitcpio.conf.d/zz-hyper2kvm.conf, (virtio_blk)",
  })
  void mkinitcpioFilesAreReadOneBehindTheOther(
      String main, String later, String file, String line) {
    Map<String, String> files =
        Map.of("/etc/mkinitcpio.conf", main + "\n", "/etc/mkinitcpio.conf.d/a.conf", later + "\n");
    Optional<FileEdit> edit = ConfigDropIn.of(InitramfsGenerator.MKINITCPIO, files, NAMES);

    assertThat(edit.map(FileEdit::file).orElse("")).isEqualTo(file);
    assertThat(edit.flatMap(FileEdit::after).orElse(""))
        .endsWith(line.isEmpty() ? "" : line + "\n");
  }

  /** What a line of booster's configuration becomes; nothing where it cannot be changed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "compression: zstd|compression: zstd; modules_force_load: virtio_blk,virtio_net",
        "modules_force_load: nvme|modules_force_load: nvme,virtio_blk,virtio_net",
        "modules_force_load: \"nvme, virtio-blk\"|modules_force_load: nvme,virtio_blk,virtio_net",
        "modules_force_load:|modules_force_load: virtio_blk,virtio_net",
        "modules_force_load: virtio_net,virtio_blk # early|",
        "modules: -virtio_blk|modules: -virtio_blk; modules_force_load: virtio_blk,virtio_net",
        "modules_force_load: >-|",
        "modules_force_load: [nvme]|",
        "{compression: zstd}|",
      })
  void boosterForcesTheModules(String text, String after) {
    String changed =
        dropIn(InitramfsGenerator.BOOSTER, text + "\n", NAMES)
            .flatMap(FileEdit::after)
            .map(file -> file.replaceAll("#.*\n", "").strip().replace("\n", "; "))
            .orElse("");

    assertThat(changed).isEqualTo(after == null ? "" : after);
  }

  /** What the shell makes of tiny-initramfs's configuration, and what is added. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INCLUDE_MODULES=\"\"|virtio_blk,virtio_net",
        "INCLUDE_MODULES=virtio_blk|virtio_net",
        "INCLUDE_MODULES=\"virtio-blk,virtio_net\"|",
        "#INCLUDE_MODULES=\"virtio_blk,virtio_net\"|virtio_blk,virtio_net",
        "AUTO_MODULES=no|virtio_blk,virtio_net",
      })
  void tinyInitramfsGetsALineAtTheEnd(String text, String added) {
    String changed =
        dropIn(InitramfsGenerator.TINY_INITRAMFS, text, NAMES).flatMap(FileEdit::after).orElse("");

    if (added == null) {
      assertThat(changed).isEmpty();
    } else {
      assertThat(changed)
          .startsWith(text + "\n# ")
          .endsWith("\nINCLUDE_MODULES=\"${INCLUDE_MODULES:+$INCLUDE_MODULES,}" + added + "\"\n");
    }
  }

  /** What stands in Alpine's configuration, and what it becomes for virtio-blk or virtio-scsi. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "features='ata base'|virtio_blk|features='ata base virtio'",
        "features=\"base virtio\"|virtio_blk|",
        "features=\"base virtio\"|virtio_scsi|features=\"base virtio scsi\"",
        "features=\"base scsi virtio\"|sd_mod|",
        "features=\"virtio\"; features=\"base\"|virtio_blk|features=\"virtio\"; features=\"base\"; features=\"$features virtio\"",
        "disable_trigger=yes|virtio_blk|disable_trigger=yes; features=\"$features virtio\"",
      })
  void mkinitfsFeaturesHoldTheDrivers(String text, String module, String after) {
    String changed =
        dropIn(InitramfsGenerator.MKINITFS, text.replace("; ", "\n") + "\n", List.of(module))
            .flatMap(FileEdit::after)
            .map(file -> file.replaceAll("#.*\n", "").strip().replace("\n", "; "))
            .orElse("");

    assertThat(changed).isEqualTo(after == null ? "" : after);
  }

  @Test
  void mkinitfsGetsItsFeature() {
    assertThat(change(InitramfsGenerator.MKINITFS, "features=\"ata base ext4\"\n"))
        .isEqualTo("features=\"ata base ext4 virtio\"\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/etc/dracut.conf.d/vmware.conf|add_drivers=\"vmw_pvscsi\"|zz-hyper2kvm.conf",
        "/etc/dracut.conf.d/zz-late.conf|add_drivers=vmw_pvscsi|zzzz-hyper2kvm.conf",
        "/etc/dracut.conf.d/zz-hyper2kvm.conf|add_drivers+=\" x \"|hyper2kvm.conf",
        "/etc/dracut.conf.d/vmware.conf|add_drivers+=\" vmw_pvscsi \"|hyper2kvm.conf",
        "/etc/dracut.conf.d/10-vmware.conf|add_drivers=\"vmw_pvscsi\"|hyper2kvm.conf",
        "/etc/dracut.conf.d/vmware.conf|#add_drivers=\"vmw_pvscsi\"|hyper2kvm.conf",
        "/etc/dracut.conf|add_drivers=\"vmw_pvscsi\"|hyper2kvm.conf"
      })
  void dracutReadsTheDropInBehindWhatAssignsItsVariableAnew(
      String file, String text, String dropIn) {
    Map<String, String> files = new TreeMap<>(Map.of(file, text + "\n"));

    FileEdit edit =
        ConfigDropIn.of(InitramfsGenerator.DRACUT, files, List.of("virtio_blk")).orElseThrow();
    edit.after().ifPresent(after -> files.put(edit.file(), after));

    assertThat(edit.file()).isEqualTo("/etc/dracut.conf.d/" + dropIn);
    assertThat(ConfigDropIn.of(InitramfsGenerator.DRACUT, files, List.of("virtio_blk"))).isEmpty();
  }
}
