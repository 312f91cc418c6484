package io.hyper2kvm.guest.windows;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The folders of a virtio-win that hold the drivers for one Windows. Their names are those of the
 * virtio-win ISO ({@code viostor/w10/amd64}) and of its installer's form ({@code
 * amd64/Win2022/viostor.sys}).
 *
 * @param releases the names of the release, in lower case
 * @param processors the names of the processor, in lower case
 */
public record DriverFolders(Set<String> releases, Set<String> processors) {

  private static final List<VirtioDriver> NEEDED =
      List.of(VirtioDriver.VIOSTOR, VirtioDriver.NETKVM);
  private static final List<String> EXTENSIONS = List.of(".inf", ".sys", ".cat");

  private static final Map<String, Set<String>> PROCESSORS =
      Map.of("x86_64", Set.of("amd64"), "i386", Set.of("x86", "i386"));

  /** By version: of the client, and of the server. */
  private static final Map<String, List<Set<String>>> RELEASES =
      Map.of(
          "5.1", List.of(Set.of("xp", "winxp"), Set.of("xp", "winxp")),
          "5.2", List.of(Set.of("2k3", "win2003"), Set.of("2k3", "win2003")),
          "6.0", List.of(Set.of("vista"), Set.of("2k8", "win2008")),
          "6.1", List.of(Set.of("w7", "win7"), Set.of("2k8r2", "win2008r2")),
          "6.2", List.of(Set.of("w8", "win8"), Set.of("2k12", "win2012")),
          "6.3", List.of(Set.of("w8.1", "win8.1"), Set.of("2k12r2", "win2012r2")));

  private static final int FIRST_BUILD_OF_11 = 22000;
  private static final int FIRST_BUILD_OF_2019 = 17763;
  private static final int FIRST_BUILD_OF_2022 = 20348;
  private static final int FIRST_BUILD_OF_2025 = 26040;

  public DriverFolders {
    releases = Set.copyOf(releases);
    processors = Set.copyOf(processors);
  }

  /** Those of a Windows; empty when there are drivers for no such version or processor. */
  public static Optional<DriverFolders> of(WindowsRelease windows) {
    String[] numbers = windows.version().split("\\.");
    Set<String> processors = PROCESSORS.getOrDefault(windows.architecture(), Set.of());
    if (numbers.length < 2 || processors.isEmpty()) {
      return Optional.empty();
    }
    String version = numbers[0] + "." + numbers[1];
    Set<String> releases;
    if (version.equals("10.0") && numbers.length > 2) {
      releases = recent(windows.server(), Integer.parseInt(numbers[2]));
    } else if (RELEASES.containsKey(version)) {
      releases = RELEASES.get(version).get(windows.server() ? 1 : 0);
    } else {
      return Optional.empty();
    }
    return Optional.of(new DriverFolders(releases, processors));
  }

  private static Set<String> recent(boolean server, int build) {
    if (!server) {
      return build < FIRST_BUILD_OF_11 ? Set.of("w10", "win10") : Set.of("w11", "win11");
    }
    if (build < FIRST_BUILD_OF_2019) {
      return Set.of("2k16", "win2016");
    }
    if (build < FIRST_BUILD_OF_2022) {
      return Set.of("2k19", "win2019");
    }
    // Older versions of virt-v2v know no 2025 and take the drivers of 2022 for it.
    return build < FIRST_BUILD_OF_2025
        ? Set.of("2k22", "win2022")
        : Set.of("2k25", "win2025", "2k22", "win2022");
  }

  /**
   * The files that are missing.
   *
   * @param paths all files of a virtio-win, with slashes, from its root on
   * @return names of files; empty when all that a start on virtio needs are there
   */
  public List<String> missing(List<String> paths) {
    Set<String> here =
        paths.stream()
            .map(path -> "/" + path.toLowerCase(Locale.ROOT))
            .filter(path -> isIn(path, releases) && isIn(path, processors))
            .map(path -> path.substring(path.lastIndexOf('/') + 1))
            .collect(Collectors.toSet());
    List<String> missing = new ArrayList<>();
    for (VirtioDriver driver : NEEDED) {
      for (String extension : EXTENSIONS) {
        if (!here.contains(driver.service() + extension)) {
          missing.add(driver.service() + extension);
        }
      }
    }
    return missing;
  }

  private static boolean isIn(String path, Set<String> names) {
    return names.stream().anyMatch(name -> path.contains("/" + name + "/"));
  }

  /** One of them, such as {@code w10/amd64}. */
  public String example() {
    return new TreeSet<>(releases).first() + "/" + new TreeSet<>(processors).first();
  }

  /** Their names, for a message. */
  public String text() {
    return String.join(" or ", new TreeSet<>(releases))
        + " and "
        + String.join(" or ", new TreeSet<>(processors));
  }
}
