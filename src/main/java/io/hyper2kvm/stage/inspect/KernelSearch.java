package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.boot.BlsEntry;
import io.hyper2kvm.guest.boot.BootFile;
import io.hyper2kvm.guest.kernel.ImageVersion;
import io.hyper2kvm.guest.kernel.InstallSettings;
import io.hyper2kvm.guest.kernel.InstalledKernels;
import io.hyper2kvm.guest.kernel.InstalledKernels.Image;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.inspect.mount.GuestMounts;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The kernel images of a guest, and which modules are theirs. */
final class KernelSearch {

  private static final int MOST_IMAGES = 64;
  private static final int MOST_FOLDERS = 16;
  private static final int PKGBASE_BYTES = 256;
  private static final Pattern IMAGE =
      Pattern.compile("(vmlinu[zx]|kernel|bzImage)(-[A-Za-z0-9._+~-]{1,120})?|linux");

  /**
   * Not started from (as SUSE's {@code vmlinux-VERSION.gz}, which is for debuggers), or a kernel
   * with everything in its initramfs.
   */
  private static final Pattern OTHER =
      Pattern.compile(
          "(?i).*(\\.(old|bak|hmac|sig|sign|signed|map|txt|cfg|conf|config|gz)|-0-rescue-.*)");

  private static final Pattern INITRAMFS = Pattern.compile("init(rd|ramfs)[A-Za-z0-9._+~-]{0,140}");

  /** What a boot loader entry may name without variables, devices and steps upwards. */
  private static final Pattern NAMED =
      Pattern.compile("(?:/+[A-Za-z0-9_@][A-Za-z0-9._+~@-]{0,140}){1,8}");

  private final GuestContents contents;
  private final GuestMounts mounts;
  private final Set<String> modules = new LinkedHashSet<>();
  private final Set<String> folders = new LinkedHashSet<>();
  private final Set<String> images = new LinkedHashSet<>();
  private final Set<String> initramfsFiles = new LinkedHashSet<>();

  /** Those of {@link #images} and {@link #initramfsFiles} that may not be there. */
  private final Set<String> named = new LinkedHashSet<>();

  private Set<String> tokens = Set.of();
  private InstalledKernels found = new InstalledKernels(List.of(), Map.of());

  KernelSearch(GuestContents contents, GuestMounts mounts) {
    this.contents = contents;
    this.mounts = mounts;
  }

  /** Adds the questions, which follow from what the contents are. */
  void ask(GuestfishSession session) {
    session
        .then(this::askLoaderFolder, this::takeLoaderFolder)
        .then(this::askFolders, this::takeFolders)
        .then(this::askImages, this::takeImages);
  }

  private GuestfishScript askLoaderFolder() {
    GuestfishScript script = new GuestfishScript();
    mounts.efiPoint().ifPresent(point -> script.ask("efi", "ls", point));
    return script;
  }

  private void takeLoaderFolder(GuestfishAnswers answers) {
    GuestfishAnswers known = contents.answers();
    tokens = InstallSettings.tokens(contents.texts(), contents.release());
    known.lines("modules").stream()
        .filter(ImageVersion::isVersion)
        .limit(MOST_IMAGES)
        .forEach(modules::add);
    known.lines("boot").forEach(name -> keep("/boot/", name));
    mounts
        .efiPoint()
        .ifPresent(point -> answers.lines("efi").forEach(name -> keepFolder(point + "/", name)));
  }

  /** What boot loader entries name, wherever it lies on the entry's own file system. */
  private void keepNamed() {
    contents
        .texts()
        .forEach(
            (file, text) -> {
              if (BootFile.of(file).equals(Optional.of(BootFile.BLS_ENTRY))) {
                String point = mountPoint(file);
                BlsEntry.files(text).stream()
                    .filter(path -> NAMED.matcher(path).matches())
                    .map(path -> point + path.replaceAll("/+", "/"))
                    .filter(path -> !images.contains(path) && !initramfsFiles.contains(path))
                    .forEach(this::keepNamed);
              }
            });
  }

  private void keepNamed(String path) {
    int slash = path.lastIndexOf('/') + 1;
    keep(path.substring(0, slash), path.substring(slash));
    if (images.contains(path) || initramfsFiles.contains(path)) {
      named.add(path);
    }
  }

  /** Without the slash at its end. */
  private String mountPoint(String file) {
    return mounts.deviceByPoint().keySet().stream()
        .filter(point -> point.length() > 1 && file.startsWith(point + "/"))
        .max(Comparator.comparingInt(String::length))
        .orElse("");
  }

  private void keep(String folder, String name) {
    if (IMAGE.matcher(name).matches()
        && !OTHER.matcher(name).matches()
        && images.size() < MOST_IMAGES) {
      images.add(folder + name);
    } else if (INITRAMFS.matcher(name).matches() && initramfsFiles.size() < 4 * MOST_IMAGES) {
      initramfsFiles.add(folder + name);
    }
    keepFolder(folder, name);
  }

  /** Where systemd installs kernels: {@code TOKEN/VERSION/linux}. */
  private void keepFolder(String folder, String name) {
    if (InstallSettings.isFolder(name, tokens) && folders.size() < MOST_FOLDERS) {
      folders.add(folder + name);
    }
  }

  private GuestfishScript askFolders() {
    GuestfishScript script = new GuestfishScript();
    folders.forEach(folder -> script.ask(folder, "find", folder));
    return script;
  }

  private void takeFolders(GuestfishAnswers answers) {
    for (String folder : folders) {
      for (String line : answers.lines(folder)) {
        String path = line.startsWith("/") ? line : "/" + line;
        int slash = path.lastIndexOf('/');
        if (slash > 0 && ImageVersion.isVersion(path.substring(1, slash))) {
          keep(folder + path.substring(0, slash + 1), path.substring(slash + 1));
        }
      }
    }
    keepNamed();
  }

  private GuestfishScript askImages() {
    GuestfishScript script = new GuestfishScript();
    if (images.isEmpty()) {
      return script;
    }
    modules.forEach(
        version ->
            script.read(
                "pkgbase:" + version, "/lib/modules/" + version + "/pkgbase", PKGBASE_BYTES));
    for (String image : images) {
      script.ask("real:" + image, "realpath", image);
      if (!modules.contains(image.substring(image.indexOf('-') + 1))) {
        script.read("head:" + image, image, ImageVersion.HEAD_BYTES);
      }
    }
    initramfsFiles.forEach(file -> script.ask("real:" + file, "realpath", file));
    return script;
  }

  private void takeImages(GuestfishAnswers answers) {
    named.removeIf(path -> answers.has("real:" + path));
    images.removeAll(named);
    initramfsFiles.removeAll(named);
    Map<String, String> packages = new LinkedHashMap<>();
    modules.forEach(version -> packages.put(version, answers.text("pkgbase:" + version).strip()));
    Map<String, String> files = new LinkedHashMap<>();
    initramfsFiles.forEach(file -> files.put(file, real(file, answers)));
    List<Image> list = new ArrayList<>();
    images.forEach(
        image ->
            list.add(
                new Image(
                    image, real(image, answers), ImageVersion.of(answers.bytes("head:" + image)))));
    found = InstalledKernels.of(packages, list, files);
  }

  private static String real(String file, GuestfishAnswers answers) {
    String real = answers.text("real:" + file).strip();
    return real.isEmpty() ? file : real;
  }

  /** The kernels whose modules are known. */
  List<GuestFacts.Kernel> kernels() {
    return found.kernels().stream()
        .map(kernel -> new GuestFacts.Kernel(kernel.version(), kernel.image(), kernel.initramfs()))
        .toList();
  }

  /** The images whose modules are not known. */
  List<String> unmatched() {
    return found.unmatched().keySet().stream().sorted().toList();
  }

  /** Tells of the images whose modules are not known. */
  void warn(Consumer<String> warnings) {
    InstallSettings.warnings(contents.texts(), mounts.efiPoint())
        .forEach(text -> warnings.accept(Printable.guestBytes(text)));
    unmatched()
        .forEach(
            image ->
                warnings.accept(
                    Printable.guestLine(
                        "the modules of the kernel image %s are not known: %s; this kernel is neither fixed nor checked"
                            .formatted(image, found.unmatched().get(image)))));
  }
}
