package io.hyper2kvm.stage.fix;

import io.hyper2kvm.guest.boot.GrubConfig;
import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.inspect.GuestFilesOfInterest;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The checks inside the fixed guest: what its fstab and its boot entries name is there. They read
 * the guest's files again, from the disk that will be copied.
 */
final class GuestChecks {

  private static final int MAX_FILES = 100;

  private final GuestFacts guest;
  private final GuestEdits edits;
  private final FixSpec spec;
  private final List<Check> checks = new ArrayList<>();

  GuestChecks(FixSpec spec, GuestFacts guest, GuestEdits edits) {
    this.guest = guest;
    this.edits = edits;
    this.spec = spec;
  }

  /**
   * Adds the questions.
   *
   * @param found gets the checks when all are made
   */
  void ask(GuestfishSession dialogue, Consumer<List<Check>> found) {
    dialogue.then(
        () -> {
          GuestfishScript script =
              new GuestfishScript()
                  .read(Fstab.FILE, Fstab.FILE, GuestFilesOfInterest.MAX_TEXT_BYTES);
          grubConfig().ifPresent(c -> script.read(c, c, 2 * GuestFilesOfInterest.MAX_TEXT_BYTES));
          bootFiles().forEach(f -> script.ask("is:" + f, "is-file", f, "followsymlinks:true"));
          return script;
        },
        answers -> {
          fstab(answers.bytesAsText(Fstab.FILE));
          grubConfig().ifPresent(config -> grub(config, answers));
          found.accept(checks);
        });
  }

  private void fstab(String text) {
    List<String> broken = new ArrayList<>();
    boolean rootBroken = false;
    for (Fstab.Row row : Fstab.rows(text)) {
      Optional<GuestPartition> found = guest.disks().resolve(row.device());
      boolean unstable = DeviceNames.isUnstable(row.device());
      boolean tagged = row.device().matches("(UUID|LABEL|PARTUUID)=.*");
      if (unstable || (tagged && found.isEmpty())) {
        broken.add(Printable.guestBytes(row.device() + " on " + row.mountPoint()));
        rootBroken |= row.mountPoint().equals("/");
      }
    }
    boolean asked = spec.fstab().map(mode -> mode == FstabMode.STABILIZE_ALL).orElse(false);
    if (broken.isEmpty()) {
      checks.add(Check.passed("guest_fstab", "every row of /etc/fstab resolves"));
    } else if (rootBroken && asked) {
      checks.add(Check.failed("guest_fstab", "does not resolve on KVM: " + broken));
    } else {
      checks.add(Check.warning("guest_fstab", "does not resolve on KVM: " + broken));
    }
  }

  private Optional<String> grubConfig() {
    return GuestFilesOfInterest.GRUB_CONFIGS.stream()
        .filter(guest.texts()::containsKey)
        .findFirst();
  }

  /** The kernels and initramfs images that the boot entries name, as paths in the guest. */
  private Set<String> bootFiles() {
    Set<String> files = new LinkedHashSet<>();
    String config = grubConfig().flatMap(edits::text).orElse("");
    for (GrubConfig.Entry entry : GrubConfig.entries(config)) {
      add(files, entry.linuxPath());
      entry.initrdPaths().forEach(path -> add(files, path));
    }
    return files;
  }

  private void add(Set<String> files, String path) {
    // Paths with variables or devices are GRUB's to resolve.
    if (path.startsWith("/") && !path.contains("$") && files.size() < MAX_FILES) {
      files.add(guest.mounts().containsKey("/boot") ? "/boot" + path : path);
    }
  }

  private void grub(String config, GuestfishAnswers answers) {
    List<String> problems = new ArrayList<>();
    GrubConfig.unresolvedRoots(answers.bytesAsText(config), guest.disks())
        .forEach(
            problem ->
                problems.add(
                    Printable.guestBytes(
                        "line %d: %s".formatted(problem.line(), problem.reason()))));
    for (String file : bootFiles()) {
      if (!answers.isTrue("is:" + file)) {
        problems.add("is not there: " + Printable.guestBytes(file));
      }
    }
    if (problems.isEmpty()) {
      checks.add(Check.passed("guest_boot_entries", "every boot entry resolves"));
    } else if (spec.grub().isPresent()) {
      checks.add(Check.failed("guest_boot_entries", config + ": " + problems));
    } else {
      checks.add(Check.warning("guest_boot_entries", config + ": " + problems));
    }
  }
}
