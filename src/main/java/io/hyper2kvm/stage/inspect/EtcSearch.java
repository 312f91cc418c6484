package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.boot.BootFix;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.fstab.DiskMention;
import io.hyper2kvm.guest.fstab.FstabFix;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.mount.RootSearch;
import io.hyper2kvm.stage.inspect.read.GuestTexts;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The search through a guest's {@code /etc} for what names its disks as the old hypervisor did. It
 * reads the beginning of each file; 400 files take about a second under emulation.
 */
final class EtcSearch {

  private static final String FOLDER = "/etc";

  /** Where an administrator's units may lie as well; nothing else is searched there. */
  private static final String MORE_UNITS = "/usr/local/lib/systemd/system";

  /** More than any unit has, in bytes. */
  private static final int MAX_UNIT_BYTES = 64 << 10;

  /** What is read of a file, in bytes. */
  private static final int MAX_BYTES = 32 << 10;

  private static final int MAX_FILES = 4000;
  private static final int MAX_UNITS = 300;
  private static final int FILES_AT_ONCE = 250;
  private static final int MAX_WARNINGS = 40;

  private final VmJob job;
  private final RootSearch roots;
  private final GuestTexts texts;
  private final List<String> units = new ArrayList<>();
  private final List<String> searched = new ArrayList<>();
  private final List<DiskMention> mentions = new ArrayList<>();

  /**
   * A search in a guest that is to be fixed; in another one nothing is searched.
   *
   * @param texts get the files that the fix of fstab decides about
   */
  EtcSearch(VmJob job, RootSearch roots, GuestTexts texts) {
    this.job = job;
    this.roots = roots;
    this.texts = texts;
  }

  GuestfishScript ask() {
    boolean wanted = job.spec().pipeline().fix().any() && roots.root().isPresent();
    return wanted
        ? new GuestfishScript().ask(FOLDER, "find", FOLDER).ask(MORE_UNITS, "find", MORE_UNITS)
        : new GuestfishScript();
  }

  /** Takes the names of the files, and adds the turns that read them. */
  void take(GuestfishAnswers answers, GuestfishSession session) {
    int more = 0;
    for (String line : answers.text(FOLDER).split("\n")) {
      String path = path(FOLDER, line);
      if (!isFile(line, path)) {
        continue;
      }
      List<String> list = FstabFix.reads(path) ? units : searched;
      if (list == units || DiskMention.isSearched(path)) {
        boolean fits = list.size() < (list == units ? MAX_UNITS : MAX_FILES);
        more += fits ? 0 : 1;
        if (fits) {
          list.add(path);
        }
      }
    }
    for (String line : answers.text(MORE_UNITS).split("\n")) {
      String path = path(MORE_UNITS, line);
      if (isFile(line, path) && FstabFix.reads(path) && units.size() < MAX_UNITS) {
        units.add(path);
      }
    }
    searched.removeIf(path -> FstabFix.isLinkTo(path, units));
    if (more > 0) {
      job.warn("%d further files below /etc were not searched for names of disks".formatted(more));
    }
    session.then(() -> script(units, MAX_UNIT_BYTES), this::takeUnits);
    for (int from = 0; from < searched.size(); from += FILES_AT_ONCE) {
      List<String> some = searched.subList(from, Math.min(searched.size(), from + FILES_AT_ONCE));
      session.then(() -> script(some, MAX_BYTES), found -> search(some, found));
    }
  }

  private static String path(String folder, String line) {
    return folder + (line.startsWith("/") ? line : "/" + line);
  }

  private static boolean isFile(String line, String path) {
    return !line.isEmpty() && path.indexOf('\ufffd') < 0;
  }

  private static GuestfishScript script(List<String> files, int bytes) {
    GuestfishScript script = new GuestfishScript();
    files.forEach(file -> script.read(file, file, bytes));
    return script;
  }

  private void takeUnits(GuestfishAnswers answers) {
    for (String file : units) {
      // One that was cut off must never be written back.
      if (answers.bytes(file).length < MAX_UNIT_BYTES) {
        texts.take(file, answers);
      } else {
        job.warn(Printable.guestLine(file) + " is too long for a unit; it was not looked at");
      }
    }
  }

  private void search(List<String> files, GuestfishAnswers answers) {
    for (String file : files) {
      mentions.addAll(DiskMention.in(file, answers.bytesAsText(file)));
    }
  }

  /** Tells of the lines that were found, without those that the fix of the boot loader corrects. */
  void warn(GuestFacts guest) {
    Set<String> corrected =
        job.spec().pipeline().fix().grub().isEmpty() ? Set.of() : bootLines(guest);
    mentions.removeIf(mention -> corrected.contains(key(mention.file(), mention.line())));
    mentions.stream()
        .limit(MAX_WARNINGS)
        .forEach(mention -> job.warn(Printable.guestBytes(mention.warning())));
    if (mentions.size() > MAX_WARNINGS) {
      job.warn(
          "%d further lines below /etc name disks as the old hypervisor did"
              .formatted(mentions.size() - MAX_WARNINGS));
    }
  }

  private static Set<String> bootLines(GuestFacts guest) {
    Set<String> lines = new HashSet<>();
    for (FileEdit edit : BootFix.plan(guest.texts(), guest.disks(), false).files()) {
      edit.changes().forEach(change -> lines.add(key(change.file(), change.line())));
    }
    return lines;
  }

  private static String key(String file, int line) {
    return file + ":" + line;
  }
}
