package io.hyper2kvm.guest.network.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CardNumberTest {

  @TempDir Path sys;

  /** The command as udev makes it of the rule. */
  private String command() {
    String terms = CardNumber.terms(0);
    String quoted = terms.substring(terms.indexOf('\'') + 1, terms.lastIndexOf('\''));
    return quoted
        .replace("%%", "%")
        .replace("$$", "$")
        .replace("/sys/bus/virtio/drivers/virtio_net/", sys + "/");
  }

  @ParameterizedTest
  @CsvSource({"virtio0, 0", "virtio2, 1", "virtio10, 2", "virtio11, 3"})
  void theNumberIsThatOfTheCardAmongTheVirtioCards(String device, String number)
      throws IOException, InterruptedException {
    for (String card : List.of("virtio0", "virtio2", "virtio10", "virtio11", "bind", "module")) {
      Files.createDirectory(sys.resolve(card));
    }
    ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-c", command());
    shell
        .environment()
        .put(
            "DEVPATH",
            "/devices/pci0000:00/0000:00:1d.0/0000:05:00.0/%s/net/eth1".formatted(device));
    Process process = shell.redirectErrorStream(true).start();

    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(number + "\n");
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }
}
