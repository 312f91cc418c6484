package io.hyper2kvm.tool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Records in a file which tool runs, so that the next start can end it if this process is killed.
 * The file is not synced: it must survive the end of a process, but not a loss of power, which ends
 * the tools, too.
 */
public final class ToolRecord {

  private static final String PREFIX = ".tool-";
  private static final int MAX_BYTES = 256;

  private ToolRecord() {}

  /**
   * Records a process that was just started.
   *
   * @param directory its working directory
   */
  public static void write(Path directory, long pid) throws IOException {
    Optional<ProcessIdentity> process = ProcessIdentity.of(pid);
    if (process.isPresent()) {
      Files.writeString(directory.resolve(PREFIX + pid), process.get().text() + "\n");
    }
  }

  /** Removes the record of a process that has ended. */
  public static void remove(Path directory, long pid) throws IOException {
    Files.deleteIfExists(directory.resolve(PREFIX + pid));
  }

  /** The processes that were recorded for the working directory; they may have ended since. */
  public static List<ProcessIdentity> read(Path directory) throws IOException {
    List<ProcessIdentity> recorded = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith(PREFIX)
            && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            String text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII);
            ProcessIdentity.parse(text).ifPresent(recorded::add);
          }
        }
      }
    }
    return recorded;
  }
}
