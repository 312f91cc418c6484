package io.hyper2kvm.stage.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.signature.Envelope;
import io.hyper2kvm.signature.Signer;
import io.hyper2kvm.signature.Subject;
import io.hyper2kvm.signature.TestKeys;
import io.hyper2kvm.signature.TrustedKey;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.Sha256;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.outcome.JobOutcome;
import io.hyper2kvm.verify.FileDigest;
import io.hyper2kvm.verify.Verdict;
import io.hyper2kvm.verify.Verification;
import io.hyper2kvm.verify.VerifyResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs that are signed while they get their names. */
class SignedPublicationTest {

  @TempDir Path directory;
  private Jobs jobs;
  private VmJob job;
  private Publication publication;
  private List<TrustedKey> trusted;

  @BeforeEach
  void load() throws IOException {
    jobs = new Jobs(directory.toRealPath()).withRawSource();
    jobs.additional = List.of(Files.write(jobs.root.resolve("in/data.img"), new byte[1 << 20]));
    Signer signer = TestKeys.signer(directory, "own");
    trusted = TrustedKey.read(directory.resolve("own.pub"));
    publication = new Publication(Optional.of(signer));
    job = jobs.converted();
  }

  private void digest() throws IOException {
    for (VmDisk disk : publication.disks(job)) {
      assertThat(publication.digest(disk).arguments()).endsWith(disk.part().toString());
      String answer = Sha256.of(disk.part()) + " *" + disk.part() + "\n";
      publication.acceptDigest(job, disk, Jobs.result(0, answer));
    }
  }

  private Path signature() {
    return AttestationFile.beside(jobs.output);
  }

  private VerifyResult verify() {
    return new Verification(trusted, new FileDigest(Map.of("PATH", "/nonexistent")))
        .of(jobs.output);
  }

  private JsonNode statement() throws IOException {
    Envelope envelope = AttestationFile.read(signature()).envelopes().get(0);
    return new ObjectMapper().readTree(envelope.payload());
  }

  private void assertNothingPublished() {
    assertThat(jobs.output).doesNotExist();
    assertThat(jobs.root.resolve("out/web-disk2.qcow2")).doesNotExist();
    assertThat(signature()).doesNotExist();
    assertThat(JobOutcome.of(job).signature()).isEmpty();
  }

  @Test
  void withoutAHashNothingIsPublished() {
    assertThatThrownBy(() -> publication.publish(job)).isInstanceOf(IllegalStateException.class);

    assertNothingPublished();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "d41d8cd98f00b204e9800998ecf8427e  x", "sha256sum: x: No such file"})
  void anAnswerWithoutAHashIsNone(String answer) {
    VmDisk disk = publication.disks(job).get(0);

    assertThatThrownBy(() -> publication.acceptDigest(job, disk, Jobs.result(0, answer)))
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.TOOL_ANSWER_UNREADABLE));
  }

  @Test
  void aDiskThatWasWrittenToSinceItWasHashedIsNotSigned() throws IOException {
    digest();
    Files.writeString(LoadResult.of(job).disks().get(1).part(), "longer than before");

    assertThatThrownBy(() -> publication.publish(job))
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.OUTPUT_DIFFERS));
    assertNothingPublished();
  }

  @Test
  void whenOneDiskCannotBePublishedThereIsNoSignature() throws IOException {
    jobs.overwrite = true;
    job = jobs.converted();
    digest();
    Files.createDirectories(jobs.root.resolve("out/web-disk2.qcow2/in the way"));

    assertThatThrownBy(() -> publication.publish(job)).isInstanceOf(IOException.class);

    assertThat(jobs.output).doesNotExist();
    assertThat(signature()).doesNotExist();
    assertThat(JobOutcome.of(job).signature()).isEmpty();
  }

  @Test
  void withoutItsSignatureNoOutputAppears() throws IOException {
    digest();
    Files.createDirectories(signature().resolve("in the way"));

    assertThatThrownBy(() -> publication.publish(job)).isInstanceOf(IOException.class);

    assertThat(jobs.output).doesNotExist();
  }

  @Test
  void aFolderInTheSignaturesPlaceIsToldBeforeAnyWork() throws IOException {
    Files.createDirectories(signature());

    assertThatThrownBy(() -> jobs.loaded())
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.OUTPUT_NOT_WRITABLE));
  }

  @Test
  void everyFileIsSigned() throws IOException {
    digest();

    publication.publish(job);

    VerifyResult result = verify();
    assertThat(result.verdict()).isEqualTo(Verdict.VERIFIED);
    assertThat(result.files())
        .extracting("name")
        .containsExactly("web.qcow2", "web-disk2.qcow2", "web.qcow2.provenance.json");
    assertThat(JobOutcome.of(job).signature()).hasValue(signature());
  }

  @Test
  void theStatementIsSlsasAndSaysHowTheFilesWereMade() throws IOException {
    jobs.sha256 = Optional.of(Sha256.of(jobs.source));
    jobs.output = jobs.root.resolve("out/summed.qcow2");
    job = jobs.converted();
    digest();
    publication.publish(job);

    JsonNode statement = statement();

    assertThat(statement.path("_type").asText()).isEqualTo("https://in-toto.io/Statement/v1");
    assertThat(statement.path("predicateType").asText())
        .isEqualTo("https://slsa.dev/provenance/v1");
    JsonNode definition = statement.at("/predicate/buildDefinition");
    assertThat(definition.path("buildType").asText()).isEqualTo("urn:hyper2kvm:conversion:1.0");
    assertThat(definition.at("/externalParameters/manifest").asText()).isEqualTo("m");
    assertThat(definition.at("/externalParameters/vm").asText()).isEqualTo("web");
    assertThat(definition.at("/externalParameters/pipeline/convert/output_format").asText())
        .isEqualTo("qcow2");
    JsonNode sources = definition.path("resolvedDependencies");
    assertThat(sources.at("/0/uri").asText()).isEqualTo(jobs.source.toUri().toString());
    assertThat(sources.at("/0/digest/sha256").asText()).isEqualTo(jobs.sha256.get());
    assertThat(sources.at("/1/annotations/size_bytes").asLong()).isEqualTo(1 << 20);
    assertThat(sources.get(1).has("digest")).as("a hash that nobody computed").isFalse();
    JsonNode details = statement.at("/predicate/runDetails");
    assertThat(details.at("/builder/id").asText()).isEqualTo("urn:example:builder");
    assertThat(details.at("/metadata/startedOn").asText()).matches("[0-9T:-]+Z");
    assertThat(details.at("/metadata/finishedOn").asText()).matches("[0-9T:-]+Z");
  }

  @Test
  void theDomainIsSignedToo() throws IOException {
    jobs.output = jobs.root.resolve("out/other.qcow2");
    jobs.domain =
        new io.hyper2kvm.manifest.model.DomainSpec(
            Optional.of(io.hyper2kvm.manifest.model.DiskBus.SATA),
            Optional.of(io.hyper2kvm.manifest.model.CardModel.E1000E),
            Map.of(),
            Optional.empty());
    jobs.wantDomain();
    job = jobs.converted();
    digest();
    publication.publish(job);

    assertThat(verify().verdict()).isEqualTo(Verdict.VERIFIED);
    Files.writeString(
        jobs.root.resolve("out/web.xml"), " ", java.nio.file.StandardOpenOption.APPEND);
    assertThat(verify().files())
        .filteredOn(f -> !f.detail().isEmpty())
        .extracting("name")
        .containsExactly("web.xml");
  }

  @Test
  void aRunWithoutAKeyRemovesTheSignatureOfWhatItReplaces() throws IOException {
    digest();
    publication.publish(job);
    jobs.overwrite = true;
    jobs.compress = true;
    job = jobs.converted();

    new Publication().publish(job);

    assertThat(signature()).doesNotExist();
    assertThat(verify().verdict()).isEqualTo(Verdict.NOT_SIGNED);
    assertThat(JobOutcome.of(job).signature()).isEmpty();
  }

  @Test
  void aRunWithAKeyReplacesTheSignatureOfAnother() throws IOException {
    digest();
    publication.publish(job);
    jobs.overwrite = true;
    jobs.compress = true;
    job = jobs.converted();
    digest();

    publication.publish(job);

    assertThat(verify().verdict()).isEqualTo(Verdict.VERIFIED);
    assertThat(AttestationFile.read(signature()).envelopes()).hasSize(1);
  }

  @Test
  void theSubjectsAreOfTheFilesAndNotOfTheirParts() throws IOException {
    digest();
    publication.publish(job);

    assertThat(
            io.hyper2kvm.signature.Statement.in(
                    AttestationFile.read(signature()).envelopes().get(0))
                .subject("web.qcow2"))
        .hasValue(Subject.of("web.qcow2", Files.readAllBytes(jobs.output)));
  }
}
