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

  /** The bits of a file's mode that tell its type. */
  private static final int FILE_TYPE = 0xf000;

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
    Optional<String> otherKind;
    try {
      found = parent.toRealPath().resolve(absolute.getFileName());
      otherKind = otherKind(found);
    } catch (NoSuchFileException e) {
      throw ImageRefusedException.notFound(source);
    } catch (IOException e) {
      // A file where a directory should be is reported as a plain FileSystemException.
      throw e instanceof FileSystemException f && "Not a directory".equals(f.getReason())
          ? ImageRefusedException.notFound(source)
          : ImageRefusedException.unreadable(source, e);
    }
    if (otherKind.isPresent()) {
      throw ImageRefusedException.notRegular(source, otherKind.get());
    }
    return found;
  }

  /** What a name is, in words, when it is no regular file; empty when it is one. */
  public static Optional<String> otherKind(Path file) throws IOException {
    BasicFileAttributes attributes = attributes(file);
    return attributes.isRegularFile() ? Optional.empty() : Optional.of(kind(file, attributes));
  }

  /** In bytes. */
  public static long size(Path file) {
    try {
      return attributes(file).size();
    } catch (IOException e) {
      throw ImageRefusedException.unreadable(file, e);
    }
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static String kind(Path file, BasicFileAttributes attributes) throws IOException {
    if (attributes.isSymbolicLink()) {
      return "a symbolic link";
    }
    if (attributes.isDirectory()) {
      return "a directory";
    }
    int mode = (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return switch (mode & FILE_TYPE) {
      case 0x6000 -> "a block device";
      case 0x2000 -> "a character device";
      case 0x1000 -> "a pipe";
      case 0xc000 -> "a socket";
      default -> "a device, a pipe or a socket";
    };
  }
}
