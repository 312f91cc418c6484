package io.hyper2kvm.tool.boot;

import java.io.IOException;

/** QEMU's control socket answered with an error, answered nonsense, or did not answer. */
public final class QmpException extends IOException {

  private static final long serialVersionUID = 1L;

  private final boolean refusal;

  private QmpException(String message, Throwable cause, boolean refusal) {
    super(message, cause);
    this.refusal = refusal;
  }

  /** Whether QEMU understood the command and declined it; the connection is fine. */
  boolean isRefusal() {
    return refusal;
  }

  static QmpException refused(String command, String answer) {
    return new QmpException("QEMU refused %s: %s".formatted(command, answer), null, true);
  }

  static QmpException silent(String command, long milliseconds) {
    return new QmpException(
        "QEMU did not answer %s within %d ms".formatted(command, milliseconds), null, false);
  }

  static QmpException closed(String command, Throwable cause) {
    return new QmpException(
        "QEMU closed its control socket before it answered " + command, cause, false);
  }

  static QmpException malformed(String problem, Throwable cause) {
    return new QmpException("QEMU's control socket: " + problem, cause, false);
  }
}
