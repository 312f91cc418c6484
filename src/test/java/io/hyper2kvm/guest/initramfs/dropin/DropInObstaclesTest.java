package io.hyper2kvm.guest.initramfs.dropin;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DropInObstaclesTest {

  private static final List<String> NAMES = List.of("virtio_pci", "virtio_blk");

  private static List<String> of(InitramfsGenerator generator, String file, String text) {
    return DropInObstacles.of(generator, "/boot/initrd", Map.of(file, text + "\n"), NAMES);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "omit_drivers+=\" virtio_blk \"|virtio_blk",
        "omit_drivers=\"floppy virtio-pci virtio-blk\"|virtio_pci, virtio_blk",
        "#omit_drivers+=\" virtio_blk \"|",
        "add_drivers+=\" virtio_blk \"|",
        "omit_drivers+=\" virtio_blkx \"|",
        "omit_drivers+=\" virtio.* floppy \"|virtio_pci, virtio_blk",
        "omit_drivers+=\" .*/virtio_.* \"|virtio_pci, virtio_blk",
        "omit_drivers+=\" virtio-b.k \"|virtio_blk",
        "omit_drivers+=\" virtio_[bp].* \"|virtio_pci, virtio_blk",
        "omit_drivers+=\" ^virtio_pci$ \"|virtio_pci",
        "omit_drivers+=\" i2o.* nouveau \"|",
        "omit_dracutmodules+=\" virtio_blk \"|",
      })
  void dracutLeavesOutWhatAnotherLineNames(String line, String names) {
    List<String> warnings =
        of(InitramfsGenerator.DRACUT, "/etc/dracut.conf.d/a.conf", "# first\n" + line);

    if (names == null) {
      assertThat(warnings).isEmpty();
    } else {
      assertThat(warnings)
          .containsExactly(
              "/etc/dracut.conf.d/a.conf:2: omit_drivers leaves %s out; the next kernel update makes an initramfs without: take them out of that line"
                  .formatted(names));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "default_config=\"/etc/mkinitcpio.conf\"|false",
        "ALL_config=/etc/mkinitcpio-lts.conf|true",
        "default_config='/etc/small.conf'|true",
        "fallback_config='/etc/small.conf'|false",
        "#default_config='/etc/small.conf'|false",
      })
  void aPresetOfMkinitcpioMayReadAnotherConfiguration(String line, boolean warned) {
    assertThat(of(InitramfsGenerator.MKINITCPIO, "/etc/mkinitcpio.d/linux.preset", line))
        .hasSize(warned ? 1 : 0)
        .allSatisfy(
            warning ->
                assertThat(warning)
                    .startsWith("/etc/mkinitcpio.d/linux.preset: ")
                    .contains("virtio_pci, virtio_blk", "MODULES"));
  }

  @Test
  void aListOfBoosterThatCannotBeExtendedIsTold() {
    assertThat(of(InitramfsGenerator.BOOSTER, "/etc/booster.yaml", "modules_force_load: [x]"))
        .singleElement()
        .asString()
        .startsWith("/etc/booster.yaml: its modules_force_load could not be extended");
    assertThat(of(InitramfsGenerator.BOOSTER, "/etc/booster.yaml", "modules: x")).isEmpty();
  }

  @Test
  void aToolThatIsNotKnownIsTold() {
    assertThat(of(InitramfsGenerator.UNKNOWN, "/etc/x", ""))
        .containsExactly(
            "/boot/initrd was made by a tool that is not known here; the next kernel update makes one that may lack virtio_pci, virtio_blk: have that tool include them");
    assertThat(DropInObstacles.of(InitramfsGenerator.UNKNOWN, "/boot/initrd", Map.of(), List.of()))
        .isEmpty();
  }
}
