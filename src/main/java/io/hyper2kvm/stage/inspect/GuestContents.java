package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.boot.BootFile;
import io.hyper2kvm.guest.distribution.NetworkSettings;
import io.hyper2kvm.guest.distribution.ReleaseFiles;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guest.network.system.DhcpLeases;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.inspect.mount.GuestMounts;
import io.hyper2kvm.stage.inspect.mount.RootSearch;
import io.hyper2kvm.stage.inspect.read.GuestFilesOfInterest;
import io.hyper2kvm.stage.inspect.read.GuestTexts;
import io.hyper2kvm.stage.inspect.uki.UnifiedKernelSearch;
import io.hyper2kvm.stage.inspect.uki.UnifiedKernels;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the mounted guest holds: its configuration files, its kernels, and the programs that tell
 * what it is made of.
 */
final class GuestContents {

  private static final String REAL = "real:";
  private static final String RELEASE = "release:";

  private final RootSearch roots;
  private final GuestMounts mounts;
  private final GuestTexts texts;
  private final Set<String> found = new LinkedHashSet<>();
  private final UnifiedKernelSearch unified = new UnifiedKernelSearch();
  private boolean efiLoader;
  private GuestfishAnswers answers = GuestfishAnswers.NONE;

  /**
   * The contents of a guest.
   *
   * @param mounts tell where its EFI system partition is
   * @param texts get the configuration files
   */
  GuestContents(RootSearch roots, GuestMounts mounts, GuestTexts texts) {
    this.roots = roots;
    this.mounts = mounts;
    this.texts = texts;
  }

  GuestfishScript ask() {
    GuestfishScript script = new GuestfishScript();
    if (roots.root().isEmpty()) {
      return script;
    }
    for (String file : files()) {
      if (!file.equals(Fstab.FILE)) {
        script.read(file, file, GuestFilesOfInterest.MAX_TEXT_BYTES);
        BootFile.of(file).ifPresent(kind -> script.ask(REAL + file, "realpath", file));
      }
    }
    ReleaseFiles.OS_RELEASE.forEach(file -> script.read(file, file, 64 << 10));
    ReleaseFiles.files().forEach(file -> script.read(RELEASE + file, file, 64 << 10));
    GuestFilesOfInterest.FOLDERS.forEach(folder -> script.ask(folder, "find", folder));
    GuestFilesOfInterest.NAMING_FOLDERS.forEach(folder -> script.ask(folder, "ls", folder));
    bootFolders().forEach(folder -> script.ask(folder, "find", folder));
    DhcpLeases.FOLDERS.forEach(folder -> script.ask(folder, "find", folder));
    InstalledSoftware.markers()
        .forEach(file -> script.ask("is:" + file, "is-file", file, "followsymlinks:true"));
    return script
        .ask(NetworkSettings.PLUGINS, "find", NetworkSettings.PLUGINS)
        .ask("modules", "ls", "/lib/modules")
        .ask("boot", "ls", "/boot")
        .read("elf", "/bin/sh", 20);
  }

  private Set<String> files() {
    Set<String> files = new LinkedHashSet<>(GuestFilesOfInterest.FILES);
    efi().ifPresent(efi -> GuestFilesOfInterest.EFI_FILES.forEach(it -> files.add(efi + it)));
    return files;
  }

  private Set<String> bootFolders() {
    Set<String> folders = new LinkedHashSet<>(GuestFilesOfInterest.BOOT_FOLDERS);
    efi().ifPresent(efi -> GuestFilesOfInterest.EFI_FOLDERS.forEach(it -> folders.add(efi + it)));
    return folders;
  }

  private Optional<String> efi() {
    return mounts.efiPoint();
  }

  void take(GuestfishAnswers first) {
    answers = first;
    files().forEach(file -> texts.take(file, first));
    GuestFilesOfInterest.FOLDERS.forEach(folder -> found.addAll(below(folder, first)));
    for (String folder : bootFolders()) {
      for (String file : below(folder, first)) {
        efiLoader |= file.toLowerCase(Locale.ROOT).endsWith(".efi");
        unified.see(file);
        if (BootFile.of(file).isPresent() && !isUnified(file)) {
          found.add(file);
        }
      }
    }
    for (String folder : GuestFilesOfInterest.NAMING_FOLDERS) {
      GuestFilesOfInterest.names(first.lines(folder))
          .forEach(name -> found.add(folder + "/" + name));
    }
    if (found.size() > GuestFilesOfInterest.MAX_FILES) {
      throw StageFailedException.because(
          FailureCode.GUEST_UNSUPPORTED,
          "the guest has %d network, udev and boot configuration files; at most %d are read"
              .formatted(found.size(), GuestFilesOfInterest.MAX_FILES));
    }
  }

  /** They are evidence only, so those beyond the bounds are not missed. */
  private Set<String> leases() {
    Set<String> leases = new TreeSet<>();
    DhcpLeases.FOLDERS.forEach(folder -> leases.addAll(below(folder, answers)));
    return leases.stream()
        .filter(DhcpLeases::isLease)
        .limit(GuestFilesOfInterest.MAX_LEASES)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> below(String folder, GuestfishAnswers answers) {
    Set<String> files = new LinkedHashSet<>();
    for (String line : answers.text(folder).split("\n")) {
      if (!line.isEmpty()) {
        files.add(line.startsWith("/") ? folder + line : folder + "/" + line);
      }
    }
    return files;
  }

  /** The files that were found in the folders, and the heads of unified kernel images. */
  GuestfishScript askFound() {
    GuestfishScript script = new GuestfishScript();
    leases().forEach(file -> script.read(file, file, GuestFilesOfInterest.MAX_LEASE_BYTES));
    found.forEach(file -> script.read(file, file, GuestFilesOfInterest.MAX_TEXT_BYTES));
    unified.askHeads(script);
    return script;
  }

  void takeFound(GuestfishAnswers more) {
    leases().forEach(file -> texts.take(file, more));
    for (String file : found) {
      texts.take(file, more);
      if (!more.has(file) && GuestFilesOfInterest.hides(file)) {
        texts.keep(file, "");
      }
    }
    InstalledSoftware.networkReaders(answers).stream()
        .filter(file -> !texts.byPath().containsKey(file))
        .forEach(file -> texts.keep(file, ""));
    unified.takeHeads(more);
    files().forEach(this::dropLink);
  }

  private static boolean isUnified(String file) {
    return BootFile.of(file).equals(Optional.of(BootFile.UNIFIED_KERNEL));
  }

  /** A link to a file that is read by its own name is no second file. */
  private void dropLink(String file) {
    String real = answers.bytesAsText(REAL + file).strip();
    if (!real.isEmpty()
        && !real.equals(file)
        && texts.byPath().keySet().stream()
            .anyMatch(other -> !other.equals(file) && other.equalsIgnoreCase(real))) {
      texts.byPath().remove(file);
    }
  }

  /** What is inside the unified kernel images. */
  GuestfishScript askCommandLines() {
    GuestfishScript script = new GuestfishScript();
    unified.askSections(script);
    return script;
  }

  void takeCommandLines(GuestfishAnswers more) {
    unified.takeSections(more);
    // One that cannot be read is an entry of the loader, too.
    unified.programs().stream().filter(GuestContents::isUnified).forEach(it -> texts.keep(it, ""));
    unified().all().stream()
        .filter(image -> isUnified(image.path()))
        .forEach(image -> texts.keep(image.path(), image.commandLine()));
  }

  /** The unified kernel images, wherever on the partition they lie. */
  UnifiedKernels unified() {
    return unified.found();
  }

  /** Files beside the images that only the old machine's TPM may open. */
  List<String> credentials() {
    return unified.credentials();
  }

  /** Whether programs for EFI are on the EFI system partition. */
  boolean hasEfiLoader() {
    return efiLoader;
  }

  /**
   * The keys of the guest's os-release, of which all or a part may lie on a file system of its own;
   * without one, what an older file tells of them.
   */
  Map<String, String> release() {
    String osRelease =
        ReleaseFiles.OS_RELEASE.stream()
            .map(answers::text)
            .filter(text -> !text.isBlank())
            .findFirst()
            .orElseGet(roots::osRelease);
    return ReleaseFiles.of(
        osRelease, file -> answers.has(RELEASE + file) ? answers.text(RELEASE + file) : null);
  }

  /** The files that were read so far, by path. */
  Map<String, String> texts() {
    return texts.byPath();
  }

  /** The answers about programs, kernels and modules. */
  GuestfishAnswers answers() {
    return answers;
  }
}
