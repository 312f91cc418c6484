package io.hyper2kvm.guest.windows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Which Windows a guest is, by the key {@code Microsoft\Windows NT\CurrentVersion} of its software
 * hive and by its system hive. Unknown texts are empty.
 *
 * @param product the product's name, such as {@code Windows Server 2019 Standard}
 * @param edition the edition's identifier, such as {@code ServerStandard}
 * @param version major, minor and build number: {@code 10.0.17763}
 * @param update the service pack, or the feature update, such as {@code 22H2}
 * @param server whether it is a server
 * @param architecture the processor as Linux calls it
 * @param computer the computer's name
 */
public record WindowsRelease(
    String product,
    String edition,
    String version,
    String update,
    boolean server,
    String architecture,
    String computer) {

  /** The values of the software hive's key that are asked for. */
  public static final List<String> VALUES =
      List.of(
          "ProductName",
          "EditionID",
          "InstallationType",
          "CurrentVersion",
          "CurrentMajorVersionNumber",
          "CurrentMinorVersionNumber",
          "CurrentBuildNumber",
          "CurrentBuild",
          "DisplayVersion",
          "ReleaseId",
          "CSDVersion");

  private static final int FIRST_BUILD_OF_11 = 22000;

  /** Names by version, for a registry without one: of the client, and of the server. */
  private static final Map<String, List<String>> NAMES =
      Map.of(
          "4.0", List.of("Windows NT 4.0", "Windows NT Server 4.0"),
          "5.0", List.of("Windows 2000", "Windows 2000 Server"),
          "5.1", List.of("Windows XP", "Windows XP"),
          "5.2", List.of("Windows Server 2003", "Windows Server 2003"),
          "6.0", List.of("Windows Vista", "Windows Server 2008"),
          "6.1", List.of("Windows 7", "Windows Server 2008 R2"),
          "6.2", List.of("Windows 8", "Windows Server 2012"),
          "6.3", List.of("Windows 8.1", "Windows Server 2012 R2"),
          "10.0", List.of("Windows 10", "Windows Server"));

  public WindowsRelease {
    Objects.requireNonNull(product, "product");
    Objects.requireNonNull(edition, "edition");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(update, "update");
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(computer, "computer");
  }

  /**
   * Reads the values; they may be any text, and any of them may be missing.
   *
   * @param values those of {@link #VALUES}, by name
   * @param processor {@code PROCESSOR_ARCHITECTURE} of the system's environment
   * @param computer the computer's name
   */
  public static WindowsRelease of(Map<String, String> values, String processor, String computer) {
    int build = build(values);
    String release = release(values);
    String named = values.getOrDefault("ProductName", "");
    String edition = values.getOrDefault("EditionID", "");
    boolean server =
        values.getOrDefault("InstallationType", "").toLowerCase(Locale.ROOT).startsWith("server")
            || edition.startsWith("Server")
            || named.contains("Server");
    String product = named;
    if (named.isEmpty() && NAMES.containsKey(release)) {
      product = NAMES.get(release).get(server ? 1 : 0);
    }
    if (!server && build >= FIRST_BUILD_OF_11 && product.startsWith("Windows 10")) {
      // Windows 11 still calls itself so here.
      product = "Windows 11" + product.substring("Windows 10".length());
    }
    String update =
        List.of("DisplayVersion", "CSDVersion", "ReleaseId").stream()
            .map(key -> values.getOrDefault(key, ""))
            .filter(value -> !value.isEmpty())
            .findFirst()
            .orElse("");
    return new WindowsRelease(
        product,
        edition,
        release.isEmpty() || build < 0 ? release : release + "." + build,
        update,
        server,
        architecture(processor),
        computer);
  }

  private static int build(Map<String, String> values) {
    // Before Windows Vista, CurrentBuild is a text that says not to use it.
    return List.of("CurrentBuildNumber", "CurrentBuild").stream()
        .map(key -> values.getOrDefault(key, ""))
        .filter(value -> value.matches("[0-9]{1,6}"))
        .findFirst()
        .map(Integer::parseInt)
        .orElse(-1);
  }

  /** Since Windows 10, CurrentVersion stays at 6.3 and two numbers tell the version. */
  private static String release(Map<String, String> values) {
    String major = values.getOrDefault("CurrentMajorVersionNumber", "");
    String minor = values.getOrDefault("CurrentMinorVersionNumber", "0");
    if (major.matches("[0-9]{1,3}") && minor.matches("[0-9]{1,3}")) {
      return major + "." + minor;
    }
    String version = values.getOrDefault("CurrentVersion", "");
    return version.matches("[0-9]{1,3}\\.[0-9]{1,3}") ? version : "";
  }

  private static String architecture(String processor) {
    return switch (processor.toUpperCase(Locale.ROOT)) {
      case "AMD64" -> "x86_64";
      case "X86" -> "i386";
      case "ARM64" -> "aarch64";
      case "ARM" -> "arm";
      case "IA64" -> "ia64";
      default -> "";
    };
  }

  /** What an operator calls it. */
  public String prettyName() {
    String name = product.isEmpty() ? "Windows" : product;
    return update.isEmpty() ? name : name + " " + update;
  }

  /** The same as the keys of an os-release. */
  public Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("PRETTY_NAME", prettyName());
    keys.put("VERSION_ID", version);
    keys.put("EDITION_ID", edition);
    return keys;
  }
}
