package io.hyper2kvm.cli.output;

import io.hyper2kvm.report.SignedReports;
import io.hyper2kvm.signature.AttestationFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a run without a daemon leaves its report: beside the manifest, or where it was told to.
 * Nothing is overwritten.
 */
public final class ReportPlace {

  private final Path manifest;
  private final Optional<Path> wanted;

  private ReportPlace(Path manifest, Optional<Path> wanted) {
    this.manifest = manifest;
    this.wanted = wanted;
  }

  /**
   * Looks whether a report could be written, before there is anything to report.
   *
   * @param wanted empty for a place beside the manifest
   * @throws CommandFailedException when it could not
   */
  public static ReportPlace check(Path manifest, Optional<Path> wanted) {
    Path folder = wanted.orElse(manifest).getParent();
    if (wanted.isPresent() && Files.exists(wanted.get(), LinkOption.NOFOLLOW_LINKS)) {
      throw CommandFailedException.wrongUse(
          "%s is there already; --report overwrites nothing".formatted(wanted.get()));
    }
    if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw CommandFailedException.wrongUse(
          "the report could not be written to %s; --report FILE names another place"
              .formatted(folder));
    }
    return new ReportPlace(manifest, wanted);
  }

  /**
   * Writes the report. Beside the manifest, a number keeps it apart from earlier ones: {@code
   * web.json.report.json}, {@code web.json.2.report.json}.
   *
   * @param reports signs it, under the name that it gets
   * @return where it is
   */
  public Path write(boolean completed, byte[] report, SignedReports reports) throws IOException {
    String ending = completed ? ".report.json" : ".error.json";
    String name = manifest.getFileName().toString();
    Path place = wanted.orElse(manifest.resolveSibling(name + ending));
    for (int number = 2; ; number++) {
      try {
        // Takes the name, so that nobody else gets it before the rename.
        Files.createFile(place);
        if (wanted.isPresent() || !isSigned(place)) {
          break;
        }
        // The signature is of a report that was moved away, and must not become another one's.
        Files.delete(place);
        place = manifest.resolveSibling(name + "." + number + ending);
      } catch (FileAlreadyExistsException e) {
        if (wanted.isPresent()) {
          throw e;
        }
        place = manifest.resolveSibling(name + "." + number + ending);
      }
    }
    reports.write(place, report);
    return place;
  }

  private static boolean isSigned(Path place) {
    return Files.exists(AttestationFile.beside(place), LinkOption.NOFOLLOW_LINKS);
  }
}
