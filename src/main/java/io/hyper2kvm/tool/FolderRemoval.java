package io.hyper2kvm.tool;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;

/**
 * Removes a folder that a tool may still write to. Each step goes from an open folder to its
 * entries, so a folder that a link replaces meanwhile leads nowhere else.
 */
public final class FolderRemoval {

  /** Each level holds a descriptor and a part of the stack; no tool makes so many for its work. */
  private static final int DEEPEST = 200;

  private FolderRemoval() {}

  /** Removes what is in the folder, at any depth; the folder itself stays. */
  public static void empty(Path folder) throws IOException {
    empty(folder, "");
  }

  /**
   * Removes the content of the folder, at any depth, except one file.
   *
   * @param kept its name; empty for none
   */
  public static void empty(Path folder, String kept) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      if (!(entries instanceof SecureDirectoryStream<Path> secure)) {
        throw new IOException("the file system cannot remove without following links: " + folder);
      }
      empty(secure, kept, 0);
    }
  }

  private static void empty(SecureDirectoryStream<Path> folder, String kept, int depth)
      throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("folders lie more than %d deep in each other".formatted(DEEPEST));
    }
    for (Path entry : folder) {
      Path name = entry.getFileName();
      if (name.toString().equals(kept)) {
        continue;
      }
      try {
        if (isFolder(folder, name)) {
          try (SecureDirectoryStream<Path> below =
              folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            empty(below, "", depth + 1);
          }
          folder.deleteDirectory(name);
        } else {
          folder.deleteFile(name);
        }
      } catch (NoSuchFileException e) {
        // The tool removed it first.
      }
    }
  }

  private static boolean isFolder(SecureDirectoryStream<Path> folder, Path name)
      throws IOException {
    return folder
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes()
        .isDirectory();
  }
}
