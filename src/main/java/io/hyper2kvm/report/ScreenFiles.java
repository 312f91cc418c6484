package io.hyper2kvm.report;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pictures of the last screens of boot tests. While its manifest is at work a picture is a
 * hidden file beside it, whose name ends in {@code .tmp}: the next start removes it after a crash.
 * With the report it becomes {@code <manifest>.screen-<n>.png} beside that, {@code n} being the
 * VM's number in the manifest.
 */
public final class ScreenFiles {

  private static final String HIDDEN_ENDING = ".tmp";
  private static final Pattern NUMBER = Pattern.compile("\\.screen-(\\d{1,5})\\.png\\.tmp");

  private ScreenFiles() {}

  /**
   * The picture of a VM whose manifest has ended.
   *
   * @param manifest the manifest, where it is
   * @param vm the VM's number, from 1
   */
  public static Path beside(Path manifest, int vm) {
    return manifest.resolveSibling("%s.screen-%d.png".formatted(manifest.getFileName(), vm));
  }

  /**
   * Keeps the picture of a VM whose manifest is at work.
   *
   * @param manifest the manifest, where it is
   * @param vm the VM's number, from 1
   */
  static void keep(Path manifest, int vm, byte[] png) throws IOException {
    Files.write(hidden(manifest, vm), png);
  }

  private static Path hidden(Path manifest, int vm) {
    Path name = beside(manifest, vm).getFileName();
    return manifest.resolveSibling("." + name + HIDDEN_ENDING);
  }

  /**
   * Moves the pictures of a manifest to their last place; those that were there are replaced.
   *
   * @param from the manifest's place at work
   * @param to its last place
   */
  public static void move(Path from, Path to) throws IOException {
    String begin = "." + from.getFileName();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            from.getParent(), file -> file.getFileName().toString().startsWith(begin))) {
      for (Path file : files) {
        Matcher matcher = NUMBER.matcher(file.getFileName().toString().substring(begin.length()));
        if (matcher.matches() && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          Files.move(
              file,
              beside(to, Integer.parseInt(matcher.group(1))),
              StandardCopyOption.ATOMIC_MOVE,
              StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }
}
