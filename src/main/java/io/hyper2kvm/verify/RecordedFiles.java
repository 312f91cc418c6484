package io.hyper2kvm.verify;

import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.stage.SourceFingerprint.FileState;
import io.hyper2kvm.stage.provenance.Provenance;
import io.hyper2kvm.stage.provenance.ProvenanceFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Outputs without a signature against the record beside them, which has their sizes and times. */
final class RecordedFiles {

  private RecordedFiles() {}

  /** Looks at a VM's first output and what its record names. */
  static VerifyResult check(Path output) {
    Path file = ProvenanceFile.of(output);
    Optional<Provenance> record = ProvenanceFile.read(file);
    String unsigned =
        "not signed (there is no %s): nothing proves who wrote these files"
            .formatted(AttestationFile.beside(output).getFileName());
    if (record.isEmpty()) {
      return unrecorded(output, unsigned, file);
    }
    List<FileFinding> files = new ArrayList<>();
    Stream.concat(record.get().outputs().stream(), record.get().domain().stream())
        .forEach(state -> files.add(check(output, state)));
    boolean own =
        record.get().paths().stream()
            .anyMatch(path -> output.getFileName().equals(path.getFileName()));
    List<String> notes = new ArrayList<>(List.of(unsigned));
    notes.add("sizes and times are compared with %s, not contents".formatted(file.getFileName()));
    if (!own) {
      notes.add("%s is the record of other outputs".formatted(file.getFileName()));
    }
    boolean ok = own && files.stream().allMatch(FileFinding::isOk);
    return VerifyResult.unsigned(output, ok ? Verdict.NOT_SIGNED : Verdict.CHANGED, files, notes);
  }

  private static VerifyResult unrecorded(Path output, String unsigned, Path record) {
    FileFinding there;
    try {
      there = SignedFiles.regular(output, output.getFileName().toString());
    } catch (IOException e) {
      return VerifyResult.unsigned(
          output, Verdict.NOT_THERE, List.of(), List.of("it cannot be looked at: " + e));
    }
    if (!there.isOk()) {
      return VerifyResult.unsigned(
          output, Verdict.NOT_THERE, List.of(), List.of(there.detail() + ": it is no output"));
    }
    String nothing =
        "there is no readable record %s either: nothing says how it was"
            .formatted(record.getFileName());
    return VerifyResult.unsigned(output, Verdict.NOT_SIGNED, List.of(), List.of(unsigned, nothing));
  }

  /** The folder may have been moved since: names count, not the folders in the record. */
  private static FileFinding check(Path output, FileState recorded) {
    Path last = recorded.path().getFileName();
    String name = last == null ? recorded.path().toString() : last.toString();
    Path file = output.resolveSibling(name);
    try {
      FileFinding there = SignedFiles.regular(file, name);
      if (!there.isOk()) {
        return there;
      }
      FileState now = FileState.of(file);
      if (now.size() != recorded.size()) {
        return changed(name, "it has %d bytes, and had %d".formatted(now.size(), recorded.size()));
      }
      return now.modified().equals(recorded.modified())
          ? FileFinding.ok(name)
          : changed(
              name,
              "it was written to at %s, and was left at %s; a copy without its times looks the same"
                  .formatted(now.modified(), recorded.modified()));
    } catch (IOException e) {
      return new FileFinding(name, FileFinding.State.UNREADABLE, e.toString());
    }
  }

  private static FileFinding changed(String name, String detail) {
    return new FileFinding(name, FileFinding.State.CHANGED, detail);
  }
}
