package io.hyper2kvm.guest.boot.uefi;

import java.util.Objects;
import java.util.Optional;

/**
 * A boot loader that an old machine's boot entry may have named.
 *
 * @param partition where it lies
 * @param processor of the firmware that starts it
 * @param kind which one it is
 * @param program what the entry named
 * @param shim what it looks for beside it, if it is a shim; its second stage is there
 */
record LoaderCandidate(
    EfiPartition partition,
    EfiProcessor processor,
    Kind kind,
    EfiProgram program,
    Optional<ShimNames> shim) {

  /** The boot loaders that are known here. */
  enum Kind {
    GRUB("GRUB"),
    SYSTEMD_BOOT("systemd-boot"),
    REFIND("rEFInd"),
    UNIFIED_KERNEL("unified kernel image");

    private final String shown;

    Kind(String shown) {
      this.shown = shown;
    }

    String shown() {
      return shown;
    }
  }

  LoaderCandidate {
    Objects.requireNonNull(partition, "partition");
    Objects.requireNonNull(processor, "processor");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(program, "program");
    Objects.requireNonNull(shim, "shim");
  }

  /** The name of its folder: {@code debian}. */
  String folderName() {
    String folder = program.folder();
    return folder.substring(folder.lastIndexOf('/') + 1);
  }

  /** Stands for its content, and that of what it starts and reads beside it. */
  String content() {
    String second =
        shim.flatMap(names -> partition.program(program.folder() + "/" + names.secondStage()))
            .map(EfiProgram::content)
            .orElse("");
    return program.content() + " " + second + " " + configuration().orElse("");
  }

  /** The configuration beside it. */
  Optional<String> configuration() {
    return partition.text(program.folder() + "/grub.cfg").map(text -> text.getValue());
  }

  /** Whether its configuration searches a file system that the guest has not. */
  boolean isForAnother(UefiGuest guest) {
    return configuration()
        .flatMap(GrubStub::fileSystem)
        .filter(uuid -> !guest.hasFileSystem(uuid))
        .isPresent();
  }
}
