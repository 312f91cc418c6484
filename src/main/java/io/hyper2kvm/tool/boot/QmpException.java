package io.hyper2kvm.tool.boot;

import java.io.IOException;

/** QEMU's control socket answered with an error, answered nonsense, or did not answer. */
public final class QmpException extends IOException {

  private static final long serialVersionUID = 1L;

  private QmpException(String message, Throwable cause) {
    super(message, cause);
  }

  static QmpException refused(String command, String answer) {
    return new QmpException("QEMU refused %s: %s".formatted(command, answer), null);
  }

  static QmpException silent(String command, long milliseconds) {
    return new QmpException(
        "QEMU did not answer %s within %d ms".formatted(command, milliseconds), null);
  }

  static QmpException closed(String command, Throwable cause) {
    return new QmpException("QEMU closed its control socket before it answered " + command, cause);
  }

  static QmpException malformed(String problem, Throwable cause) {
    return new QmpException("QEMU's control socket: " + problem, cause);
  }
}
