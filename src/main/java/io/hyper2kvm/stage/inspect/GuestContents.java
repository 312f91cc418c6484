package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What the mounted guest holds: its configuration files, its kernels, and the programs that tell
 * what it is made of.
 */
final class GuestContents {

  private final RootSearch roots;
  private final GuestTexts texts;
  private final Set<String> found = new LinkedHashSet<>();
  private GuestfishAnswers answers = GuestfishAnswers.NONE;

  /**
   * The contents of a guest.
   *
   * @param texts get the configuration files
   */
  GuestContents(RootSearch roots, GuestTexts texts) {
    this.roots = roots;
    this.texts = texts;
  }

  GuestfishScript ask() {
    GuestfishScript script = new GuestfishScript();
    if (roots.root().isEmpty()) {
      return script;
    }
    for (String file : GuestFilesOfInterest.FILES) {
      if (!file.equals(Fstab.FILE)) {
        script.read(file, file, GuestFilesOfInterest.MAX_TEXT_BYTES);
      }
    }
    GuestFilesOfInterest.FOLDERS.forEach(folder -> script.ask(folder, "find", folder));
    GuestFilesOfInterest.NAMING_FOLDERS.forEach(folder -> script.ask(folder, "ls", folder));
    GuestFilesOfInterest.MARKERS.forEach(
        file -> script.ask("is:" + file, "is-file", file, "followsymlinks:true"));
    return script
        .ask("modules", "ls", "/lib/modules")
        .ask("boot", "ls", "/boot")
        .read("elf", "/bin/sh", 20);
  }

  void take(GuestfishAnswers first) {
    answers = first;
    GuestFilesOfInterest.FILES.forEach(file -> texts.take(file, first));
    for (String folder : GuestFilesOfInterest.FOLDERS) {
      for (String line : first.text(folder).split("\n")) {
        if (!line.isEmpty()) {
          found.add(line.startsWith("/") ? folder + line : folder + "/" + line);
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

  /** The files that were found in the folders. */
  GuestfishScript askFound() {
    GuestfishScript script = new GuestfishScript();
    found.forEach(file -> script.read(file, file, GuestFilesOfInterest.MAX_TEXT_BYTES));
    return script;
  }

  void takeFound(GuestfishAnswers more) {
    for (String file : found) {
      texts.take(file, more);
      if (!more.has(file) && GuestFilesOfInterest.hides(file)) {
        texts.keep(file, "");
      }
    }
  }

  /** The answers about programs, kernels and modules. */
  GuestfishAnswers answers() {
    return answers;
  }
}
