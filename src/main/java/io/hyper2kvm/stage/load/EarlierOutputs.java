package io.hyper2kvm.stage.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.Pipeline;
import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.stage.OperatorScript;
import io.hyper2kvm.stage.SourceFingerprint;
import io.hyper2kvm.stage.SourceFingerprint.FileState;
import io.hyper2kvm.stage.provenance.Provenance;
import io.hyper2kvm.stage.provenance.ProvenanceFile;
import io.hyper2kvm.text.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The files of earlier runs at the places of a VM's outputs, and whether they may be reused or
 * replaced.
 *
 * @param reusable the record of a run with the same sources and pipeline whose outputs are all
 *     there as it left them
 * @param half outputs of such a run that died between its first rename and its last, and the
 *     libvirt domain of an earlier run whose outputs are gone: the next run replaces them
 */
public record EarlierOutputs(Optional<Provenance> reusable, List<FileState> half) {

  private static final int SHOWN = 200;

  public EarlierOutputs {
    half = List.copyOf(half);
  }

  /**
   * Looks at a VM's targets before any work.
   *
   * @param script what the guest is to run at its first boot: with other words under the same name
   *     it is another job
   * @param now the sources as they are; a block device is the same as before only by its hash
   * @param targets where the outputs go
   * @param domain where the VM's description for its target goes; empty when none is wanted
   * @throws StageFailedException when something is there that must not be replaced
   */
  static EarlierOutputs at(
      Pipeline wanted,
      Optional<OperatorScript> script,
      List<SourceFingerprint> now,
      List<Path> targets,
      Optional<Path> domain)
      throws IOException {
    refuseSources(now, targets, domain);
    List<FileState> present = new ArrayList<>();
    for (Path target : targets) {
      lookAt(target).ifPresent(present::add);
    }
    Path file = ProvenanceFile.of(targets.get(0));
    for (Path beside : List.of(file, AttestationFile.beside(targets.get(0)))) {
      if (Files.isDirectory(beside, LinkOption.NOFOLLOW_LINKS)) {
        throw StageFailedException.because(
            FailureCode.OUTPUT_NOT_WRITABLE,
            "a directory is where the record of the output, or its signature, belongs: " + beside);
      }
    }
    if (present.isEmpty()) {
      return new EarlierOutputs(Optional.empty(), ownDomain(wanted, domain, file));
    }
    Optional<Provenance> provenance = ProvenanceFile.read(file);
    Optional<String> foreign =
        whyForeign(Provenance.pipelineOf(wanted, script), now, targets, present, provenance, file);
    if (foreign.isEmpty() && present.size() == targets.size()) {
      // Whatever became of the domain beside them costs no conversion: see ReusedDomain.
      return new EarlierOutputs(provenance, List.of());
    }
    if (foreign.isPresent() && !wanted.convert().overwrite()) {
      throw StageFailedException.because(FailureCode.OUTPUT_EXISTS, foreign.get());
    }
    List<FileState> half = new ArrayList<>(foreign.isEmpty() ? present : List.of());
    half.addAll(ownDomain(wanted, domain, file));
    return new EarlierOutputs(Optional.empty(), half);
  }

  /** A link in a folder's name can hide from the manifest's rules that a file is the source's. */
  private static void refuseSources(
      List<SourceFingerprint> now, List<Path> targets, Optional<Path> domain) {
    for (FileState source : files(now)) {
      if (targets.contains(source.path()) || domain.filter(source.path()::equals).isPresent()) {
        throw StageFailedException.because(
            FailureCode.OUTPUT_EXISTS,
            "what is where the output belongs is a file of the source: " + source.path());
      }
    }
  }

  /**
   * The domain that an earlier run left, if this one will write another in its place.
   *
   * @throws StageFailedException when something else is there that must not be replaced
   */
  private static List<FileState> ownDomain(Pipeline wanted, Optional<Path> domain, Path record)
      throws IOException {
    Optional<FileState> there = domain.isEmpty() ? Optional.empty() : lookAt(domain.get());
    if (there.isEmpty() || wanted.convert().overwrite()) {
      return List.of();
    }
    Optional<Provenance> provenance = ProvenanceFile.read(record);
    if (provenance.flatMap(Provenance::domain).equals(there)) {
      return List.of(there.get());
    }
    throw StageFailedException.because(
        FailureCode.OUTPUT_EXISTS,
        "the %s is there already, and %s: %s"
            .formatted(
                wanted.convert().target().what(),
                provenance.flatMap(Provenance::domainPath).equals(domain)
                    ? "was written to since it was made"
                    : "%s does not say that it is this output's".formatted(record.getFileName()),
                domain.get()));
  }

  private static Optional<FileState> lookAt(Path target) throws IOException {
    try {
      FileState state = FileState.of(target);
      if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
        throw StageFailedException.because(
            FailureCode.OUTPUT_EXISTS,
            "what is where the output belongs is no regular file: " + target);
      }
      return Optional.of(state);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Empty when all that is present is this very job's. */
  private static Optional<String> whyForeign(
      JsonNode wanted,
      List<SourceFingerprint> now,
      List<Path> targets,
      List<FileState> present,
      Optional<Provenance> provenance,
      Path file) {
    Path first = present.get(0).path();
    if (provenance.isEmpty()) {
      return Optional.of(
          "the output is there already, and no readable record says that this program made it: %s (looked for %s)"
              .formatted(first, file.getFileName()));
    }
    Provenance earlier = provenance.get();
    Optional<String> pipeline = firstDifference(disksOf(earlier.pipeline()), disksOf(wanted), "");
    if (pipeline.isPresent()) {
      return Optional.of(
          "the output is there from a run with another pipeline (differs at %s): %s"
              .formatted(pipeline.get(), first));
    }
    if (now.stream().anyMatch(SourceFingerprint::mayHideAChange)) {
      return Optional.of(
          "the output is there from an earlier run, and of a block device without a checksum nobody can say that it is still the same: "
              + first);
    }
    Optional<String> source = sourceDifference(earlier.sources(), now);
    if (source.isPresent()) {
      return Optional.of(
          "the output is there from a run with another source (%s): %s"
              .formatted(source.get(), first));
    }
    if (now.get(0).sha256().isPresent()
        && !now.get(0).sha256().equals(earlier.sources().get(0).sha256())) {
      return Optional.of(
          "the output is there from a run with another source (its sha256 was %s): %s"
              .formatted(earlier.sources().get(0).sha256().orElse("not computed"), first));
    }
    if (!earlier.paths().equals(targets)) {
      return Optional.of(
          "the output is there already, and its record is of other outputs: " + first);
    }
    return present.stream()
        .filter(state -> !earlier.outputs().contains(state))
        .findFirst()
        .map(
            changed ->
                "the output is there already, and was written to since it was made at %s: %s"
                    .formatted(earlier.completedAt(), changed.path()));
  }

  /** What of a pipeline decides what is on the disks: a domain beside them does not. */
  private static JsonNode disksOf(JsonNode pipeline) {
    JsonNode copy = pipeline.deepCopy();
    if (copy.path("convert") instanceof ObjectNode convert) {
      convert.remove("domain_xml");
      convert.remove("domain");
    }
    return copy;
  }

  private static Optional<String> sourceDifference(
      List<SourceFingerprint> earlier, List<SourceFingerprint> now) {
    List<FileState> before = files(earlier);
    List<FileState> after = files(now);
    for (int i = 0; i < after.size(); i++) {
      FileState is = after.get(i);
      if (i >= before.size() || !before.get(i).path().equals(is.path())) {
        return Optional.of("it was not made of " + is.path());
      }
      FileState was = before.get(i);
      if (!was.equals(is)) {
        return Optional.of(
            "%s had %d bytes of %s, and has %d of %s"
                .formatted(is.path(), was.size(), shown(was), is.size(), shown(is)));
      }
    }
    return before.size() > after.size()
        ? Optional.of("it was made of more files than " + after.get(after.size() - 1).path())
        : Optional.empty();
  }

  private static String shown(FileState state) {
    return state.headSha256().map(hash -> "head " + hash).orElse(state.modified().toString());
  }

  private static List<FileState> files(List<SourceFingerprint> disks) {
    return disks.stream().flatMap(disk -> disk.files().stream()).toList();
  }

  /** The JSON pointer of the first difference and what stood there; empty when there is none. */
  private static Optional<String> firstDifference(JsonNode was, JsonNode is, String pointer) {
    if (was.equals(is)) {
      return Optional.empty();
    }
    if (was.isObject() && is.isObject()) {
      TreeSet<String> keys = new TreeSet<>();
      was.fieldNames().forEachRemaining(keys::add);
      is.fieldNames().forEachRemaining(keys::add);
      return keys.stream()
          .flatMap(
              key ->
                  firstDifference(was.path(key), is.path(key), pointer + "/" + shown(key)).stream())
          .findFirst();
    }
    return Optional.of("%s: was %s, is %s".formatted(pointer, shown(was), shown(is)));
  }

  private static String shown(JsonNode value) {
    return value.isMissingNode() ? "not asked for" : shown(value.toString());
  }

  /** The record may be anybody's: what of it is shown is short and harmless. */
  private static String shown(String text) {
    String line = Printable.guestLine(text);
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + " …";
  }
}
