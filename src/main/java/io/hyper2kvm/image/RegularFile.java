package io.hyper2kvm.image;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Finds out what stands under a name, without following a link and without opening anything. */
public final class RegularFile {

  private RegularFile() {}

  /**
   * The source's absolute path with the links in its directories resolved; its last name must be a
   * regular file itself.
   */
  public static Path source(Path source) {
    Path absolute = source.toAbsolutePath();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw ImageRefusedException.notRegular(source, "a directory");
    }
    Path found;
    BasicFileAttributes attributes;
    try {
      found = parent.toRealPath().resolve(absolute.getFileName());
      attributes = attributes(found);
    } catch (NoSuchFileException e) {
      throw ImageRefusedException.notFound(source);
    } catch (IOException e) {
      // A file where a directory should be is reported as a plain FileSystemException.
      throw e instanceof FileSystemException f && "Not a directory".equals(f.getReason())
          ? ImageRefusedException.notFound(source)
          : ImageRefusedException.unreadable(source, e);
    }
    if (!attributes.isRegularFile()) {
      throw ImageRefusedException.notRegular(source, kind(attributes));
    }
    return found;
  }

  /** What a name is, in words, when it is no regular file; empty when it is one. */
  static Optional<String> otherKind(Path file) throws IOException {
    BasicFileAttributes attributes = attributes(file);
    return attributes.isRegularFile() ? Optional.empty() : Optional.of(kind(attributes));
  }

  /** In bytes. */
  static long size(Path file) {
    try {
      return attributes(file).size();
    } catch (IOException e) {
      throw ImageRefusedException.unreadable(file, e);
    }
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static String kind(BasicFileAttributes attributes) {
    if (attributes.isSymbolicLink()) {
      return "a symbolic link";
    }
    return attributes.isDirectory() ? "a directory" : "a device, a pipe or a socket";
  }
}
