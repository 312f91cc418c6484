package io.hyper2kvm.guest.boot.uefi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The files that a boot loader needs at the removable-media path, as far as they are not there. */
final class LoaderFiles {

  private static final String CONFIGURATION = "grub.cfg";

  private final LoaderCandidate loader;
  private final UefiGuest guest;
  private final EfiPartition partition;
  private final String target;
  private final String why;

  LoaderFiles(LoaderCandidate loader, UefiGuest guest) {
    this.loader = loader;
    this.guest = guest;
    this.partition = loader.partition();
    this.target = partition.removableFolder();
    this.why =
        "only the old machine's NVRAM named %s; firmware without such an entry starts %s/%s"
            .formatted(loader.program().path(), target, loader.processor().removableName());
  }

  EfiPartition partition() {
    return partition;
  }

  /** Without these it does not start. */
  List<LoaderFile> needed() {
    List<LoaderFile> files = new ArrayList<>();
    copy(
        loader.program(),
        loader.processor().removableName(),
        "%s of the guest: %s".formatted(loader.kind().shown(), why),
        files);
    loader.shim().ifPresent(names -> addShims(names, files));
    switch (loader.kind()) {
      case GRUB -> addConfiguration(files);
      case REFIND -> addRefinds(files);
      case SYSTEMD_BOOT, UNIFIED_KERNEL -> {
        // What they read lies where they look for it on this partition, wherever they are.
      }
    }
    return files;
  }

  /** Those, and what is good to have. */
  List<LoaderFile> all() {
    List<LoaderFile> files = needed();
    loader
        .shim()
        .flatMap(names -> partition.program(beside(names.keys())))
        .ifPresent(keys -> copy(keys, keys.name(), "shim starts it to enrol keys", files));
    return files;
  }

  private String beside(String name) {
    return loader.program().folder() + "/" + name;
  }

  private void addShims(ShimNames names, List<LoaderFile> files) {
    EfiProgram second = partition.program(beside(names.secondStage())).orElseThrow();
    copy(second, second.name(), "shim starts the program of this name in its own folder", files);
    boolean fallback = partition.program(target + "/" + names.fallback()).isPresent();
    LoaderDefect defect = new LoaderDefect(partition, guest, loader.processor());
    if (fallback && !defect.fallbackStarts()) {
      String list = beside(FallbackList.names(loader.processor()).get(0));
      text(
          list,
          FallbackList.of(loader.program().name(), loader.folderName()),
          "shim starts %s in %s, which starts what such a list names"
              .formatted(names.fallback(), target),
          files);
    }
  }

  /** GRUB may look in the folder that it is in, or in one that is written in it. */
  private void addConfiguration(List<LoaderFile> files) {
    Optional<Map.Entry<String, String>> own = partition.text(beside(CONFIGURATION));
    if (own.isEmpty()) {
      return;
    }
    String path = target + "/" + CONFIGURATION;
    if (GrubStub.isStub(own.get().getValue())) {
      copy(own.get(), path, "for a GRUB that reads the configuration of its own folder", files);
    } else {
      text(
          path,
          GrubStub.pointer(loader.program().folder()),
          "%s stays the configuration; this one leads there".formatted(own.get().getKey()),
          files);
    }
  }

  private void addRefinds(List<LoaderFile> files) {
    String drivers =
        beside("drivers_" + loader.processor().suffix() + "/").toLowerCase(Locale.ROOT);
    for (EfiProgram program : partition.programs()) {
      if (program.path().toLowerCase(Locale.ROOT).startsWith(drivers)) {
        copy(
            program,
            program.path().substring(loader.program().folder().length() + 1),
            "rEFInd loads the drivers beside it",
            files);
      }
    }
    partition
        .text(beside("refind.conf"))
        .ifPresent(
            own -> copy(own, target + "/refind.conf", "rEFInd reads the one beside it", files));
  }

  private void copy(EfiProgram program, String name, String reason, List<LoaderFile> files) {
    String path = target + "/" + name;
    Optional<EfiProgram> there = partition.program(path);
    if (there.filter(program::isSameAs).isEmpty()) {
      files.add(
          LoaderFile.copy(
              partition,
              partition.spelled(path),
              program.path(),
              program.size(),
              there.map(EfiProgram::size),
              reason));
    }
  }

  private void copy(
      Map.Entry<String, String> own, String path, String reason, List<LoaderFile> files) {
    Optional<String> there = partition.text(path).map(Map.Entry::getValue);
    if (there.filter(own.getValue()::equals).isEmpty()) {
      files.add(
          LoaderFile.copy(
              partition,
              partition.spelled(path),
              own.getKey(),
              own.getValue().length(),
              there.map(old -> (long) old.length()),
              reason));
    }
  }

  private void text(String path, String text, String reason, List<LoaderFile> files) {
    Optional<String> there = partition.text(path).map(Map.Entry::getValue);
    if (there.filter(text::equals).isEmpty()) {
      files.add(
          LoaderFile.text(
              partition,
              partition.spelled(path),
              text,
              there.map(old -> (long) old.length()),
              reason));
    }
  }
}
