package io.hyper2kvm.guest.boot;

import static io.hyper2kvm.guest.SampleGuests.ONE_DISK;
import static io.hyper2kvm.guest.SampleGuests.ROOT_UUID;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.EditPlan;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Unified kernel images and LILO: what is read, judged and never rewritten. */
public class UnrewritableTest {

  private static EditPlan plan(String file, String text) {
    return BootFix.plan(Map.of(file, text), ONE_DISK, false);
  }

  @ParameterizedTest
  @CsvSource({
    "/efi/EFI/Linux/a.efi, root=/dev/sda1 ro, root=/dev/sda1 is inside a unified kernel image",
    "/efi/EFI/Linux/a.efi, root=UUID=dead rw, root=UUID=dead is inside a unified kernel image",
    "/etc/lilo.conf, root=/dev/sda1, root=/dev/sda1 is compiled into the map",
    "/etc/lilo.conf, '  root = \"/dev/hda1\"', root=/dev/hda1 is compiled into the map",
    "/etc/lilo.conf, 'append=\"ro root=/dev/sda1\"', root=/dev/sda1 is compiled into the map",
    "/boot/efi/EFI/SuSE/elilo.conf, root=/dev/sda2, root=/dev/sda2 of ELILO is not rewritten",
  })
  void aRootThatCanChangeIsRefused(String file, String text, String reason) {
    EditPlan plan = plan(file, text + "\n");

    assertThat(plan.failures()).singleElement().asString().contains(file, reason);
    assertThat(plan.files()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/efi/EFI/Linux/a.efi, root=UUID=" + ROOT_UUID + " ro",
    "/efi/EFI/Linux/a.efi, quiet splash",
    "/efi/EFI/Linux/a.efi, root=LABEL=rootfs",
    "/etc/lilo.conf, root=UUID=" + ROOT_UUID,
    "/etc/lilo.conf, # root=/dev/sda1",
    "/etc/lilo.conf, boot=/dev/sda",
  })
  void aRootThatHoldsIsLeftAlone(String file, String text) {
    EditPlan plan = plan(file, text + "\n");

    assertThat(plan.failures()).isEmpty();
    assertThat(plan.files()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "kernel_cmdline=\"root=/dev/sda1 ro\"",
    "kernel_cmdline+=\" root=/dev/sda1 \"",
    "  kernel_cmdline+=' root=/dev/sda1'",
  })
  void aCommandLineOfDracutIsRewritten(String text) {
    assertThat(plan("/etc/dracut.conf.d/a.conf", text + "\n").files().get(0).after())
        .contains(text.stripTrailing().replace("/dev/sda1", "UUID=" + ROOT_UUID) + "\n");
  }

  /** A PE program with the given sections, each named and filled. */
  public static byte[] image(String... namesAndTexts) {
    ByteBuffer image = ByteBuffer.allocate(4096 + 1024 * namesAndTexts.length);
    image.order(ByteOrder.LITTLE_ENDIAN);
    image.put(0, (byte) 'M').put(1, (byte) 'Z').putInt(60, 128).putInt(128, 0x4550);
    image.putShort(134, (short) (namesAndTexts.length / 2)).putShort(148, (short) 240);
    for (int i = 0; i < namesAndTexts.length / 2; i++) {
      int at = 128 + 24 + 240 + i * 40;
      byte[] text = namesAndTexts[2 * i + 1].getBytes(StandardCharsets.ISO_8859_1);
      byte[] name = namesAndTexts[2 * i].getBytes(StandardCharsets.ISO_8859_1);
      image.put(at, name).putInt(at + 8, text.length).putInt(at + 16, 512);
      image.putInt(at + 20, 4096 + 1024 * i).put(4096 + 1024 * i, text);
    }
    return image.array();
  }

  @Test
  void theCommandLineIsFoundAmongTheSections() {
    byte[] image = image(".osrel", "ID=x", ".cmdline", "root=/dev/sda1 ro", ".linux", "MZ");

    assertThat(UnifiedKernel.commandLines(Arrays.copyOf(image, UnifiedKernel.HEAD_BYTES)))
        .containsExactly(new UnifiedKernel.Place(5120, 17));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 128, 140, 400, 430})
  void aFileThatIsCutOffHasNone(int length) {
    assertThat(UnifiedKernel.commandLines(Arrays.copyOf(image(".cmdline", "root=x"), length)))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 63, Integer.MAX_VALUE})
  void aHostileHeaderHasNone(int header) {
    byte[] image = image(".cmdline", "root=x");
    ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).putInt(60, header);

    assertThat(UnifiedKernel.commandLines(image)).isEmpty();
  }
}
