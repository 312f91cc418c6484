package io.hyper2kvm.workflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The identity of a file, independent of its name and folder: a rename keeps all of this. The size
 * and the time tell a file from a later one that got a deleted one's number.
 *
 * @param device the file system's number
 * @param inode the file's number there
 * @param size in bytes
 * @param modifiedNanos when it was last written, in nanoseconds since 1970
 */
public record FileIdentity(long device, long inode, long size, long modifiedNanos) {

  private static final Pattern TEXT =
      Pattern.compile("(-?\\d{1,19}):(-?\\d{1,19}):(\\d{1,19}):(-?\\d{1,19})");

  /**
   * The identity of the regular file of this name.
   *
   * @return empty when there is none
   */
  public static Optional<FileIdentity> of(Path file) throws IOException {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      Map<String, Object> all =
          Files.readAttributes(
              file, "unix:dev,ino,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
      FileTime modified = (FileTime) all.get("lastModifiedTime");
      return Optional.of(
          new FileIdentity(
              ((Number) all.get("dev")).longValue(),
              ((Number) all.get("ino")).longValue(),
              ((Number) all.get("size")).longValue(),
              modified.to(TimeUnit.NANOSECONDS)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Whether the file of this name is it. */
  public boolean isAt(Path file) throws IOException {
    return of(file).map(this::equals).orElse(false);
  }

  /** As text that {@link #parse} reads. */
  public String text() {
    return "%d:%d:%d:%d".formatted(device, inode, size, modifiedNanos);
  }

  /** Reads what {@link #text} wrote; empty when it is anything else. */
  public static Optional<FileIdentity> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new FileIdentity(
              Long.parseLong(matcher.group(1)),
              Long.parseLong(matcher.group(2)),
              Long.parseLong(matcher.group(3)),
              Long.parseLong(matcher.group(4))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
