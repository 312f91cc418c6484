package io.hyper2kvm.stage.load;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.firstboot.FirstLine;
import io.hyper2kvm.stage.OperatorScript;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;

/**
 * Reads the script for a guest's first boot. It is opened once, from an allowed folder down and
 * through no link: a folder or a file that is replaced meanwhile leads nowhere else.
 */
final class ScriptFile {

  /** The limit of a script, in bytes. */
  static final int MAX_BYTES = 1 << 20;

  private ScriptFile() {}

  /**
   * Reads it.
   *
   * @param named as the manifest has it
   * @param roots below which it must really lie; without any, nothing may be named
   * @throws StageFailedException when it is not there, lies elsewhere, or cannot run in a guest
   */
  static OperatorScript read(Path named, List<Path> roots) {
    byte[] content;
    try {
      content = content(named, roots);
    } catch (NoSuchFileException e) {
      throw refused(named, "it is not there");
    } catch (AccessDeniedException e) {
      throw refused(named, "this program's user may not read it");
    } catch (IOException e) {
      throw StageFailedException.causedBy(
          FailureCode.FIRSTBOOT_SCRIPT_REFUSED,
          "the script %s cannot be read: %s".formatted(named, e),
          e);
    }
    if (content.length > MAX_BYTES) {
      throw refused(named, "it has more than %d bytes".formatted(MAX_BYTES));
    }
    OperatorScript script = OperatorScript.of(named, content);
    try {
      FirstLine.of(script.text());
    } catch (IllegalArgumentException e) {
      throw refused(named, e.getMessage());
    }
    return script;
  }

  private static StageFailedException refused(Path named, String reason) {
    return StageFailedException.because(
        FailureCode.FIRSTBOOT_SCRIPT_REFUSED, "the script %s: %s".formatted(named, reason));
  }

  private static byte[] content(Path named, List<Path> roots) throws IOException {
    Path real = named.toRealPath();
    for (Path root : roots) {
      Path folder = AllowedRoots.real(root);
      if (real.startsWith(folder) && !real.equals(folder)) {
        return below(named, folder, folder.relativize(real));
      }
    }
    throw refused(
        named,
        roots.isEmpty()
            ? "no folder is configured below which a manifest may name scripts (source_dir or allowed_source_roots)"
            : "it really is %s, which is below none of %s".formatted(real, roots));
  }

  private static byte[] below(Path named, Path root, Path relative) throws IOException {
    DirectoryStream<Path> open = Files.newDirectoryStream(root);
    try {
      for (Path name : relative) {
        if (!(open instanceof SecureDirectoryStream<Path> folder)) {
          throw new IOException("the file system cannot open a file without following links");
        }
        BasicFileAttributes found =
            folder
                .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
        if (found.isDirectory()) {
          open = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
          folder.close();
        } else if (found.isRegularFile()) {
          return content(folder, name);
        } else {
          throw refused(named, "it is neither a file nor a folder, or became a link");
        }
      }
    } finally {
      open.close();
    }
    throw refused(named, "it is a folder");
  }

  private static byte[] content(SecureDirectoryStream<Path> folder, Path name) throws IOException {
    try (InputStream in =
        Channels.newInputStream(
            folder.newByteChannel(
                name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)))) {
      return in.readNBytes(MAX_BYTES + 1);
    }
  }
}
