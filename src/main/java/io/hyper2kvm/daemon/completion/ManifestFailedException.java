package io.hyper2kvm.daemon.completion;

/** A manifest failed, its error file is written: the file endpoint moves it to {@code failed/}. */
public final class ManifestFailedException extends Exception {

  private ManifestFailedException(String message) {
    super(message);
  }

  static ManifestFailedException of(String manifest, String reason) {
    return new ManifestFailedException("%s: %s".formatted(manifest, reason));
  }

  /** The reason is in the error file and in the log: a stack trace would only repeat it. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
