package io.hyper2kvm.cli.output;

/** For whom a command prints. Lower case, as it is written on the command line. */
public enum OutputFormat {
  /** For a reader. */
  text,
  /** For a script. */
  json
}
