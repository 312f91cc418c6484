package io.hyper2kvm.config;

import java.nio.file.Path;

/**
 * Where a value was written.
 *
 * @param source which of the four sources
 * @param where the exact place, for a message: file with line and column, variable or flag
 * @param base the folder that a relative path starts from; absolute
 */
public record Origin(Source source, String where, Path base) {

  /** The sources; a later one wins over an earlier one. */
  public enum Source {
    DEFAULT,
    FILE,
    ENVIRONMENT,
    COMMAND_LINE
  }
}
