package io.hyper2kvm.cli.output;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * What keeps a command from a file, in words; the exceptions' own messages are often a path alone.
 */
public final class FileProblem {

  private FileProblem() {}

  public static String words(FileSystemException problem) {
    String reason;
    if (problem instanceof NoSuchFileException) {
      reason = "there is no such file";
    } else if (problem instanceof AccessDeniedException) {
      reason = "this user has no right to it";
    } else if (problem instanceof NotDirectoryException) {
      reason = "is no folder";
    } else {
      reason = problem.getReason() != null ? problem.getReason() : problem.toString();
    }
    return problem.getFile() == null ? reason : problem.getFile() + ": " + reason;
  }
}
