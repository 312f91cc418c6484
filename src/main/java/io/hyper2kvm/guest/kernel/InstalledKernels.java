package io.hyper2kvm.guest.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The kernels of a guest: each image with its modules and its initramfs.
 *
 * @param kernels the images whose modules are known
 * @param unmatched the images whose modules are not known, each with the reason
 */
public record InstalledKernels(List<Kernel> kernels, Map<String, String> unmatched) {

  /**
   * One image with its modules.
   *
   * @param version the name of its modules' folder
   * @param image its path
   * @param initramfs its initramfs's path; empty when it has none
   */
  public record Kernel(String version, String image, String initramfs) {}

  /**
   * An image by its name.
   *
   * @param path where it is
   * @param realPath where symbolic links lead; {@code path} when it is none
   * @param version what the image states of itself
   */
  public record Image(String path, String realPath, Optional<String> version) {

    public Image {
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(realPath, "realPath");
      Objects.requireNonNull(version, "version");
    }

    private String folder() {
      return path.substring(0, path.lastIndexOf('/') + 1);
    }

    private String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  public InstalledKernels {
    kernels = List.copyOf(kernels);
    unmatched = Map.copyOf(unmatched);
  }

  /**
   * Matches images with modules: by the version in the image's name, where a symbolic link leads,
   * the version that the image states, the package that owns the modules, and the flavour in the
   * name of both. What fits two folders of modules fits none.
   *
   * @param packages each folder of modules: the package that its file {@code pkgbase} names, or
   *     empty
   * @param images the images there are
   * @param files the real path of every file in the folders of the images
   */
  public static InstalledKernels of(
      Map<String, String> packages, List<Image> images, Map<String, String> files) {
    Matching matching = new Matching(packages, files);
    // Those by name first: others may be links to them, or copies.
    images.stream().filter(image -> matching.byName(image).isPresent()).forEach(matching::add);
    images.stream().filter(image -> matching.byName(image).isEmpty()).forEach(matching::add);
    return new InstalledKernels(matching.kernels, matching.unmatched);
  }

  private static final class Matching {

    private static final List<String> PREFIXES =
        List.of("vmlinuz-", "vmlinux-", "kernel-", "bzImage-");
    private static final String OWN_FOLDER = "linux";

    private final Map<String, String> packages;
    private final Map<String, String> files;
    private final List<Kernel> kernels = new ArrayList<>();
    private final Map<String, String> unmatched = new LinkedHashMap<>();
    private final Set<String> images = new LinkedHashSet<>();
    private final Set<String> initramfsFiles = new LinkedHashSet<>();

    private Matching(Map<String, String> packages, Map<String, String> files) {
      this.packages = packages;
      this.files = files;
    }

    private void add(Image image) {
      if (images.contains(image.realPath())) {
        return; // another name of one that is there already
      }
      Optional<String> version = byName(image);
      String reason = "";
      if (version.isEmpty()) {
        List<String> candidates = candidates(image);
        version = candidates.size() == 1 ? Optional.of(candidates.get(0)) : Optional.empty();
        reason = reason(image, candidates);
      }
      if (version.isEmpty()) {
        unmatched.put(image.path(), reason);
        return;
      }
      Optional<String> initramfs = initramfs(image, version.get());
      String real = initramfs.map(files::get).orElse("");
      boolean copy =
          kernels.stream().map(Kernel::version).anyMatch(version.get()::equals)
              && (real.isEmpty() || initramfsFiles.contains(real));
      images.add(image.realPath());
      if (!copy) {
        initramfsFiles.add(real);
        kernels.add(new Kernel(version.get(), image.path(), initramfs.orElse("")));
      }
    }

    /** {@code vmlinuz-VERSION}, or {@code VERSION/linux} as systemd installs it. */
    private Optional<String> byName(Image image) {
      if (image.name().equals(OWN_FOLDER)) {
        String folder = image.folder();
        String version = folder.substring(folder.lastIndexOf('/', folder.length() - 2) + 1);
        return known(version.substring(0, version.length() - 1));
      }
      return PREFIXES.stream()
          .filter(image.name()::startsWith)
          .map(prefix -> image.name().substring(prefix.length()))
          .flatMap(version -> known(version).stream())
          .findFirst();
    }

    private Optional<String> known(String version) {
      return Optional.of(version).filter(packages::containsKey);
    }

    private List<String> candidates(Image image) {
      // Where the link leads is as good as a name: /usr/lib/modules/VERSION/vmlinuz.
      String[] steps = image.realPath().split("/");
      for (int i = 0; i + 2 < steps.length; i++) {
        if (steps[i].equals("modules") && packages.containsKey(steps[i + 1])) {
          return List.of(steps[i + 1]);
        }
      }
      Optional<String> linked = byName(new Image(image.realPath(), "", Optional.empty()));
      if (linked.isPresent()) {
        return List.of(linked.get());
      }
      if (image.version().isPresent()) {
        return known(image.version().get()).stream().toList();
      }
      String flavour = flavour(image);
      if (flavour.isEmpty()) {
        return List.of();
      }
      List<String> owned =
          packages.keySet().stream().filter(v -> packages.get(v).equals(flavour)).toList();
      return owned.isEmpty()
          ? packages.keySet().stream()
              .filter(version -> packages.get(version).isEmpty())
              .filter(version -> version.endsWith("-" + flavour))
              .toList()
          : owned;
    }

    private static String flavour(Image image) {
      return PREFIXES.stream()
          .filter(image.name()::startsWith)
          .map(prefix -> image.name().substring(prefix.length()))
          .findFirst()
          .orElse("");
    }

    private static String reason(Image image, List<String> candidates) {
      if (image.version().isPresent()) {
        return "it states the version %s, and there is no folder of that name in /lib/modules"
            .formatted(image.version().get());
      }
      return candidates.isEmpty()
          ? "no folder in /lib/modules fits its name, its package or its own version"
          : "its name fits several folders in /lib/modules: " + String.join(", ", candidates);
    }

    private Optional<String> initramfs(Image image, String version) {
      List<String> names = new ArrayList<>();
      if (image.name().equals(OWN_FOLDER)) {
        names.add("initrd");
        names.add("initramfs");
      }
      String flavour = flavour(image);
      for (String suffix : flavour.isEmpty() ? List.of("") : List.of(flavour, version)) {
        String end = suffix.isEmpty() ? "" : "-" + suffix;
        names.add("initrd.img" + end);
        names.add("initramfs" + end + ".img");
        names.add("initrd" + end);
        names.add("initramfs" + end);
        names.add("initrd" + end + ".img");
      }
      if (flavour.isEmpty()) {
        names.add("initrd.img-" + version);
        names.add("initramfs-" + version + ".img");
        names.add("initrd-" + version);
        names.add("initramfs-" + version);
      }
      return names.stream().map(image.folder()::concat).filter(files::containsKey).findFirst();
    }
  }
}
