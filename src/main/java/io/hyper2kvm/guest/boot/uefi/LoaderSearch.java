package io.hyper2kvm.guest.boot.uefi;

import io.hyper2kvm.guest.boot.uefi.LoaderCandidate.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The boot loaders on one partition, told by their names, and by what is in them where it can be
 * read.
 */
final class LoaderSearch {

  private final EfiPartition partition;
  private final EfiProcessor processor;
  private final List<String> defects = new ArrayList<>();

  LoaderSearch(EfiPartition partition, EfiProcessor processor) {
    this.partition = partition;
    this.processor = processor;
  }

  /** Every boot loader; at most one GRUB of a folder. */
  List<LoaderCandidate> candidates() {
    Map<String, LoaderCandidate> grubs = new TreeMap<>();
    List<LoaderCandidate> others = new ArrayList<>();
    partition.programs().stream()
        .filter(program -> program.path().split("/").length == 4)
        .filter(program -> program.startsOn(processor))
        .sorted(Comparator.comparing(this::order))
        .forEach(
            program -> {
              Optional<LoaderCandidate> grub = grub(program);
              grub.ifPresent(g -> grubs.putIfAbsent(program.folder().toLowerCase(Locale.ROOT), g));
              other(program).map(kind -> candidate(kind, program)).ifPresent(others::add);
            });
    List<LoaderCandidate> all = new ArrayList<>(grubs.values());
    all.addAll(others);
    return all;
  }

  /** Why boot loaders that were found are none that can be started. */
  List<String> defects() {
    return defects;
  }

  /** A shim goes before what it starts, and the usual name before others. */
  private String order(EfiProgram program) {
    String name = program.name().toLowerCase(Locale.ROOT);
    boolean usual = name.equals("shim" + processor.suffix() + ".efi");
    boolean removable = name.equalsIgnoreCase(processor.removableName());
    return (usual ? "0" : name.startsWith("shim") ? "1" : removable ? "3" : "2") + name;
  }

  private Optional<LoaderCandidate> grub(EfiProgram program) {
    Optional<ShimNames> shim = program.shim().or(() -> ShimNames.of(program.name(), processor));
    if (shim.isPresent()) {
      Optional<ShimNames> complete = withSecondStage(program, shim.get());
      if (complete.isEmpty()) {
        defects.add(
            "%s is a shim without its %s".formatted(program.path(), shim.get().secondStage()));
      }
      return complete.map(
          names -> new LoaderCandidate(partition, processor, Kind.GRUB, program, complete));
    }
    String name = program.name().toLowerCase(Locale.ROOT);
    boolean isGrub = name.equals("grub" + processor.suffix() + ".efi") || name.equals("grub.efi");
    return isGrub ? Optional.of(candidate(Kind.GRUB, program)) : Optional.empty();
  }

  /** A shim with the program that it starts; where its own text is unknown, any GRUB is taken. */
  private Optional<ShimNames> withSecondStage(EfiProgram program, ShimNames names) {
    List<String> stages =
        program.shim().isPresent()
            ? List.of(names.secondStage())
            : List.of(names.secondStage(), "grub" + processor.suffix() + ".efi");
    return stages.stream()
        .filter(stage -> startsBeside(program, stage))
        .findFirst()
        .map(stage -> new ShimNames(stage, names.fallback(), names.keys()));
  }

  private boolean startsBeside(EfiProgram program, String name) {
    return partition
        .program(program.folder() + "/" + name)
        .filter(found -> found.startsOn(processor))
        .isPresent();
  }

  private Optional<Kind> other(EfiProgram program) {
    String name = program.name().toLowerCase(Locale.ROOT);
    if (name.equals("systemd-boot" + processor.suffix() + ".efi")) {
      return Optional.of(Kind.SYSTEMD_BOOT);
    }
    if (name.equals("refind_" + processor.suffix() + ".efi")) {
      return Optional.of(Kind.REFIND);
    }
    boolean removable = program.folder().equalsIgnoreCase(EfiPartition.REMOVABLE_FOLDER);
    boolean image =
        program.header().isPresent()
            ? program.hasSection(".linux") && program.hasSection(".initrd")
            : program.folder().equalsIgnoreCase("/EFI/Linux");
    return image && !removable ? Optional.of(Kind.UNIFIED_KERNEL) : Optional.empty();
  }

  private LoaderCandidate candidate(Kind kind, EfiProgram program) {
    return new LoaderCandidate(partition, processor, kind, program, Optional.empty());
  }
}
