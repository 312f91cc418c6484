package io.hyper2kvm.guest.boot.uefi;

import java.util.Optional;

/** Why the program that firmware finds on a partition does not start the guest. */
final class LoaderDefect {

  private static final String WINDOWS = "/EFI/Microsoft/Boot/bootmgfw.efi";

  private final EfiPartition partition;
  private final UefiGuest guest;
  private final EfiProcessor processor;

  LoaderDefect(EfiPartition partition, UefiGuest guest, EfiProcessor processor) {
    this.partition = partition;
    this.guest = guest;
    this.processor = processor;
  }

  /** The defect of a program at the removable-media path; empty when it has none. */
  Optional<String> of(EfiProgram loader) {
    if (!loader.startsOn(processor)) {
      return Optional.of(loader.obstacle(processor));
    }
    if (guest.secureBoot() && loader.header().filter(pe -> !pe.signed()).isPresent()) {
      return Optional.of("is not signed, and the machine has Secure Boot");
    }
    if (guest.linux() && isSame(loader, WINDOWS)) {
      return Optional.of("is the boot manager of Windows, and the guest is a Linux");
    }
    if (isSystemdBoot(loader)
        && !partition.hasLoaderEntries()
        && guest.bootLoader().startsWith("grub")) {
      return Optional.of("is systemd-boot without entries, and the guest is configured for GRUB");
    }
    return shim(loader).flatMap(names -> ofShim(loader, names));
  }

  private boolean isSame(EfiProgram loader, String path) {
    return partition.program(path).filter(loader::isSameAs).isPresent();
  }

  private boolean isSystemdBoot(EfiProgram loader) {
    // The stub of a unified kernel image has the first section, too.
    return (loader.hasSection(".sdmagic") && !loader.hasSection(".linux"))
        || isSame(loader, "/EFI/systemd/systemd-boot" + processor.suffix() + ".efi");
  }

  /** The names in a shim, or those of the shim that it is a copy of. */
  private Optional<ShimNames> shim(EfiProgram loader) {
    return loader
        .shim()
        .or(
            () ->
                partition.programs().stream()
                    .filter(other -> other != loader && other.isSameAs(loader))
                    .flatMap(other -> ShimNames.of(other.name(), processor).stream())
                    .findFirst());
  }

  /** From {@code /EFI/BOOT}, a shim prefers the fallback program to a boot loader beside it. */
  private Optional<String> ofShim(EfiProgram loader, ShimNames names) {
    String folder = loader.folder();
    if (partition.program(folder + "/" + names.fallback()).isPresent()) {
      return fallbackStarts()
          ? Optional.empty()
          : Optional.of(
              "is a shim that starts %s, which finds no list of what to start (%s)"
                  .formatted(names.fallback(), FallbackList.names(processor).get(0)));
    }
    Optional<EfiProgram> second = partition.program(folder + "/" + names.secondStage());
    return second.filter(program -> program.startsOn(processor)).isPresent()
        ? Optional.empty()
        : Optional.of("is a shim without its " + names.secondStage());
  }

  /** Whether any folder has a list whose first program is there, with all that it needs. */
  boolean fallbackStarts() {
    return FallbackList.names(processor).stream()
        .anyMatch(
            name ->
                partition.texts().entrySet().stream()
                    .filter(text -> text.getKey().matches("(?i)/EFI/[^/]+/\\Q" + name + "\\E"))
                    .anyMatch(text -> starts(text.getKey(), text.getValue())));
  }

  private boolean starts(String list, String text) {
    String folder = list.substring(0, list.lastIndexOf('/'));
    if (folder.equalsIgnoreCase(EfiPartition.REMOVABLE_FOLDER)) {
      return false;
    }
    Optional<EfiProgram> program =
        FallbackList.firstProgram(text)
            .flatMap(name -> partition.program(folder + "/" + name))
            .filter(found -> found.startsOn(processor));
    Optional<ShimNames> names =
        program.flatMap(found -> found.shim().or(() -> ShimNames.of(found.name(), processor)));
    return program.isPresent()
        && names
            .map(shim -> partition.program(folder + "/" + shim.secondStage()).isPresent())
            .orElse(true);
  }
}
