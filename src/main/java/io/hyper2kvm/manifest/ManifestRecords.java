package io.hyper2kvm.manifest;

import io.hyper2kvm.manifest.model.CompressionType;
import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.manifest.model.DomainSpec;
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
import io.hyper2kvm.manifest.model.Pipeline;
import io.hyper2kvm.manifest.model.SourceType;
import io.hyper2kvm.manifest.model.ValidateSpec;
import io.hyper2kvm.manifest.model.VmSpec;
import io.hyper2kvm.manifest.model.WindowsFix;
import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.NodeJson;
import io.hyper2kvm.manifest.rules.Draft;
import io.hyper2kvm.manifest.rules.ScheduleRule;
import io.hyper2kvm.manifest.rules.Words;
import io.hyper2kvm.manifest.schedule.Timing;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Makes the records of a draft without problems and fills in every default. */
final class ManifestRecords {

  private ManifestRecords() {}

  static Manifest of(Draft draft, DomainSpec domainDefaults) {
    Node root = draft.root();
    return new Manifest(
        root.textOf("name").orElse(Draft.stem(draft.fileName())),
        draft.batch(),
        root.boolOf("dry_run").orElse(false),
        word(Optional.of(root), "on_failure", OnFailure.values(), OnFailure::text)
            .orElse(OnFailure.CONTINUE),
        metadata(root),
        timing(root),
        draft.vms().stream().map(vm -> vm(vm, draft.batch(), domainDefaults)).toList());
  }

  /** The timing of a manifest; what is malformed in it counts as absent. */
  static Timing timing(Node root) {
    return new Timing(
        ScheduleRule.of(root),
        root.field("priority")
            .map(Node::scalar)
            .filter(Number.class::isInstance)
            .map(number -> ((Number) number).doubleValue())
            .filter(number -> number >= Timing.LOWEST && number <= Timing.HIGHEST)
            .map(Double::intValue)
            .orElse(0));
  }

  private static VmSpec vm(Draft.Vm vm, boolean batch, DomainSpec domainDefaults) {
    Pipeline pipeline =
        new Pipeline(
            load(vm),
            inspect(vm.section("inspect")),
            vm.section("fix")
                .map(node -> fix(node, vm))
                .orElse(FixSpec.NOTHING)
                .withFirstboot(firstboot(vm)),
            convert(vm, domainDefaults),
            validate(vm.section("validate")));
    return new VmSpec(
        vm.name().orElseThrow(),
        pipeline,
        batch ? metadata(vm.node()) : Map.of(),
        vm.section("convert")
            .map(node -> DomainRecords.networksBelow(vm.node(), node))
            .orElse(Set.of()));
  }

  private static LoadSpec load(Draft.Vm vm) {
    Optional<Node> load = vm.section("load");
    List<Path> disks = vm.disks().stream().map(Draft.Place::path).toList();
    return new LoadSpec(
        word(load, "source_type", SourceType.values(), SourceType::text).orElse(SourceType.AUTO),
        disks.get(0),
        disks.subList(1, disks.size()),
        load.flatMap(l -> l.field("network_cards")).map(Node::items).orElse(List.of()).stream()
            .map(ManifestRecords::networkCard)
            .toList(),
        load.flatMap(l -> l.textOf("checksum"))
            .map(sum -> sum.substring("sha256:".length()).toLowerCase(Locale.ROOT)));
  }

  private static NetworkCardSpec networkCard(Node card) {
    return new NetworkCardSpec(
        card.textOf("name"), card.textOf("mac").map(NetworkCardSpec::normalMac));
  }

  private static InspectSpec inspect(Optional<Node> section) {
    boolean enabled = isEnabled(section);
    return new InspectSpec(
        enabled, section.isPresent() && !enabled, bool(section, "detect_os", true));
  }

  private static FixSpec fix(Node fix, Draft.Vm vm) {
    return new FixSpec(
        part(fix, "fstab")
            .map(
                part ->
                    word(Optional.of(part), "mode", FstabMode.values(), FstabMode::text)
                        .orElse(FstabMode.STABILIZE_ALL)),
        part(fix, "grub").map(part -> new GrubFix(part.boolOf("serial_console").orElse(false))),
        part(fix, "initramfs")
            .map(part -> new InitramfsFix(part.boolOf("regenerate").orElse(true))),
        part(fix, "network")
            .map(
                part ->
                    word(Optional.of(part), "fix_level", NetworkLevel.values(), NetworkLevel::text)
                        .orElse(NetworkLevel.FULL)),
        fix.field("guest_tools").map(ManifestRecords::guestTools),
        part(fix, "windows").map(part -> new WindowsFix(vm.virtioWin().map(Draft.Place::path))),
        Optional.empty());
  }

  private static Optional<Path> firstboot(Draft.Vm vm) {
    return vm.script().map(Draft.Place::path).filter(path -> isEnabled(vm.section("firstboot")));
  }

  private static GuestToolsMode guestTools(Node part) {
    if (part.is(Node.Kind.OBJECT)) {
      return isEnabled(Optional.of(part)) ? GuestToolsMode.REMOVE : GuestToolsMode.LEFT_ALONE;
    }
    return Words.find(GuestToolsMode.values(), GuestToolsMode::text, part.asText().orElse(""))
        .orElseThrow();
  }

  private static ConvertSpec convert(Draft.Vm vm, DomainSpec domainDefaults) {
    Optional<Node> convert = vm.section("convert");
    return new ConvertSpec(
        vm.format().orElseThrow(),
        bool(convert, "compress", false),
        word(convert, "compression_type", CompressionType.values(), CompressionType::text)
            .orElse(CompressionType.ZSTD),
        vm.output().orElseThrow().path(),
        bool(convert, "overwrite", false),
        vm.target(),
        convert.map(DomainRecords::of).orElse(DomainSpec.NOTHING).over(domainDefaults));
  }

  private static ValidateSpec validate(Optional<Node> section) {
    boolean enabled = bool(section, "enabled", true);
    return new ValidateSpec(enabled, enabled && bool(section, "boot_test", false));
  }

  /** A part of fix that is there and not switched off. */
  private static Optional<Node> part(Node fix, String name) {
    return fix.field(name).filter(part -> isEnabled(Optional.of(part)));
  }

  private static boolean isEnabled(Optional<Node> section) {
    return section.isPresent() && bool(section, "enabled", true);
  }

  private static boolean bool(Optional<Node> section, String key, boolean otherwise) {
    return section.flatMap(node -> node.boolOf(key)).orElse(otherwise);
  }

  private static <T> Optional<T> word(
      Optional<Node> section, String key, T[] constants, Function<T, String> wordOf) {
    return section
        .flatMap(node -> node.textOf(key))
        .map(word -> Words.find(constants, wordOf, word).orElseThrow());
  }

  private static Map<String, Object> metadata(Node object) {
    return object.field("metadata").map(NodeJson::plainObject).orElse(Map.of());
  }
}
