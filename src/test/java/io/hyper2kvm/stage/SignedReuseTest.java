package io.hyper2kvm.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.signature.Signer;
import io.hyper2kvm.signature.TestKeys;
import io.hyper2kvm.signature.TrustedKey;
import io.hyper2kvm.stage.cleanup.JobCleanup;
import io.hyper2kvm.stage.load.OutputReservations;
import io.hyper2kvm.stage.outcome.JobOutcome;
import io.hyper2kvm.stage.provenance.ProvenanceFile;
import io.hyper2kvm.stage.publish.Publication;
import io.hyper2kvm.stage.space.SpaceReservations;
import io.hyper2kvm.verify.FileDigest;
import io.hyper2kvm.verify.FileFinding;
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

/** The signature of outputs that a later run uses again. */
class SignedReuseTest {

  @TempDir Path directory;
  private Jobs jobs;
  private Path domain;
  private List<TrustedKey> trusted;

  @BeforeEach
  void create() throws IOException {
    jobs = new Jobs(directory.toRealPath()).withRawSource();
    jobs.wantDomain();
    jobs.domain = asked(DiskBus.SATA);
    jobs.signer = Optional.of(TestKeys.signer(directory, "own"));
    domain = jobs.root.resolve("out/web.xml");
    trusted = TrustedKey.read(directory.resolve("own.pub"));
  }

  private static DomainSpec asked(DiskBus bus) {
    return new DomainSpec(
        Optional.of(bus), Optional.of(CardModel.E1000E), Map.of(), Optional.empty());
  }

  private VmOutcome published() throws IOException {
    VmJob job = jobs.converted();
    Publication publication = new Publication(jobs.signer);
    if (publication.isSigned()) {
      for (VmDisk disk : publication.disks(job)) {
        publication.acceptDigest(
            job, disk, Jobs.result(0, Sha256.of(disk.part()) + " *" + disk.part() + "\n"));
      }
    }
    publication.publish(job);
    new JobCleanup(new OutputReservations(), new SpaceReservations()).run(job);
    return JobOutcome.of(job);
  }

  private VmOutcome reused() throws IOException {
    VmJob job = jobs.job();
    jobs.load().prepare(job);
    assertThat(job.reuses()).isTrue();
    return JobOutcome.of(job);
  }

  private VerifyResult verify() {
    return new Verification(trusted, new FileDigest(Map.of("PATH", "/nonexistent")))
        .of(jobs.output);
  }

  private List<String> wrong() {
    return verify().files().stream()
        .filter(file -> file.state() != FileFinding.State.OK)
        .map(FileFinding::name)
        .toList();
  }

  private Path signature() {
    return AttestationFile.beside(jobs.output);
  }

  @Test
  void aSignedOutputThatIsUsedAgainStaysSigned() throws IOException {
    published();
    byte[] before = Files.readAllBytes(signature());

    VmOutcome outcome = reused();

    assertThat(signature()).hasBinaryContent(before);
    assertThat(outcome.signature()).hasValue(signature());
    assertThat(outcome.warnings()).isEmpty();
    assertThat(verify().verdict()).isEqualTo(Verdict.VERIFIED);
  }

  @Test
  void aMissingDomainIsWrittenAnewAndSignedAnew() throws IOException {
    published();
    Files.delete(domain);
    assertThat(wrong()).containsExactly("web.xml");

    VmOutcome outcome = reused();

    assertThat(outcome.warnings()).isEmpty();
    assertThat(verify().verdict()).isEqualTo(Verdict.VERIFIED);
  }

  @Test
  void anotherDomainIsSignedAnewWithItsPipelineAndTheDisksAsTheyWereSigned() throws IOException {
    published();
    jobs.domain = asked(DiskBus.IDE);

    VmOutcome outcome = reused();

    assertThat(outcome.warnings()).isEmpty();
    assertThat(verify().verdict()).isEqualTo(Verdict.VERIFIED);
    assertThat(verify().files())
        .extracting(FileFinding::name)
        .containsExactly("web.qcow2", "web.xml", "web.qcow2.provenance.json");
    assertThat(
            new String(
                AttestationFile.read(signature()).envelopes().get(0).payload(),
                java.nio.charset.StandardCharsets.UTF_8))
        .contains("\"disk_bus\":\"ide\"");
  }

  @Test
  void aDiskThatWasChangedIsNotSignedAnewAsItIs() throws IOException {
    published();
    java.nio.file.attribute.FileTime time = Files.getLastModifiedTime(jobs.output);
    byte[] content = Files.readAllBytes(jobs.output);
    content[2] ^= 1;
    Files.write(jobs.output, content);
    Files.setLastModifiedTime(jobs.output, time);
    jobs.domain = asked(DiskBus.IDE);

    reused();

    assertThat(wrong()).containsExactly("web.qcow2");
  }

  @Test
  void withoutAKeyTheSignatureStaysAndTheReportSaysWhatItIsNotOf() throws IOException {
    published();
    byte[] before = Files.readAllBytes(signature());
    jobs.signer = Optional.empty();
    jobs.domain = asked(DiskBus.IDE);

    VmOutcome outcome = reused();

    assertThat(outcome.warnings())
        .containsExactly(
            "%s is no signature of the libvirt domain or KubeVirt VM and of the record any more, which were written anew: no signing_key is configured"
                .formatted(signature()));
    assertThat(signature()).hasBinaryContent(before);
    assertThat(wrong()).containsExactly("web.xml", "web.qcow2.provenance.json");
  }

  @Test
  void anotherKeyDoesNotVouchForWhatItHasNotSeen() throws IOException {
    published();
    jobs.signer = Optional.of(TestKeys.signer(directory, "new"));
    jobs.domain = asked(DiskBus.IDE);

    assertThat(reused().warnings())
        .singleElement()
        .asString()
        .endsWith("it is not by the signing_key of now");
    assertThat(wrong()).containsExactly("web.xml", "web.qcow2.provenance.json");
  }

  @Test
  void aRecordThatSomebodyChangedIsNotSigned() throws IOException {
    published();
    Path record = ProvenanceFile.of(jobs.output);
    String text = Files.readString(record);
    Files.writeString(record, text.replace("\"manifest\" : \"m\"", "\"manifest\" : \"x\""));
    jobs.domain = asked(DiskBus.IDE);

    assertThat(reused().warnings())
        .singleElement()
        .asString()
        .endsWith("it was not of the record that is there");
    assertThat(verify().verdict()).isEqualTo(Verdict.CHANGED);
  }

  @Test
  void killedBetweenTheNewSignatureAndTheNewRecordTheNextRunMakesUpForIt() throws IOException {
    published();
    Path record = ProvenanceFile.of(jobs.output);
    byte[] old = Files.readAllBytes(record);
    jobs.domain = asked(DiskBus.IDE);
    reused();
    Files.write(record, old);
    assertThat(wrong()).containsExactly("web.qcow2.provenance.json");

    assertThat(reused().warnings()).isEmpty();

    assertThat(verify().verdict()).isEqualTo(Verdict.VERIFIED);
  }

  @Test
  void killedBetweenTheNewDomainAndTheNewSignatureTheNextRunMakesUpForIt() throws IOException {
    published();
    Path record = ProvenanceFile.of(jobs.output);
    byte[] oldRecord = Files.readAllBytes(record);
    byte[] oldSignature = Files.readAllBytes(signature());
    jobs.domain = asked(DiskBus.IDE);
    reused();
    Files.write(record, oldRecord);
    Files.write(signature(), oldSignature);

    assertThat(reused().warnings()).isEmpty();

    assertThat(verify().verdict()).isEqualTo(Verdict.VERIFIED);
  }

  @Test
  void anOutputOfARunWithoutAKeyIsNotSignedAfterwards() throws IOException {
    Optional<Signer> key = jobs.signer;
    jobs.signer = Optional.empty();
    published();
    jobs.signer = key;

    VmOutcome outcome = reused();

    assertThat(outcome.signature()).isEmpty();
    assertThat(signature()).doesNotExist();
    assertThat(outcome.warnings())
        .singleElement()
        .asString()
        .contains("is used again and is not signed", "remove it to have a signed one made");
    assertThat(verify().verdict()).isEqualTo(Verdict.NOT_SIGNED);
    assertThat(verify().files()).allMatch(file -> file.state() == FileFinding.State.OK);
  }

  @Test
  void anUnsignedOutputThatWasWrittenToIsNotAsItsRecordSays() throws IOException {
    jobs.signer = Optional.empty();
    published();
    Files.setLastModifiedTime(jobs.output, java.nio.file.attribute.FileTime.fromMillis(1));

    assertThat(verify().verdict()).isEqualTo(Verdict.CHANGED);
    assertThat(wrong()).containsExactly("web.qcow2");
    Files.writeString(jobs.output, "longer than it was");
    assertThat(verify().files().get(0).detail()).matches("it has 18 bytes, and had \\d+");
  }

  @Test
  void theRecordOfOtherOutputsSaysNothingOfThese() throws IOException {
    jobs.signer = Optional.empty();
    published();
    Path copy = Files.copy(jobs.output, jobs.root.resolve("out/copy.qcow2"));
    Files.copy(ProvenanceFile.of(jobs.output), ProvenanceFile.of(copy));
    jobs.output = copy;

    assertThat(verify().verdict()).isEqualTo(Verdict.CHANGED);
    assertThat(verify().notes()).anyMatch(note -> note.endsWith("is the record of other outputs"));
  }
}
