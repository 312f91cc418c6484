package io.hyper2kvm.verify;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What was found of one output or report.
 *
 * @param file the VM's first output, or the report
 * @param verdict what it comes to
 * @param signed the signature that was looked at; empty when there is none that can be read
 * @param files each file that the signature, or the record, names
 * @param notes what else is to be said, each as a sentence without its end
 */
public record VerifyResult(
    Path file,
    Verdict verdict,
    Optional<Signed> signed,
    List<FileFinding> files,
    List<String> notes) {

  public VerifyResult {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(verdict, "verdict");
    Objects.requireNonNull(signed, "signed");
    files = List.copyOf(files);
    notes = List.copyOf(notes);
  }

  static VerifyResult unsigned(
      Path file, Verdict verdict, List<FileFinding> files, List<String> notes) {
    return new VerifyResult(file, verdict, Optional.empty(), files, notes);
  }
}
