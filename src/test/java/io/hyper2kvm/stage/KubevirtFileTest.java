package io.hyper2kvm.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.ClusterNetwork;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.manifest.model.KubevirtSpec;
import io.hyper2kvm.manifest.model.NetworkCardSpec;
import io.hyper2kvm.manifest.model.VolumeKind;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.stage.cleanup.JobCleanup;
import io.hyper2kvm.stage.cleanup.OrphanJobs;
import io.hyper2kvm.stage.domain.kubevirt.KubevirtSchema;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.load.OutputReservations;
import io.hyper2kvm.stage.load.VmPreflight;
import io.hyper2kvm.stage.outcome.JobOutcome;
import io.hyper2kvm.stage.publish.Publication;
import io.hyper2kvm.stage.space.SpaceReservations;
import io.hyper2kvm.stage.validate.ValidateStage;
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
import org.junit.jupiter.api.io.TempDir;

/** The KubeVirt VM beside the outputs is treated as the libvirt domain is: see DomainFileTest. */
class KubevirtFileTest {

  @TempDir Path directory;
  private Jobs jobs;
  private Path file;

  @BeforeEach
  void create() throws IOException {
    jobs = new Jobs(directory.toRealPath()).withRawSource();
    jobs.target = DomainTarget.KUBEVIRT;
    jobs.domain = asked(DiskBus.SATA, Optional.empty());
    file = jobs.root.resolve("out/web.kubevirt.yaml");
  }

  private static DomainSpec asked(DiskBus bus, Optional<VolumeKind> storage) {
    return new DomainSpec(
        Optional.of(bus),
        Optional.of(CardModel.E1000E),
        Map.of(),
        Optional.empty(),
        new KubevirtSpec(
            Map.of("*", new ClusterNetwork(ClusterNetwork.Kind.MULTUS, "lab/lan")), storage));
  }

  private VmOutcome published() throws IOException {
    VmJob job = jobs.converted();
    new Publication().publish(job);
    new JobCleanup(new OutputReservations(), new SpaceReservations()).run(job);
    return JobOutcome.of(job);
  }

  private VmOutcome reused() throws IOException {
    VmJob job = jobs.job();
    jobs.load().prepare(job);
    assertThat(job.reuses()).isTrue();
    return JobOutcome.of(job);
  }

  private List<String> out() throws IOException {
    try (Stream<Path> files = Files.list(jobs.root.resolve("out"))) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private List<JsonNode> objects() throws IOException {
    return new YAMLMapper()
        .readerFor(JsonNode.class)
        .<JsonNode>readValues(Files.readAllBytes(file))
        .readAll();
  }

  private VmPreflight.Findings preflight() {
    return new VmPreflight(
            jobs.settings(), jobs.root.resolve("work"), image -> OptionalLong.empty())
        .check("m", jobs.job().spec(), false);
  }

  @Test
  void somebodysFileIsRefusedBeforeAnyWork() throws IOException {
    Files.writeString(file, "kind: Pod");

    assertThatThrownBy(() -> jobs.load().prepare(jobs.job()))
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.OUTPUT_EXISTS))
        .hasMessageContaining("the KubeVirt VM is there already")
        .hasMessageContaining(file.toString());
    assertThat(file).hasContent("kind: Pod");
  }

  @Test
  void aDomainOfLibvirtsIsNotInItsWay() throws IOException {
    Files.writeString(jobs.root.resolve("out/web.xml"), "somebody's");

    published();

    assertThat(jobs.root.resolve("out/web.xml")).hasContent("somebody's");
  }

  @Test
  void itAppearsBesideItsDiskAndIsReported() throws IOException {
    VmOutcome outcome = published();

    assertThat(out())
        .containsExactly("web.kubevirt.yaml", "web.qcow2", "web.qcow2.provenance.json");
    assertThat(objects())
        .hasSize(2)
        .allSatisfy(object -> assertThat(KubevirtSchema.problems(object)).isEmpty());
    assertThat(objects().get(0).at("/spec/storage/resources/requests/storage").asText())
        .isEqualTo("1Mi");
    assertThat(outcome.description())
        .hasValue(new VmOutcome.Description(DomainTarget.KUBEVIRT, file));
    assertThat(outcome.warnings()).isEmpty();
    assertThat(outcome.stages().get(StageName.CONVERT).details())
        .doesNotContainKey("domain_xml")
        .extractingByKey("kubevirt_yaml")
        .asInstanceOf(
            org.assertj.core.api.InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("path", file.toString())
        .containsEntry("name", "web")
        .containsEntry("storage", "data_volume")
        .containsEntry("volumes", List.of(Map.of("name", "web-disk1", "size_bytes", 1L << 20)))
        .containsEntry("network_cards", List.of(Map.of("multus", "lab/lan")))
        .containsEntry("assumed", List.of("memory", "cpus", "firmware", "network_cards"));
  }

  @Test
  void theRecordSaysWhatItIs() throws IOException {
    published();

    JsonNode record =
        new ObjectMapper().readTree(jobs.root.resolve("out/web.qcow2.provenance.json").toFile());

    assertThat(record.at("/kubevirt_yaml/path").asText()).isEqualTo(file.toString());
    assertThat(record.at("/artifacts/kubevirt_yaml").asText()).isEqualTo(file.toString());
    assertThat(record.has("domain_xml")).isFalse();
    assertThat(record.at("/pipeline/convert/domain/target").asText()).isEqualTo("kubevirt");
    assertThat(record.at("/pipeline/convert/domain_xml").asBoolean(true)).isFalse();
  }

  @Test
  void anotherRunDoesNotMakeItAnother() throws IOException {
    published();
    byte[] first = Files.readAllBytes(file);

    VmOutcome outcome = reused();

    assertThat(outcome.description())
        .hasValue(new VmOutcome.Description(DomainTarget.KUBEVIRT, file));
    assertThat(outcome.warnings()).isEmpty();
    assertThat(file).hasBinaryContent(first);
  }

  @Test
  void aMissingFileIsWrittenAnewAndKnownAfterwards() throws IOException {
    published();
    byte[] first = Files.readAllBytes(file);
    Files.delete(file);

    assertThat(reused().description()).isPresent();
    assertThat(file).hasBinaryContent(first);
    assertThat(reused().description()).isPresent();
  }

  @Test
  void anEditedFileStaysAndCostsNoConversion() throws IOException {
    published();
    Files.writeString(file, "edited");
    jobs.domain = asked(DiskBus.SCSI, Optional.empty());

    VmOutcome outcome = reused();

    assertThat(file).hasContent("edited");
    assertThat(outcome.description()).isEmpty();
    assertThat(outcome.warnings())
        .containsExactly(
            "the KubeVirt VM %s is not as this program left it, and stays as it is"
                .formatted(file));
  }

  @Test
  void anotherStorageIsAnotherFileAndNoConversion() throws IOException {
    published();
    jobs.domain = asked(DiskBus.SATA, Optional.of(VolumeKind.PVC));

    assertThat(reused().description()).isPresent();
    assertThat(objects()).hasSize(1);
  }

  @Test
  void anotherTargetIsAnotherFileAndNoConversion() throws IOException {
    published();
    jobs.target = DomainTarget.LIBVIRT;

    VmOutcome outcome = reused();

    Path domain = jobs.root.resolve("out/web.xml");
    assertThat(outcome.description())
        .hasValue(new VmOutcome.Description(DomainTarget.LIBVIRT, domain));
    assertThat(domain).content().startsWith("<domain type=\"kvm\">");
    assertThat(file).as("what is not asked for any more stays").exists();
    jobs.target = DomainTarget.KUBEVIRT;
    assertThat(reused().description())
        .hasValue(new VmOutcome.Description(DomainTarget.KUBEVIRT, file));
  }

  @Test
  void noTargetIsNoFile() throws IOException {
    jobs.target = DomainTarget.NONE;

    assertThat(published().description()).isEmpty();
    assertThat(out()).containsExactly("web.qcow2", "web.qcow2.provenance.json");
  }

  @Test
  void twoCardsOnThePodsNetworkAreNoVmAndAWarning() throws IOException {
    jobs.cards =
        List.of(
            new NetworkCardSpec(Optional.of("eth0"), Optional.empty()),
            new NetworkCardSpec(Optional.of("eth1"), Optional.empty()));
    jobs.domain =
        new DomainSpec(
            Optional.of(DiskBus.SATA), Optional.of(CardModel.E1000E), Map.of(), Optional.empty());

    VmOutcome outcome = published();

    assertThat(outcome.succeeded()).isTrue();
    assertThat(outcome.description()).isEmpty();
    assertThat(out()).doesNotContain("web.kubevirt.yaml");
    assertThat(outcome.warnings())
        .containsExactly(
            "there is no KubeVirt VM %s: card 1 and card 2 would be on the network of the VM's pod, which takes one; name networks of Multus's for the others in convert.networks"
                .formatted(file));
    assertThat(preflight().warnings())
        .anyMatch(warning -> warning.startsWith("there will be no KubeVirt VM: card 1 and card 2"));
  }

  @Test
  void aDryRunTellsThatThereWillBeNone() throws IOException {
    jobs.dryRun = true;
    jobs.domain = asked(DiskBus.IDE, Optional.empty());
    VmJob job = jobs.job();
    jobs.load().prepare(job);
    jobs.load().finish(job);
    new ValidateStage().judgeDryRun(job);

    VmOutcome outcome = JobOutcome.of(job);

    assertThat(outcome.plan().orElseThrow())
        .containsEntry("target", "kubevirt")
        .containsEntry("kubevirt_yaml", Map.of("path", file.toString(), "exists", false));
    assertThat(outcome.warnings())
        .anyMatch(
            warning -> warning.contains("there is no KubeVirt VM") && warning.contains("ide"));
  }

  @Test
  void whatIsKnownBeforeARunIsTold() {
    jobs.name = "Web_01";
    jobs.cards = List.of(new NetworkCardSpec(Optional.of("eth0"), Optional.empty()));

    assertThat(preflight().failures()).isEmpty();
    assertThat(preflight().warnings())
        .anyMatch(warning -> warning.startsWith("in KubeVirt the VM is called web-01"));
  }

  @Test
  void killedBeforeItGotItsNameTheNextStartGivesItOne() throws IOException {
    VmJob job = jobs.converted();
    new Publication().publish(job);
    Files.move(file, LoadResult.of(job).domain().orElseThrow().part());

    new OrphanJobs(jobs.root.resolve("work")).remove();

    assertThat(file).isRegularFile();
  }

  @Test
  void killedBeforeThePublicationNothingOfItIsLeft() throws IOException {
    jobs.converted();

    new OrphanJobs(jobs.root.resolve("work")).remove();

    assertThat(out()).isEmpty();
  }
}
