package io.hyper2kvm.stage.fix;

import io.hyper2kvm.guest.boot.BlsEntry;
import io.hyper2kvm.guest.boot.BootEntries;
import io.hyper2kvm.guest.boot.BootFile;
import io.hyper2kvm.guest.boot.DefaultKernel;
import io.hyper2kvm.guest.boot.GrubConfig;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.inspect.read.GuestFilesOfInterest;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The check of all boot entries of the fixed guest, in every file that was found: each leads to a
 * root file system of this VM, and to kernels that are there.
 */
final class BootEntryCheck {

  private static final String NAME = "guest_boot_entries";
  private static final String READ = "boot:";
  private static final String IS = "is:";
  private static final int MAX_PATHS = 500;

  /**
   * The kernels and initramfs images of one file.
   *
   * @param file the file with the entries
   * @param kind its kind
   * @param paths for each image where it may be
   */
  private record Images(String file, BootFile kind, List<List<String>> paths) {}

  private final FixContext context;

  BootEntryCheck(FixContext context) {
    this.context = context;
  }

  void ask(GuestfishScript script) {
    files().keySet().stream()
        .filter(file -> !isImage(file))
        .forEach(file -> script.read(READ + file, file, 2 * GuestFilesOfInterest.MAX_TEXT_BYTES));
    Set<String> paths = new LinkedHashSet<>();
    images().forEach(images -> images.paths().forEach(paths::addAll));
    paths.forEach(path -> script.ask(IS + path, "is-file", path, "followsymlinks:true"));
  }

  /** Empty when the guest has no boot entries. */
  Optional<Check> check(GuestfishAnswers answers) {
    Map<String, String> found = files();
    if (found.keySet().stream().noneMatch(BootFile::isEntry)) {
      return Optional.empty();
    }
    // The disk has the last word.
    found.replaceAll((file, text) -> isImage(file) ? text : answers.bytesAsText(READ + file));
    boolean newerGrub = hasNewerGrub(found);
    Map<String, List<String>> problems = new LinkedHashMap<>();
    Map<String, List<String>> warnings = new LinkedHashMap<>();
    BootEntries.problems(found, context.guest().disks())
        .forEach(
            (file, list) ->
                list.forEach(
                    problem ->
                        add(
                            newerGrub && BootFile.isLegacy(file) ? warnings : problems,
                            file,
                            "line %d: %s".formatted(problem.line(), problem.reason()))));
    missing(answers, newerGrub, problems, warnings);
    if (problems.isEmpty() && warnings.isEmpty()) {
      return Optional.of(Check.passed(NAME, "every boot entry resolves"));
    }
    boolean failed = !problems.isEmpty() && context.spec().grub().isPresent();
    warnings.forEach((file, list) -> list.forEach(problem -> add(problems, file, problem)));
    return Optional.of(
        failed ? Check.failed(NAME, text(problems)) : Check.warning(NAME, text(problems)));
  }

  private static void add(Map<String, List<String>> problems, String file, String problem) {
    problems.computeIfAbsent(file, key -> new ArrayList<>()).add(Printable.guestBytes(problem));
  }

  private static String text(Map<String, List<String>> problems) {
    List<String> texts = new ArrayList<>();
    problems.forEach((file, list) -> texts.add(Printable.guestBytes(file) + ": " + list));
    return String.join("; ", texts);
  }

  /** Beside it, GRUB legacy's files are what an upgrade has left. */
  private static boolean hasNewerGrub(Map<String, String> files) {
    return files.entrySet().stream()
        .filter(file -> !BootFile.isLegacy(file.getKey()) && BootFile.isEntry(file.getKey()))
        .filter(it -> BootFile.of(it.getKey()).equals(Optional.of(BootFile.GRUB_CONFIG)))
        .map(file -> GrubConfig.loads(file.getValue()))
        .anyMatch(loads -> loads.kernels() || loads.blsEntries());
  }

  /** An entry of the specification is one of many; those without a kernel are left behind. */
  private void missing(
      GuestfishAnswers answers,
      boolean newerGrub,
      Map<String, List<String>> problems,
      Map<String, List<String>> warnings) {
    List<Images> all = images();
    boolean others =
        all.stream().anyMatch(it -> !it.paths().isEmpty() && absent(it, answers).isEmpty());
    int count = all.stream().mapToInt(images -> images.paths().size()).sum();
    if (count == MAX_PATHS) {
      add(warnings, "boot entries", "only the first %d images were looked for".formatted(count));
    }
    for (Images images : all) {
      boolean oneOfMany =
          (newerGrub && BootFile.isLegacy(images.file()))
              || (images.kind() == BootFile.BLS_ENTRY && others)
              || (images.kind() == BootFile.GRUB_CONFIG && firstStarts(images.file(), answers));
      absent(images, answers)
          .forEach(
              path -> add(oneOfMany ? warnings : problems, images.file(), "is not there: " + path));
    }
  }

  /** Whether GRUB starts the first entry by itself, and its images are there. */
  private boolean firstStarts(String file, GuestfishAnswers answers) {
    String text = files().getOrDefault(file, "");
    List<GrubConfig.Entry> entries = GrubConfig.entries(text);
    return DefaultKernel.isFirstEntry(text)
        && !entries.isEmpty()
        && paths(entries.get(0)).stream()
            .allMatch(
                path ->
                    isPlain(path)
                        && places(file, BootFile.GRUB_CONFIG, path).stream()
                            .anyMatch(place -> answers.isTrue(IS + place)));
  }

  /** Paths with variables or devices are GRUB's to resolve. */
  private static boolean isPlain(String path) {
    return path.startsWith("/") && !path.contains("$");
  }

  private static List<String> absent(Images images, GuestfishAnswers answers) {
    return images.paths().stream()
        .filter(paths -> paths.stream().noneMatch(path -> answers.isTrue(IS + path)))
        .map(paths -> paths.get(0))
        .toList();
  }

  /** All boot files, as they will be. */
  private Map<String, String> files() {
    Map<String, String> files = new TreeMap<>(context.edits().texts());
    files.keySet().removeIf(file -> BootFile.of(file).isEmpty());
    return files;
  }

  private static boolean isImage(String file) {
    return BootFile.of(file).equals(Optional.of(BootFile.UNIFIED_KERNEL));
  }

  private List<Images> images() {
    List<Images> images = new ArrayList<>();
    int[] left = {MAX_PATHS};
    files()
        .forEach(
            (file, text) -> {
              BootFile kind = BootFile.of(file).orElseThrow();
              List<String> paths =
                  switch (kind) {
                    case GRUB_CONFIG -> grub(text);
                    case BLS_ENTRY -> BlsEntry.files(text);
                    default -> List.of();
                  };
              List<List<String>> places =
                  paths.stream()
                      .filter(BootEntryCheck::isPlain)
                      .distinct()
                      .limit(left[0])
                      .map(path -> places(file, kind, path))
                      .toList();
              left[0] -= places.size();
              images.add(new Images(file, kind, places));
            });
    return images;
  }

  private static List<String> grub(String text) {
    List<String> paths = new ArrayList<>();
    GrubConfig.entries(text).forEach(entry -> paths.addAll(paths(entry)));
    return paths;
  }

  private static List<String> paths(GrubConfig.Entry entry) {
    List<String> paths = new ArrayList<>(List.of(entry.linuxPath()));
    paths.addAll(entry.initrdPaths());
    return paths;
  }

  /** GRUB looks on the file system of /boot, or on its own; the others on the entry's own. */
  private List<String> places(String file, BootFile kind, String path) {
    Set<String> mounts = context.guest().mounts().keySet();
    String own = "";
    for (String point : mounts) {
      if (point.length() > 1 && file.startsWith(point + "/") && point.length() > own.length()) {
        own = point;
      }
    }
    List<String> places = new ArrayList<>();
    if (kind == BootFile.BLS_ENTRY) {
      places.add(own + path);
    } else {
      places.add(mounts.contains("/boot") ? "/boot" + path : path);
      if (!own.isEmpty() && !own.equals("/boot")) {
        places.add(own + path);
      }
    }
    places.addAll(context.guest().subvolumes().places(path));
    return places;
  }
}
