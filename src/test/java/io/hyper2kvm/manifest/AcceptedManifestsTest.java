package io.hyper2kvm.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.CompressionType;
import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainNetwork;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.GrubFix;
import io.hyper2kvm.manifest.model.GuestToolsMode;
import io.hyper2kvm.manifest.model.InitramfsFix;
import io.hyper2kvm.manifest.model.InspectSpec;
import io.hyper2kvm.manifest.model.LoadSpec;
import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.manifest.model.NetworkCardSpec;
import io.hyper2kvm.manifest.model.NetworkLevel;
import io.hyper2kvm.manifest.model.OnFailure;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.manifest.model.Pipeline;
import io.hyper2kvm.manifest.model.SourceType;
import io.hyper2kvm.manifest.model.ValidateSpec;
import io.hyper2kvm.manifest.model.VmSpec;
import io.hyper2kvm.manifest.model.WindowsFix;
import io.hyper2kvm.manifest.rules.ManifestContext;
import io.hyper2kvm.manifest.schedule.Timing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Manifests that are accepted, and what every absent key becomes. */
class AcceptedManifestsTest {

  @Test
  void quickStart() {
    Manifest manifest =
        read(
            "my-vm.json",
            """
            {
              "version": "1.0",
              "pipeline": {
                "load": {
                  "source_type": "vmdk",
                  "source_path": "/data/my-vm.vmdk"
                },
                "fix": {
                  "fstab": {"enabled": true, "mode": "stabilize-all"},
                  "grub": {"enabled": true},
                  "initramfs": {"enabled": true, "regenerate": true}
                },
                "convert": {
                  "output_format": "qcow2",
                  "compress": true
                }
              }
            }
            """);

    assertThat(manifest)
        .isEqualTo(
            new Manifest(
                "my-vm",
                false,
                false,
                OnFailure.CONTINUE,
                Map.of(),
                Timing.NONE,
                List.of(
                    new VmSpec(
                        "my-vm",
                        new Pipeline(
                            new LoadSpec(
                                SourceType.VMDK,
                                Path.of("/data/my-vm.vmdk"),
                                List.of(),
                                Optional.empty()),
                            new InspectSpec(false, false, true),
                            new FixSpec(
                                Optional.of(FstabMode.STABILIZE_ALL),
                                Optional.of(new GrubFix(false)),
                                Optional.of(new InitramfsFix(true)),
                                Optional.empty(),
                                Optional.empty()),
                            new ConvertSpec(
                                OutputFormat.QCOW2,
                                true,
                                CompressionType.ZSTD,
                                Path.of("/out/my-vm-converted.qcow2"),
                                false,
                                DomainTarget.LIBVIRT,
                                DomainSpec.NOTHING),
                            new ValidateSpec(true, false)),
                        Map.of()))));
  }

  /** What stands in fix, and the drivers that are meant; - for those of the configuration. */
  @ParameterizedTest
  @CsvSource({
    "{}, ''",
    "{windows: {}}, -",
    "{windows: {enabled: true}}, -",
    "{windows: {enabled: false}}, ''",
    "'{windows: {enabled: false, virtio_win: /src/v}}', ''",
    "{windows: {virtio_win: /src/drivers/../v.iso}}, /src/v.iso",
    "'{fstab: {}, windows: {virtio_win: /src/v}}', /src/v",
  })
  void theDriversOfAWindowsAreThoseThatAreNamed(String fix, String drivers) {
    Optional<WindowsFix> windows =
        pipeline(
                """
                {"version": "1.0", "pipeline": {"load": {"source_path": "/src/a.vmdk"}, "fix": %s}}
                """
                    .formatted(
                        fix.replaceAll("([a-z_]+):", "\"$1\":")
                            .replaceAll(": (/[^},]+)", ": \"$1\"")))
            .fix()
            .windows();

    assertThat(windows.map(it -> it.virtioWin().map(Path::toString).orElse("-")).orElse(""))
        .isEqualTo(drivers);
  }

  /** What stands in firstboot, and the script that is meant. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"script\": \"first.sh\"} | /src/first.sh",
        "{\"script\": \"a/../b/first.sh\"} | /src/b/first.sh",
        "{\"script\": \"/src/x y.sh\"} | /src/x y.sh",
        "{\"enabled\": true, \"script\": \"/src/a/first.py\"} | /src/a/first.py",
        "{\"enabled\": false, \"script\": \"/src/first.sh\"} | ''",
        "{\"enabled\": false} | ''",
        "{\"x-by\": \"me\", \"script\": \"first.sh\"} | /src/first.sh",
      })
  void theScriptOfTheFirstBootIsTheOneThatIsNamed(String firstboot, String script) {
    FixSpec fix =
        pipeline(
                """
                {"version": "1.0", "pipeline": {"load": {"source_path": "/a"}, "firstboot": %s}}
                """
                    .formatted(firstboot))
            .fix();

    assertThat(fix.firstboot().map(Path::toString).orElse("")).isEqualTo(script);
    assertThat(fix.any()).isEqualTo(!script.isEmpty());
    assertThat(fix.repairs()).isFalse();
  }

  @Test
  void aVmSwitchesTheScriptOfTheDefaultsOff() {
    Manifest manifest =
        read(
            "a.yaml",
            """
            version: "1.0"
            batch: true
            defaults: {pipeline: {firstboot: {script: first.sh}}}
            vms:
              - {name: a, pipeline: {load: {source_path: a}}}
              - {name: b, pipeline: {load: {source_path: b}, firstboot: {enabled: false}}}
            """);

    assertThat(manifest.vms())
        .extracting(vm -> vm.pipeline().fix().firstboot())
        .containsExactly(Optional.of(Path.of("/src/first.sh")), Optional.empty());
  }

  @Test
  void everySectionOfTheSimpleManifest() {
    Pipeline pipeline =
        pipeline(
            """
            {
              "version": "1.0",
              "pipeline": {
                "load": {"source_type": "ami", "source_path": "/path/to/disk"},
                "inspect": {"enabled": true, "detect_os": true},
                "fix": {
                  "fstab": {"enabled": true, "mode": "bypath-only"},
                  "grub": {"enabled": true},
                  "initramfs": {"enabled": true, "regenerate": true},
                  "network": {"enabled": true, "fix_level": "basic"}
                },
                "convert": {
                  "output_format": "vdi",
                  "compress": false,
                  "output_path": "optional-custom-name.vdi"
                },
                "validate": {"enabled": true, "boot_test": false}
              }
            }
            """);

    assertThat(pipeline.load().sourceType()).isEqualTo(SourceType.AMI);
    assertThat(pipeline.inspect()).isEqualTo(new InspectSpec(true, false, true));
    assertThat(pipeline.fix().fstab()).contains(FstabMode.BYPATH_ONLY);
    assertThat(pipeline.fix().network()).contains(NetworkLevel.BASIC);
    assertThat(pipeline.convert().output()).isEqualTo(Path.of("/out/optional-custom-name.vdi"));
  }

  @Test
  void batch() {
    Manifest manifest =
        read(
            "weekend.json",
            """
            {
              "version": "1.0",
              "batch": true,
              "vms": [
                {
                  "name": "vm1",
                  "pipeline": {
                    "load": {"source_type": "vmdk", "source_path": "/data/vm1.vmdk"},
                    "fix": {"fstab": {"enabled": true}},
                    "convert": {"output_format": "qcow2", "compress": true}
                  }
                },
                {
                  "name": "vm2",
                  "pipeline": {
                    "load": {"source_type": "vhd", "source_path": "/data/vm2.vhd"},
                    "convert": {"output_format": "raw"}
                  }
                }
              ]
            }
            """);

    assertThat(manifest.name()).isEqualTo("weekend");
    assertThat(manifest.batch()).isTrue();
    assertThat(manifest.vms()).extracting(VmSpec::name).containsExactly("vm1", "vm2");
    assertThat(manifest.vms().get(1).pipeline().fix()).isEqualTo(FixSpec.NOTHING);
    assertThat(manifest.vms().get(1).pipeline().convert().output())
        .isEqualTo(Path.of("/out/vm2-converted.raw"));
  }

  @Test
  void leastManifestInYamlWithBareVersion() {
    Manifest manifest = read("a.yml", "version: 1.0\npipeline: {load: {source_path: a.vmdk}}\n");

    Pipeline pipeline = manifest.vms().get(0).pipeline();
    assertThat(pipeline.load().sourceType()).isEqualTo(SourceType.AUTO);
    assertThat(pipeline.load().sourcePath()).isEqualTo(Path.of("/src/a.vmdk"));
    assertThat(pipeline.inspect()).isEqualTo(new InspectSpec(false, false, true));
    assertThat(pipeline.fix().any()).isFalse();
    assertThat(pipeline.convert().format()).isEqualTo(OutputFormat.QCOW2);
    assertThat(pipeline.convert().compress()).isFalse();
    assertThat(pipeline.validate()).isEqualTo(new ValidateSpec(true, false));
  }

  @Test
  void partWithoutEnabledIsEnabledAndDisabledPartIsNotAskedFor() {
    FixSpec fix =
        pipeline(
                """
                {"version": "1.0", "pipeline": {"load": {"source_path": "/a"}, "fix": {
                  "fstab": {}, "grub": {"serial_console": true}, "initramfs": {"enabled": false},
                  "network": {}, "guest_tools": {}}}}
                """)
            .fix();

    assertThat(fix)
        .isEqualTo(
            new FixSpec(
                Optional.of(FstabMode.STABILIZE_ALL),
                Optional.of(new GrubFix(true)),
                Optional.empty(),
                Optional.of(NetworkLevel.FULL),
                Optional.of(GuestToolsMode.REMOVE)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"keep\" | KEEP | true",
        "\"remove\" | REMOVE | true",
        "{} | REMOVE | true",
        "{\"enabled\": true} | REMOVE | true",
        "{\"enabled\": false} | LEFT_ALONE | false",
        "{\"x-note\": 1, \"enabled\": false} | LEFT_ALONE | false"
      })
  void guestToolsAreAWordOrAPartLikeTheOthers(String value, GuestToolsMode mode, boolean asked) {
    FixSpec fix =
        pipeline(
                """
                {"version": "1.0", "pipeline": {"load": {"source_path": "/a"},
                  "fix": {"guest_tools": %s}}}
                """
                    .formatted(value))
            .fix();

    assertThat(fix.guestTools()).contains(mode);
    assertThat(fix.any()).isEqualTo(asked);
  }

  @Test
  void modesThatDoNothingAreStillAskedFor() {
    FixSpec fix =
        pipeline(
                """
                {"version": "1.0", "pipeline": {"load": {"source_path": "/a"}, "fix": {
                  "fstab": {"mode": "noop"}, "network": {"fix_level": "none"}}}}
                """)
            .fix();

    assertThat(fix.fstab()).contains(FstabMode.NOOP);
    assertThat(fix.network()).contains(NetworkLevel.NONE);
    assertThat(fix.any()).isTrue();
  }

  @Test
  void sectionsSwitchedOff() {
    Pipeline pipeline =
        pipeline(
            """
            {"version": "1.0", "pipeline": {"load": {"source_path": "/a"},
              "inspect": {"enabled": false},
              "validate": {"enabled": false, "boot_test": true}}}
            """);

    assertThat(pipeline.inspect()).isEqualTo(new InspectSpec(false, true, true));
    assertThat(pipeline.validate()).isEqualTo(new ValidateSpec(false, false));
  }

  @Test
  void everyKeyBeyondTheCommonOnes() {
    Manifest manifest =
        read(
            "a.yaml",
            """
            version: "1.0"
            name: web.01
            dry_run: true
            metadata: {owner: me, labels: [a, b], ticket: 7, ratio: 0.5, open: yes, none: null}
            x-ticket: 4711
            pipeline:
              x-note: anything
              load:
                source_path: /data/../data/a.vmdk
                additional_disks: [-b.vmdk, /data/c d.vmdk]
                network_cards: [{name: eth1, mac: 00-50-56-9A-12-34}, {name: a_b-0}, {mac: "02:00:00:00:00:01"}]
                checksum: sha256:9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08
              convert:
                output_path: web/./01.qcow2
                compress: true
                compression_type: zlib
                overwrite: true
                domain_xml: false
            """);

    Pipeline pipeline = manifest.vms().get(0).pipeline();
    assertThat(manifest.name()).isEqualTo("web.01");
    assertThat(manifest.dryRun()).isTrue();
    assertThat(manifest.metadata())
        .containsEntry("owner", "me")
        .containsEntry("labels", List.of("a", "b"))
        .containsEntry("ticket", 7L)
        .containsEntry("ratio", 0.5)
        .containsEntry("open", "yes")
        .containsEntry("none", null)
        .hasSize(6);
    assertThat(pipeline.load().sourcePath()).isEqualTo(Path.of("/data/a.vmdk"));
    assertThat(pipeline.load().additionalDisks())
        .containsExactly(Path.of("/src/-b.vmdk"), Path.of("/data/c d.vmdk"));
    assertThat(pipeline.load().networkCards())
        .containsExactly(
            new NetworkCardSpec(Optional.of("eth1"), Optional.of("00:50:56:9a:12:34")),
            new NetworkCardSpec(Optional.of("a_b-0"), Optional.empty()),
            new NetworkCardSpec(Optional.empty(), Optional.of("02:00:00:00:00:01")));
    assertThat(pipeline.load().sha256())
        .contains("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
    assertThat(pipeline.convert())
        .isEqualTo(
            new ConvertSpec(
                OutputFormat.QCOW2,
                true,
                CompressionType.ZLIB,
                Path.of("/out/web/01.qcow2"),
                true,
                DomainTarget.NONE,
                DomainSpec.NOTHING));
  }

  @Test
  void theDomainOfABatchIsMergedByNetworkAndLaidOverTheInstallations() throws IOException {
    ManifestContext context =
        new ManifestContext(
            Optional.empty(),
            List.of(),
            Path.of("/out"),
            List.of(),
            new DomainSpec(
                Optional.of(DiskBus.SCSI),
                Optional.of(CardModel.E1000),
                Map.of("installed", network("br9"), "DMZ", network("br8")),
                Optional.of("host-model")));
    String text =
        """
        version: "1.0"
        batch: true
        defaults:
          pipeline:
            load: {source_path: /data/a.vmdk}
            convert:
              domain:
                disk_bus: sata
                networks: {VM Network: {bridge: br0}, DMZ: {bridge: br1, vlan: 7}}
        vms:
          - name: a
          - name: b
            pipeline:
              convert:
                domain: {network_model: vmxnet3, cpu: EPYC-v4, networks: {DMZ: {network: lan}}}
        """;

    Manifest manifest =
        new ManifestReader(context).read("a.yaml", text.getBytes(StandardCharsets.UTF_8));

    DomainSpec a = manifest.vms().get(0).pipeline().convert().domain();
    DomainSpec b = manifest.vms().get(1).pipeline().convert().domain();
    assertThat(a)
        .isEqualTo(
            new DomainSpec(
                Optional.of(DiskBus.SATA),
                Optional.of(CardModel.E1000),
                Map.of(
                    "installed",
                    network("br9"),
                    "VM Network",
                    network("br0"),
                    "DMZ",
                    new DomainNetwork(DomainNetwork.Kind.BRIDGE, "br1", OptionalInt.of(7))),
                Optional.of("host-model")));
    assertThat(b.networkModel()).contains(CardModel.VMXNET3);
    assertThat(b.cpu()).contains("EPYC-v4");
    assertThat(b.networkOf("DMZ").orElseThrow().name()).isEqualTo("lan");
    assertThat(b.networkOf("VM Network")).contains(network("br0"));
    assertThat(b.networkOf("nobody's")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | LIBVIRT",
        "{domain: libvirt} | LIBVIRT",
        "{domain: {disk_bus: sata}} | LIBVIRT",
        "{domain: {target: libvirt}, domain_xml: true} | LIBVIRT",
        "{domain_xml: false} | NONE",
        "{domain: none} | NONE",
        "{domain: {target: none, disk_bus: ide}, domain_xml: false} | NONE",
        "{domain_xml: false, domain: {disk_bus: ide}} | NONE",
        "{domain: kubevirt} | KUBEVIRT",
        "{domain: kubevirt, domain_xml: false} | KUBEVIRT",
        "{domain: {target: kubevirt, storage: pvc}} | KUBEVIRT",
      })
  void theTargetIsAWordOrInTheObject(String convert, DomainTarget target) {
    Manifest manifest =
        read(
            "a.yaml",
            "version: \"1.0\"\npipeline: {load: {source_path: /a}, convert: %s}\n"
                .formatted(convert));

    assertThat(manifest.vms().get(0).pipeline().convert().target()).isEqualTo(target);
  }

  @Test
  void aWordKeepsWhatTheDefaultsAskFor() {
    Manifest manifest =
        read(
            "a.yaml",
            """
            version: "1.0"
            batch: true
            defaults: {pipeline: {load: {source_path: /a}, convert: {domain: {disk_bus: scsi}}}}
            vms:
              - {name: a, pipeline: {convert: {domain: kubevirt}}}
              - {name: b}
            """);

    ConvertSpec convert = manifest.vms().get(0).pipeline().convert();
    assertThat(convert.target()).isEqualTo(DomainTarget.KUBEVIRT);
    assertThat(convert.domain().diskBus()).contains(DiskBus.SCSI);
    assertThat(manifest.vms().get(1).pipeline().convert().target()).isEqualTo(DomainTarget.LIBVIRT);
  }

  @Test
  void anObjectKeepsTheTargetOfTheDefaults() {
    Manifest manifest =
        read(
            "a.yaml",
            """
            version: "1.0"
            batch: true
            defaults: {pipeline: {load: {source_path: /a}, convert: {domain: kubevirt}}}
            vms:
              - {name: a, pipeline: {convert: {domain: {disk_bus: sata}}}}
              - {name: b, pipeline: {convert: {domain: none}}}
            """);

    ConvertSpec convert = manifest.vms().get(0).pipeline().convert();
    assertThat(convert.target()).isEqualTo(DomainTarget.KUBEVIRT);
    assertThat(convert.domain().diskBus()).contains(DiskBus.SATA);
    assertThat(manifest.vms().get(1).pipeline().convert().target()).isEqualTo(DomainTarget.NONE);
  }

  @Test
  void networksAreOfOnePlaceWithEitherName() {
    Manifest manifest =
        read(
            "a.yaml",
            """
            version: "1.0"
            pipeline:
              load: {source_path: /a}
              convert:
                networks:
                  lan: {bridge: br0, vlan: 7, multus: lab/lan}
                domain:
                  networks:
                    DMZ: {network: dmz}
            """);

    DomainSpec domain = manifest.vms().get(0).pipeline().convert().domain();
    assertThat(domain.networkOf("lan"))
        .contains(new DomainNetwork(DomainNetwork.Kind.BRIDGE, "br0", OptionalInt.of(7)));
    assertThat(domain.networkOf("DMZ").orElseThrow().name()).isEqualTo("dmz");
    assertThat(domain.kubevirt().networkOf("lan").orElseThrow().name()).isEqualTo("lab/lan");
    assertThat(domain.kubevirt().networkOf("DMZ")).isEmpty();
    assertThat(manifest.vms().get(0).ownNetworks()).containsExactlyInAnyOrder("lan", "DMZ");
  }

  @Test
  void networksOfTheDefaultsAreNotTheVmsOwn() {
    Manifest manifest =
        read(
            "a.yaml",
            """
            version: "1.0"
            batch: true
            defaults:
              pipeline: {load: {source_path: /a}, convert: {networks: {lan: {bridge: br0}}}}
            vms:
              - {name: a, pipeline: {convert: {networks: {DMZ: {bridge: br1}}}}}
              - {name: b}
            """);

    assertThat(manifest.vms().get(0).ownNetworks()).containsExactly("DMZ");
    assertThat(manifest.vms().get(0).pipeline().convert().domain().networkOf("lan")).isPresent();
    assertThat(manifest.vms().get(1).ownNetworks()).isEmpty();
  }

  private static DomainNetwork network(String bridge) {
    return new DomainNetwork(DomainNetwork.Kind.BRIDGE, bridge, OptionalInt.empty());
  }

  @Test
  void batchWithDefaultsAndStop() {
    Manifest manifest =
        read(
            "batch.yaml",
            """
            version: "1.0"
            batch: true
            name: weekend
            on_failure: stop
            defaults:
              pipeline:
                load: {additional_disks: [/data/shared.vmdk]}
                fix: {fstab: {mode: noop}, grub: {}}
                convert: {compress: true}
            vms:
              - name: a
                metadata: {owner: them}
                pipeline: {load: {source_path: /data/a.vmdk}}
              - name: b
                pipeline:
                  load: {source_path: /data/b.vmdk, additional_disks: []}
                  fix: {fstab: {mode: bypath-only}, grub: {enabled: false}}
                  convert: {compress: false, output_format: raw}
            """);

    VmSpec a = manifest.vms().get(0);
    VmSpec b = manifest.vms().get(1);
    assertThat(manifest.onFailure()).isEqualTo(OnFailure.STOP);
    assertThat(a.metadata()).isEqualTo(Map.of("owner", "them"));
    assertThat(a.pipeline().load().additionalDisks()).containsExactly(Path.of("/data/shared.vmdk"));
    assertThat(a.pipeline().fix().fstab()).contains(FstabMode.NOOP);
    assertThat(a.pipeline().convert().compress()).isTrue();
    assertThat(b.pipeline().load().additionalDisks()).isEmpty();
    assertThat(b.pipeline().fix().fstab()).contains(FstabMode.BYPATH_ONLY);
    assertThat(b.pipeline().fix().grub()).isEmpty();
    assertThat(b.pipeline().convert().compress()).isFalse();
  }

  @Test
  void aliasesAreCopied() {
    Manifest manifest =
        read(
            "a.yaml",
            """
            x-fix: &fix {fstab: {}, grub: {}}
            version: "1.0"
            batch: true
            vms:
              - {name: a, pipeline: {load: {source_path: /data/a.vmdk}, fix: *fix}}
              - {name: b, pipeline: {load: {source_path: /data/b.vmdk}, fix: *fix}}
            """);

    assertThat(manifest.vms()).allMatch(vm -> vm.pipeline().fix().grub().isPresent());
  }

  @Test
  void absoluteOutputBelowAnAllowedRoot() {
    Manifest manifest =
        new ManifestReader(Installations.named("restricted"))
            .read(
                "a.json",
                """
                {"version": "1.0", "$schema": "manifest.schema.json", "pipeline": {
                  "load": {"source_path": "web/../a.vmdk"},
                  "convert": {"output_path": "/srv/images/x/a.qcow2"}}}
                """
                    .getBytes(StandardCharsets.UTF_8));

    assertThat(manifest.vms().get(0).pipeline().load().sourcePath())
        .isEqualTo(Path.of("/src/a.vmdk"));
    assertThat(manifest.vms().get(0).pipeline().convert().output())
        .isEqualTo(Path.of("/srv/images/x/a.qcow2"));
  }

  @Test
  void furtherDisksAreNumberedBeforeTheExtension() {
    ConvertSpec convert =
        pipeline("{\"version\": \"1.0\", \"pipeline\": {\"load\": {\"source_path\": \"/a\"}}}")
            .convert();

    assertThat(convert.output(0)).isEqualTo(Path.of("/out/a-converted.qcow2"));
    assertThat(convert.output(1)).isEqualTo(Path.of("/out/a-converted-disk2.qcow2"));
    assertThat(ConvertSpec.nameOfDisk("web", 2)).isEqualTo("web-disk3");
    assertThat(ConvertSpec.nameOfDisk(".web", 1)).isEqualTo(".web-disk2");
  }

  private static Pipeline pipeline(String json) {
    return read("a.json", json).vms().get(0).pipeline();
  }

  @Test
  void theExampleNamesTheCardsOfAPlainDisk() throws IOException {
    Path example = Path.of("examples/network-cards/network-cards-manifest.yaml");

    Manifest manifest = read("network-cards-manifest.yaml", Files.readString(example));

    assertThat(manifest.vms().get(0).pipeline().load().networkCards())
        .containsExactly(
            new NetworkCardSpec(Optional.of("ens192"), Optional.of("00:50:56:9a:12:34")),
            new NetworkCardSpec(Optional.of("eth1"), Optional.of("00:50:56:9a:12:35")));
  }

  @Test
  void theExampleNamesAVmxAndItsNetworks() throws IOException {
    Path example = Path.of("examples/vmx/vmx-manifest.yaml");

    Pipeline pipeline =
        read("vmx-manifest.yaml", Files.readString(example)).vms().get(0).pipeline();

    assertThat(pipeline.load().sourceType()).isEqualTo(SourceType.VMX);
    assertThat(pipeline.convert().domain().networks()).containsKey("VM Network");
  }

  @Test
  void theExampleRemovesTheGuestTools() throws IOException {
    Path example = Path.of("examples/guest-tools/guest-tools-manifest.yaml");

    Manifest manifest = read("guest-tools-manifest.yaml", Files.readString(example));

    assertThat(manifest.vms().get(0).pipeline().fix().guestTools()).contains(GuestToolsMode.REMOVE);
  }

  private static Manifest read(String fileName, String text) {
    return new ManifestReader(Installations.OPEN)
        .read(fileName, text.getBytes(StandardCharsets.UTF_8));
  }
}
