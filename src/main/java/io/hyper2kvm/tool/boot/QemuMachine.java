package io.hyper2kvm.tool.boot;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The questions that the observer asks a running QEMU, over its control socket. */
final class QemuMachine {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final Pattern FORWARD =
      Pattern.compile("TCP\\[HOST_FORWARD\\] +\\d+ +127\\.0\\.0\\.1 +(\\d{1,5}) ");

  private final QmpClient qmp;

  QemuMachine(QmpClient qmp) {
    this.qmp = qmp;
  }

  /** The port of the host behind which the guest's SSH port is; QEMU chose it, so it was free. */
  int sshPort() throws IOException {
    String answer = qmp.monitor("info usernet", LIMIT);
    Matcher forward = FORWARD.matcher(answer);
    if (!forward.find()) {
      throw QmpException.malformed("no forwarded port in: " + answer, null);
    }
    return Integer.parseInt(forward.group(1));
  }

  /** What the guest wrote to its serial port since the last call, at most the buffer's size. */
  byte[] readSerial() throws IOException {
    JsonNode answer =
        qmp.execute(
            "ringbuf-read",
            Map.of(
                "device", QemuCommand.SERIAL, "size", QemuCommand.SERIAL_BYTES, "format", "base64"),
            LIMIT);
    try {
      return Base64.getDecoder().decode(answer.asText(""));
    } catch (IllegalArgumentException e) {
      throw QmpException.malformed("serial output is not base64", e);
    }
  }

  /** Ends the packet capture, whose file would grow with everything the guest sends. */
  void stopCapture() throws IOException {
    qmp.execute("object-del", Map.of("id", QemuCommand.CAPTURE), LIMIT);
  }

  /** Lets a machine that stopped at its own reset start again; its further resets just happen. */
  void restart() throws IOException {
    qmp.execute("set-action", Map.of("reboot", "reset"), LIMIT);
    qmp.execute("system_reset", Map.of(), LIMIT);
    qmp.execute("cont", Map.of(), LIMIT);
  }

  /** From here on a reset stops the machine again, with its last words on the screen. */
  void stopAtReset() throws IOException {
    qmp.execute("set-action", Map.of("reboot", "shutdown"), LIMIT);
  }
}
