package io.hyper2kvm.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.stage.cleanup.JobCleanup;
import io.hyper2kvm.stage.cleanup.OrphanJobs;
import io.hyper2kvm.stage.convert.ConvertStage;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.load.LoadStage;
import io.hyper2kvm.stage.load.OutputReservations;
import io.hyper2kvm.stage.load.VmPreflight;
import io.hyper2kvm.stage.outcome.JobOutcome;
import io.hyper2kvm.stage.provenance.ProvenanceFile;
import io.hyper2kvm.stage.publish.Publication;
import io.hyper2kvm.stage.space.SpaceReservations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The libvirt domain beside the outputs: when it appears, whose it is, and what it is left to. */
class DomainFileTest {

  @TempDir Path directory;
  private Jobs jobs;
  private Path domain;

  @BeforeEach
  void create() throws IOException {
    jobs = new Jobs(directory.toRealPath()).withRawSource();
    jobs.target = DomainTarget.LIBVIRT;
    jobs.domain = asked(DiskBus.SATA);
    domain = jobs.root.resolve("out/web.xml");
  }

  private static DomainSpec asked(DiskBus bus) {
    return new DomainSpec(
        Optional.of(bus), Optional.of(CardModel.E1000E), Map.of(), Optional.empty());
  }

  /** A job as far as it comes before its publication. */
  private VmJob converted() throws IOException {
    return jobs.converted();
  }

  private VmOutcome published() throws IOException {
    VmJob job = converted();
    new Publication().publish(job);
    new JobCleanup(new OutputReservations(), new SpaceReservations()).run(job);
    return JobOutcome.of(job);
  }

  private VmJob again() throws IOException {
    VmJob job = jobs.job();
    jobs.load().prepare(job);
    return job;
  }

  private VmOutcome reused() throws IOException {
    VmJob job = again();
    assertThat(job.reuses()).isTrue();
    return JobOutcome.of(job);
  }

  private static Optional<Path> described(VmOutcome outcome) {
    return outcome.description().map(VmOutcome.Description::path);
  }

  private List<String> out() throws IOException {
    try (Stream<Path> files = Files.list(jobs.root.resolve("out"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void assertRefused(String... words) {
    assertThatThrownBy(this::again)
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.OUTPUT_EXISTS))
        .hasMessageContaining(domain.toString())
        .message()
        .contains(words);
  }

  @Test
  void somebodysDomainIsRefusedBeforeAnyWork() throws IOException {
    Files.writeString(domain, "<domain/>");

    assertRefused("the libvirt domain is there already", "does not say that it is this output's");
    assertThat(domain).hasContent("<domain/>");
    assertThat(jobs.root.resolve("work")).isEmptyDirectory();
  }

  @Test
  void aLinkIsNoDomainAndIsNotFollowed() throws IOException {
    jobs.overwrite = false;
    Path victim = Files.writeString(jobs.root.resolve("victim"), "precious");
    Files.createSymbolicLink(domain, victim);

    assertRefused("no regular file");
    jobs.overwrite = true;
    assertRefused("no regular file");
    assertThat(victim).hasContent("precious");
  }

  @Test
  void aFolderInItsPlaceIsNamed() throws IOException {
    Files.createDirectory(domain);
    jobs.overwrite = true;

    assertRefused("no regular file");
  }

  @Test
  void aSourceInItsPlaceIsNeverReplaced() throws IOException {
    jobs.source = Files.write(domain, new byte[1 << 20]);
    jobs.overwrite = true;

    assertRefused("a file of the source");
  }

  @Test
  void whatARunWouldRefuseIsToldBefore() throws IOException {
    Files.writeString(domain, "<domain/>");
    VmPreflight preflight =
        new VmPreflight(jobs.settings(), jobs.root.resolve("work"), image -> OptionalLong.empty());

    VmPreflight.Findings found = preflight.check("m", jobs.job().spec(), false);

    assertThat(found.failures())
        .extracting(Failure::code)
        .containsExactly(FailureCode.OUTPUT_EXISTS);
  }

  @Test
  void twoManifestsThatWouldShareItAreToldBefore() throws IOException {
    VmPreflight preflight =
        new VmPreflight(jobs.settings(), jobs.root.resolve("work"), image -> OptionalLong.empty());
    assertThat(preflight.check("m", jobs.job().spec(), false).failures()).isEmpty();
    jobs.output = jobs.root.resolve("out/other.qcow2");

    VmPreflight.Findings found = preflight.check("n", jobs.job().spec(), false);

    assertThat(found.failures())
        .extracting(Failure::code)
        .containsExactly(FailureCode.OUTPUT_IN_USE);
  }

  @Test
  void aDomainThatAppearedDuringTheWorkIsKept() throws IOException {
    VmJob job = converted();
    Files.writeString(domain, "somebody's");

    assertThatThrownBy(() -> new Publication().publish(job))
        .hasMessageContaining("appeared meanwhile: " + domain);

    assertThat(domain).hasContent("somebody's");
    assertThat(jobs.output).doesNotExist();
    assertThat(described(JobOutcome.of(job))).isEmpty();
  }

  @Test
  void aLinkLaidWhereItGrowsIsNotWrittenThrough() throws IOException {
    VmJob job = jobs.loaded();
    jobs.load().finish(job);
    Path victim = Files.writeString(jobs.root.resolve("victim"), "precious");
    Files.createSymbolicLink(LoadResult.of(job).domain().orElseThrow().part(), victim);
    ConvertStage convert = new ConvertStage(jobs.settings());
    convert.begin(job);

    assertThatThrownBy(() -> convert.finish(job)).isInstanceOf(IOException.class);
    assertThat(victim).hasContent("precious");
  }

  @Test
  void whenItCannotGetItsNameNoDiskHasOne() throws IOException {
    jobs.overwrite = true;
    VmJob job = converted();
    Files.createDirectories(domain.resolve("in the way"));

    assertThatThrownBy(() -> new Publication().publish(job)).isInstanceOf(IOException.class);

    assertThat(jobs.output).doesNotExist();
    assertThat(JobOutcome.of(job).outputs()).isEmpty();
    assertThat(described(JobOutcome.of(job))).isEmpty();
  }

  @Test
  void untilItsPublicationItIsHidden() throws IOException {
    converted();

    assertThat(out()).hasSize(2).allMatch(name -> name.startsWith("."));
  }

  @Test
  void itAppearsBesideItsDiskAndIsReported() throws IOException {
    VmOutcome outcome = published();

    assertThat(out()).containsExactly("web.qcow2", "web.qcow2.provenance.json", "web.xml");
    assertThat(domain)
        .content()
        .contains("<name>web</name>", "<source file=\"%s\"/>".formatted(jobs.output));
    assertThat(described(outcome)).hasValue(domain);
    assertThat(outcome.warnings()).isEmpty();
    assertThat(outcome.stages().get(StageName.CONVERT).details().get("domain_xml"))
        .asInstanceOf(
            org.assertj.core.api.InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("path", domain.toString())
        .containsEntry("memory_bytes", 2147483648L)
        .containsEntry("assumed", List.of("memory", "cpus", "firmware", "network_cards"));
  }

  @Test
  void withoutItNothingOfItIsThere() throws IOException {
    jobs.target = DomainTarget.NONE;
    Files.writeString(domain, "somebody's");

    VmOutcome outcome = published();

    assertThat(domain).hasContent("somebody's");
    assertThat(described(outcome)).isEmpty();
    assertThat(outcome.stages().get(StageName.CONVERT).details()).doesNotContainKey("domain_xml");
  }

  @Test
  void overwriteReplacesSomebodysDomain() throws IOException {
    Files.writeString(domain, "somebody's");
    jobs.overwrite = true;

    published();

    assertThat(domain).content().startsWith("<domain type=\"kvm\">");
  }

  @Test
  void anotherRunDoesNotMakeTheDomainAnother() throws IOException {
    published();
    byte[] first = Files.readAllBytes(domain);

    VmOutcome outcome = reused();

    assertThat(described(outcome)).hasValue(domain);
    assertThat(outcome.warnings()).isEmpty();
    assertThat(domain).hasBinaryContent(first);
  }

  @Test
  void aDomainThatWasEditedStaysAndCostsNoConversion() throws IOException {
    published();
    Files.writeString(domain, "<domain>edited</domain>");
    jobs.overwrite = true;

    VmOutcome outcome = reused();

    assertThat(domain).hasContent("<domain>edited</domain>");
    assertThat(outcome.succeeded()).isTrue();
    assertThat(described(outcome)).isEmpty();
    assertThat(outcome.warnings())
        .containsExactly(
            "the libvirt domain %s is not as this program left it, and stays as it is"
                .formatted(domain));
  }

  @Test
  @Timeout(20)
  void aPipeInItsPlaceIsNotOpened() throws Exception {
    published();
    Files.delete(domain);
    assertThat(new ProcessBuilder("mkfifo", domain.toString()).start().waitFor()).isZero();

    assertThat(reused().warnings()).hasSize(1);
  }

  @Test
  void aMissingDomainIsWrittenAnewAndKnownAfterwards() throws IOException {
    published();
    byte[] first = Files.readAllBytes(domain);
    Files.delete(domain);

    VmOutcome outcome = reused();

    assertThat(domain).hasBinaryContent(first);
    assertThat(described(outcome)).hasValue(domain);
    assertThat(outcome.warnings()).isEmpty();
    assertThat(described(reused())).hasValue(domain);
    assertThat(out()).containsExactly("web.qcow2", "web.qcow2.provenance.json", "web.xml");
  }

  @Test
  void aDomainThatWasCopiedBackIsStillOurs() throws IOException {
    published();
    byte[] first = Files.readAllBytes(domain);
    Files.delete(domain);
    Files.write(domain, first);

    VmOutcome outcome = reused();

    assertThat(described(outcome)).hasValue(domain);
    assertThat(outcome.warnings()).isEmpty();
  }

  @Test
  void anotherBusIsAnotherDomainAndNoConversion() throws IOException {
    published();
    jobs.domain = asked(DiskBus.IDE);

    assertThat(described(reused())).hasValue(domain);
    assertThat(domain).content().contains("bus=\"ide\"").doesNotContain("bus=\"sata\"");

    byte[] second = Files.readAllBytes(domain);
    assertThat(reused().warnings()).isEmpty();
    assertThat(domain).hasBinaryContent(second);
  }

  @Test
  void anotherBusLeavesAnEditedDomainAlone() throws IOException {
    published();
    Files.writeString(domain, "<domain>edited</domain>");
    jobs.domain = asked(DiskBus.IDE);

    assertThat(reused().warnings()).singleElement().asString().contains("not as this program left");
    assertThat(domain).hasContent("<domain>edited</domain>");
  }

  @Test
  void aBusThatCannotBeLeavesTheDomainAsItIs() throws IOException {
    jobs.additional = List.of();
    for (int i = 2; i <= 5; i++) {
      Path disk = Files.write(jobs.root.resolve("in/%d.img".formatted(i)), new byte[1 << 20]);
      jobs.additional = Stream.concat(jobs.additional.stream(), Stream.of(disk)).toList();
    }
    published();
    jobs.domain = asked(DiskBus.IDE);

    VmOutcome outcome = reused();

    assertThat(outcome.warnings())
        .singleElement()
        .asString()
        .contains("no other libvirt domain", "5 disks");
    assertThat(described(outcome)).hasValue(domain);
    assertThat(domain).content().contains("bus=\"sata\"");
  }

  @Test
  void nobodyLookedIntoTheGuestSoItIsNotOnVirtio() throws IOException {
    jobs.domain = DomainSpec.NOTHING;

    VmOutcome outcome = published();

    assertThat(domain).content().contains("bus=\"sata\"", "<model type=\"e1000e\"/>");
    assertThat(outcome.warnings())
        .singleElement()
        .asString()
        .contains("sata", "e1000e", "the guest was not inspected");
    Files.delete(domain);
    assertThat(reused().warnings()).isEqualTo(outcome.warnings());
    assertThat(domain).content().contains("bus=\"sata\"");
  }

  @Test
  void askedForLaterItIsWrittenForTheOutputsThatAreThere() throws IOException {
    jobs.target = DomainTarget.NONE;
    published();
    jobs.target = DomainTarget.LIBVIRT;

    assertThat(described(reused())).hasValue(domain);
    assertThat(domain).isRegularFile();
  }

  @Test
  void notAskedForAnyMoreItStaysAndIsNotSpokenOf() throws IOException {
    published();
    jobs.target = DomainTarget.NONE;

    assertThat(described(reused())).isEmpty();
    assertThat(domain).exists();
  }

  @Test
  void aDryRunWritesNoMissingDomain() throws IOException {
    published();
    Files.delete(domain);
    jobs.dryRun = true;

    VmOutcome outcome = reused();

    assertThat(domain).doesNotExist();
    assertThat(described(outcome)).isEmpty();
    assertThat(outcome.plan().orElseThrow().get("domain_xml"))
        .isEqualTo(Map.of("path", domain.toString(), "exists", false, "action", "create"));
  }

  @Test
  void aRecordThatTellsNothingOfTheMachineIsAWarning() throws IOException {
    VmJob job = converted();
    job.enter(StageName.VALIDATE);
    job.complete(() -> Map.of("checks", "x".repeat(ProvenanceFile.MAX_BYTES)));
    new Publication().publish(job);
    Files.delete(domain);

    VmOutcome outcome = reused();

    assertThat(domain).doesNotExist();
    assertThat(outcome.warnings()).anyMatch(w -> w.startsWith("there is no libvirt domain"));
  }

  @Test
  void leftWithoutItsOutputsItIsReplaced() throws IOException {
    published();
    Files.delete(jobs.output);
    jobs.compress = true;

    assertThat(described(published())).hasValue(domain);
  }

  @Test
  void leftWithoutItsOutputsAndEditedItIsRefused() throws IOException {
    published();
    Files.delete(jobs.output);
    Files.writeString(domain, "edited");

    assertRefused("was written to since it was made");
  }

  @Test
  void editedDuringTheWorkItIsKept() throws IOException {
    published();
    Files.delete(jobs.output);
    VmJob job = converted();
    Files.writeString(domain, "edited");

    assertThatThrownBy(() -> new Publication().publish(job))
        .isInstanceOf(StageFailedException.class);
    assertThat(domain).hasContent("edited");
  }

  @Test
  void anotherOutputOfTheSameNameAsksForAnotherFolder() throws IOException {
    published();
    jobs.output = jobs.root.resolve("out/web2.qcow2");

    assertRefused("web2.qcow2.provenance.json does not say");
  }

  @Test
  void twoAtATimeDoNotShareIt() throws IOException {
    LoadStage load = jobs.load();
    load.prepare(jobs.job());
    jobs.output = jobs.root.resolve("out/other.qcow2");

    assertThatThrownBy(() -> load.prepare(jobs.job()))
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.OUTPUT_IN_USE))
        .hasMessageContaining(domain.toString());
  }

  @Test
  void killedBeforeItGotItsNameTheNextStartGivesItOne() throws IOException {
    VmJob job = converted();
    new Publication().publish(job);
    // As it was before the last rename.
    Files.move(domain, LoadResult.of(job).domain().orElseThrow().part());

    new OrphanJobs(jobs.root.resolve("work")).remove();

    assertThat(domain).isRegularFile();
    assertThat(described(reused())).hasValue(domain);
  }

  @Test
  void killedBeforeThePublicationNothingOfItIsLeft() throws IOException {
    converted();

    new OrphanJobs(jobs.root.resolve("work")).remove();

    assertThat(out()).isEmpty();
  }

  @Test
  void aFailedVmLeavesNothingOfIt() throws IOException {
    VmJob job = converted();

    new JobCleanup(new OutputReservations(), new SpaceReservations()).run(job);

    assertThat(out()).isEmpty();
  }
}
