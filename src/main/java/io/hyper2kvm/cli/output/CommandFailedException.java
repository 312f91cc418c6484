package io.hyper2kvm.cli.output;

/**
 * A command cannot go on; the program prints the message, without a stack trace, and ends with the
 * exit code.
 */
public final class CommandFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private final int exitCode;

  private CommandFailedException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** What was asked for cannot be had; exit code 1. */
  public static CommandFailedException because(String message) {
    return new CommandFailedException(1, message);
  }

  /** The command line or the configuration is wrong; exit code 2. */
  public static CommandFailedException wrongUse(String message) {
    return new CommandFailedException(2, message);
  }

  public int exitCode() {
    return exitCode;
  }
}
