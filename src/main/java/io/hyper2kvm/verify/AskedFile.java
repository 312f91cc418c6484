package io.hyper2kvm.verify;

import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.signature.Envelope;
import io.hyper2kvm.signature.MalformedException;
import io.hyper2kvm.signature.Statement;
import io.hyper2kvm.signature.TrustedKey;
import io.hyper2kvm.stage.provenance.ProvenanceFile;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The file that somebody names, and the one whose signature tells of it. */
final class AskedFile {

  private static final String RECORD = ".provenance.json";

  /** So many signatures of a folder are looked at for one that names a file. */
  private static final int MOST_LOOKED_AT = 1000;

  private final Path asked;
  private final List<TrustedKey> keys;

  AskedFile(Path asked, List<TrustedKey> keys) {
    this.asked = asked;
    this.keys = keys;
  }

  /** Whether a name is that of a report or an error file. */
  static boolean isReport(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".report.json") || name.endsWith(".error.json");
  }

  /** The VM's first output, or the report: the file that a signature is named after. */
  Path base() {
    String name = asked.getFileName().toString();
    for (String ending : List.of(AttestationFile.ENDING, RECORD)) {
      if (name.endsWith(ending) && name.length() > ending.length()) {
        return asked.resolveSibling(name.substring(0, name.length() - ending.length()));
      }
    }
    if (isThere(AttestationFile.beside(asked)) || isThere(ProvenanceFile.of(asked))) {
      return asked;
    }
    return firstOutput(name, true).or(() -> firstOutput(name, false)).orElse(asked);
  }

  private static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * The first output of the VM to which a further disk, or a domain, belongs.
   *
   * @param trusted whether a signature by a trusted key must say so
   */
  private Optional<Path> firstOutput(String name, boolean trusted) {
    int looked = 0;
    try (DirectoryStream<Path> bundles =
        Files.newDirectoryStream(asked.getParent(), "*" + AttestationFile.ENDING)) {
      for (Path bundle : bundles) {
        if (++looked > MOST_LOOKED_AT) {
          break;
        }
        if (tells(bundle, name, trusted)) {
          String found = bundle.getFileName().toString();
          String base = found.substring(0, found.length() - AttestationFile.ENDING.length());
          return Optional.of(asked.resolveSibling(base)).filter(file -> !base.isEmpty());
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return Optional.empty(); // The file itself is judged.
    }
    return Optional.empty();
  }

  private boolean tells(Path bundle, String name, boolean trusted) {
    try {
      for (Envelope envelope : AttestationFile.read(bundle).envelopes()) {
        if (names(envelope, name) && (!trusted || envelope.signer(keys).isPresent())) {
          return true;
        }
      }
    } catch (IOException e) {
      return false;
    }
    return false;
  }

  private static boolean names(Envelope envelope, String name) {
    try {
      return Statement.in(envelope).subject(name).isPresent();
    } catch (MalformedException e) {
      return false;
    }
  }
}
