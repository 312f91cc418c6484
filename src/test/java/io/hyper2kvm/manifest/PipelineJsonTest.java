package io.hyper2kvm.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.ClusterNetwork;
import io.hyper2kvm.manifest.model.CompressionType;
import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainNetwork;
import io.hyper2kvm.manifest.model.DomainNetwork.Kind;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.GrubFix;
import io.hyper2kvm.manifest.model.GuestToolsMode;
import io.hyper2kvm.manifest.model.InitramfsFix;
import io.hyper2kvm.manifest.model.InspectSpec;
import io.hyper2kvm.manifest.model.KubevirtSpec;
import io.hyper2kvm.manifest.model.LoadSpec;
import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.manifest.model.NetworkLevel;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.manifest.model.Pipeline;
import io.hyper2kvm.manifest.model.SourceType;
import io.hyper2kvm.manifest.model.ValidateSpec;
import io.hyper2kvm.manifest.model.VolumeKind;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** A pipeline's JSON says all that the pipeline says, but for what changes no result. */
@Tag("property")
class PipelineJsonTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Property
  void aManifestWithTheJsonHasTheSamePipeline(@ForAll("pipelines") Pipeline pipeline)
      throws JsonProcessingException {
    Map<String, Object> manifest = Map.of("version", "1.0", "pipeline", PipelineJson.of(pipeline));

    Manifest read =
        new ManifestReader(Installations.OPEN).read("web.json", JSON.writeValueAsBytes(manifest));

    assertThat(read.vms().get(0).pipeline()).isEqualTo(withoutWhatChangesNothing(pipeline));
  }

  @Example
  void overwriteIsNotInTheJson() {
    Pipeline pipeline = pipelines().sample();

    assertThat(PipelineJson.of(pipeline).toString()).doesNotContain("overwrite");
  }

  private static Pipeline withoutWhatChangesNothing(Pipeline pipeline) {
    ConvertSpec convert = pipeline.convert();
    return new Pipeline(
        pipeline.load(),
        pipeline.inspect(),
        pipeline.fix(),
        new ConvertSpec(
            convert.format(),
            convert.compress(),
            convert.compress() ? convert.compressionType() : CompressionType.ZSTD,
            convert.output(),
            false,
            convert.target(),
            convert.domain()),
        pipeline.validate());
  }

  private static Arbitrary<Boolean> bool() {
    return Arbitraries.of(true, false);
  }

  @Provide
  Arbitrary<Pipeline> pipelines() {
    return Combinators.combine(load(), inspect(), fix(), convert(), validate()).as(Pipeline::new);
  }

  private static Arbitrary<LoadSpec> load() {
    return Combinators.combine(
            Arbitraries.of(SourceType.VMDK, SourceType.RAW, SourceType.AUTO, SourceType.VHDX),
            Arbitraries.of("/in/web.vmdk", "/in/web 01.vmdk", "/in/\u00fc\"x'.raw"),
            Arbitraries.of("/in/a.vmdk", "/in/b.vmdk", "/in/c.vmdk").set().ofMaxSize(3),
            Arbitraries.of("0a".repeat(32), "ff".repeat(32)).optional())
        .as(
            (type, first, more, sum) ->
                new LoadSpec(type, Path.of(first), more.stream().map(Path::of).toList(), sum));
  }

  private static Arbitrary<InspectSpec> inspect() {
    return Arbitraries.of(
        new InspectSpec(false, false, true),
        new InspectSpec(true, false, true),
        new InspectSpec(true, false, false),
        new InspectSpec(false, true, true),
        new InspectSpec(false, true, false));
  }

  private static Arbitrary<FixSpec> fix() {
    return Combinators.combine(
            Arbitraries.of(FstabMode.values()).optional(),
            bool().map(GrubFix::new).optional(),
            bool().map(InitramfsFix::new).optional(),
            Arbitraries.of(NetworkLevel.values()).optional(),
            Arbitraries.of(GuestToolsMode.values()).optional(),
            Arbitraries.of("/src/first.sh", "/src/a b/\u00fc'\".sh").map(Path::of).optional())
        .as(
            (fstab, grub, initramfs, network, tools, script) ->
                new FixSpec(fstab, grub, initramfs, network, tools).withFirstboot(script));
  }

  /** A target, and what it has. */
  private record Domain(DomainTarget target, DomainSpec spec) {}

  private static final DomainSpec OLD =
      new DomainSpec(
          Optional.of(DiskBus.IDE),
          Optional.of(CardModel.RTL8139),
          Map.of(),
          Optional.of("EPYC-v4"));

  private static final DomainSpec NETWORKS =
      new DomainSpec(
          Optional.empty(),
          Optional.empty(),
          Map.of(
              "VM Network",
              new DomainNetwork(Kind.BRIDGE, "br0", OptionalInt.of(4094)),
              "version",
              new DomainNetwork(Kind.NETWORK, "lan.1", OptionalInt.empty())),
          Optional.empty());

  private static final DomainSpec CLUSTER =
      new DomainSpec(
          Optional.of(DiskBus.SCSI),
          Optional.empty(),
          Map.of("*", new DomainNetwork(Kind.BRIDGE, "br0", OptionalInt.of(7))),
          Optional.of("host-model"),
          new KubevirtSpec(
              Map.of(
                  "VM Network",
                  new ClusterNetwork(ClusterNetwork.Kind.MULTUS, "lab/vlan-7.x"),
                  "*",
                  new ClusterNetwork(ClusterNetwork.Kind.POD, "bridge")),
              Optional.of(VolumeKind.PVC)));

  private static final Domain[] DOMAINS = {
    new Domain(DomainTarget.LIBVIRT, DomainSpec.NOTHING),
    new Domain(DomainTarget.KUBEVIRT, DomainSpec.NOTHING),
    new Domain(DomainTarget.NONE, DomainSpec.NOTHING),
    new Domain(DomainTarget.LIBVIRT, OLD),
    new Domain(DomainTarget.NONE, OLD),
    new Domain(DomainTarget.LIBVIRT, NETWORKS),
    new Domain(DomainTarget.NONE, NETWORKS),
    new Domain(DomainTarget.KUBEVIRT, CLUSTER),
    new Domain(DomainTarget.NONE, CLUSTER),
  };

  private static Arbitrary<ConvertSpec> convert() {
    return Combinators.combine(
            Arbitraries.of(OutputFormat.values()),
            bool(),
            Arbitraries.of(CompressionType.values()),
            Arbitraries.of("/out/web.img", "/out/deep/x y.qcow2"),
            bool(),
            Arbitraries.of(DOMAINS))
        .as(
            (format, compress, type, output, overwrite, domain) ->
                new ConvertSpec(
                    format,
                    compress && format.compressible(),
                    type,
                    Path.of(output),
                    overwrite,
                    domain.target(),
                    domain.spec()));
  }

  private static Arbitrary<ValidateSpec> validate() {
    return Arbitraries.of(
        new ValidateSpec(true, false),
        new ValidateSpec(true, true),
        new ValidateSpec(false, false));
  }
}
