package io.hyper2kvm.stage.windows;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.windows.DriverFolders;
import io.hyper2kvm.guest.windows.WindowsRelease;
import io.hyper2kvm.image.iso.IsoListing;
import io.hyper2kvm.manifest.model.WindowsFix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The drivers for Windows guests: a folder or an ISO in the form of the project virtio-win.
 *
 * @param path where it is; absolute
 * @param roots below which it must really lie, without links in it, since a manifest named it and
 *     the tool follows links; empty for one that the operator named
 */
public record VirtioWin(Path path, List<Path> roots) {

  private static final Path USUAL = Path.of("/usr/share/virtio-win");
  private static final int MOST_FILES = 100_000;
  private static final int DEEPEST = 12;

  public VirtioWin {
    Objects.requireNonNull(path, "path");
    roots = List.copyOf(roots);
  }

  /**
   * The drivers of a VM: of its manifest, else of the configuration, else where a package puts
   * them.
   *
   * @param roots below which one of a manifest must lie
   * @throws StageFailedException when there are none
   */
  public static VirtioWin of(WindowsFix wanted, Optional<Path> configured, List<Path> roots) {
    if (wanted.virtioWin().isPresent()) {
      if (roots.isEmpty()) {
        throw missing("no folder is configured below which a manifest may name virtio_win");
      }
      return new VirtioWin(wanted.virtioWin().get(), roots);
    }
    return new VirtioWin(
        configured
            .or(() -> usual(USUAL))
            .orElseThrow(
                () ->
                    missing(
                        "no drivers for Windows are known: virtio_win is not set in the configuration, and %s is not there"
                            .formatted(USUAL))),
        List.of());
  }

  /** What a package put there: the ISO, or the folder itself. */
  static Optional<Path> usual(Path folder) {
    return Stream.of(folder.resolve("virtio-win.iso"), folder).filter(Files::exists).findFirst();
  }

  /**
   * Requires the drivers for a Windows.
   *
   * @throws StageFailedException when some are missing, or it cannot be told
   */
  public void require(WindowsRelease windows) {
    DriverFolders folders =
        DriverFolders.of(windows)
            .orElseThrow(
                () ->
                    missing(
                        "there are no drivers for %s, version %s, processor %s"
                            .formatted(
                                windows.prettyName(),
                                windows.version(),
                                windows.architecture().isEmpty()
                                    ? "unknown"
                                    : windows.architecture())));
    List<String> lacking = folders.missing(files());
    if (!lacking.isEmpty()) {
      throw missing(
          "%s lacks %s for %s: they would be in folders named %s, such as viostor/%s"
              .formatted(
                  path,
                  String.join(", ", lacking),
                  windows.prettyName(),
                  folders.text(),
                  folders.example()));
    }
  }

  /**
   * Requires that it is there and has drivers for some Windows.
   *
   * @throws StageFailedException when it has none, or cannot be read
   */
  public void requireAny() {
    if (files().stream().noneMatch(VirtioWin::isDriver)) {
      throw missing("virtio_win %s holds no viostor.sys".formatted(path));
    }
  }

  private static boolean isDriver(String file) {
    return file.toLowerCase(Locale.ROOT).endsWith("/viostor.sys");
  }

  /** The paths of all its files, below it. */
  List<String> files() {
    try {
      requireBelowRoots();
      if (Files.isDirectory(path)) {
        return walk();
      }
      if (Files.isRegularFile(path)) {
        return IsoListing.of(path);
      }
    } catch (IOException | UncheckedIOException e) {
      throw StageFailedException.causedBy(
          FailureCode.WINDOWS_DRIVERS_MISSING,
          "virtio_win %s cannot be read: %s".formatted(path, e.getMessage()),
          e);
    }
    throw missing("virtio_win %s is neither a folder nor an ISO that is there".formatted(path));
  }

  private void requireBelowRoots() throws IOException {
    if (!roots.isEmpty() && Files.exists(path)) {
      Path real = path.toRealPath();
      for (Path root : roots) {
        if (Files.exists(root) && real.startsWith(root.toRealPath())) {
          return;
        }
      }
      throw new IOException("it leads out of the allowed source directories, to " + real);
    }
  }

  private List<String> walk() throws IOException {
    // The tool follows links, and copies what they lead to into the guest.
    FileVisitOption[] follow =
        roots.isEmpty()
            ? new FileVisitOption[] {FileVisitOption.FOLLOW_LINKS}
            : new FileVisitOption[0];
    List<String> files = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(path, DEEPEST, follow)) {
      for (Path file : (Iterable<Path>) tree.limit(MOST_FILES)::iterator) {
        if (!roots.isEmpty() && Files.isSymbolicLink(file)) {
          throw new IOException("it holds a symbolic link, " + file);
        }
        if (Files.isRegularFile(file)) {
          files.add(path.relativize(file).toString());
        }
      }
    }
    return files;
  }

  private static StageFailedException missing(String message) {
    return StageFailedException.because(FailureCode.WINDOWS_DRIVERS_MISSING, message);
  }
}
