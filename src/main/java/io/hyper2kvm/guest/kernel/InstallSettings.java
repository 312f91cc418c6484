package io.hyper2kvm.guest.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What {@code kernel-install} of systemd goes by: the token that names a system's folder of kernels
 * ({@code TOKEN/VERSION/linux}) and its boot loader entries, and where these are installed
 * (kernel-install(8)).
 */
public final class InstallSettings {

  private static final String TOKEN = "/etc/kernel/entry-token";
  private static final String MACHINE_INFO = "/etc/machine-info";
  private static final String MACHINE_ID = "/etc/machine-id";

  /** The first one that there is counts. */
  private static final List<String> SETTINGS =
      List.of(
          "/etc/kernel/install.conf",
          "/usr/local/lib/kernel/install.conf",
          "/usr/lib/kernel/install.conf");

  /** The name of a folder that holds the kernels of a system whose identifier is not to be told. */
  private static final String ANONYMOUS = "Default";

  private static final Set<String> SEARCHED = Set.of("/boot", "/boot/efi");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
  private static final int MAX_LINES = 1000;

  private InstallSettings() {}

  /**
   * The names that the folder of the guest's kernels may have, all of them plain names.
   *
   * @param texts the guest's files by path
   * @param release the keys of its os-release
   */
  public static Set<String> tokens(Map<String, String> texts, Map<String, String> release) {
    List<String> names = new ArrayList<>();
    names.add(firstLine(texts.getOrDefault(TOKEN, "")));
    settings(texts).ifPresent(file -> names.add(value(texts.get(file), "MACHINE_ID").value()));
    names.add(value(texts.getOrDefault(MACHINE_INFO, ""), "KERNEL_INSTALL_MACHINE_ID").value());
    names.add(firstLine(texts.getOrDefault(MACHINE_ID, "")));
    names.add(release.getOrDefault("IMAGE_ID", ""));
    names.add(release.getOrDefault("ID", ""));
    names.add(ANONYMOUS);
    Set<String> tokens = new LinkedHashSet<>(names);
    tokens.removeIf(name -> !NAME.matcher(name).matches());
    return tokens;
  }

  /**
   * Whether a folder's name is that of a system's kernels: a token, or any machine's identifier.
   */
  public static boolean isFolder(String name, Set<String> tokens) {
    return tokens.contains(name) || ID.matcher(name).matches();
  }

  /**
   * What of the settings leads away from where boot loader entries are read here.
   *
   * @param efi where the EFI system partition is mounted; empty when it is not
   */
  public static List<String> warnings(Map<String, String> texts, Optional<String> efi) {
    List<String> warnings = new ArrayList<>();
    Optional<String> file = settings(texts);
    Setting root = file.map(it -> value(texts.get(it), "BOOT_ROOT")).orElse(Setting.NONE);
    String place = root.value().length() > 1 ? root.value().replaceFirst("/+$", "") : root.value();
    if (!place.isEmpty() && !SEARCHED.contains(place) && !efi.equals(Optional.of(place))) {
      warnings.add(
          "%s:%d: BOOT_ROOT=%s: kernels are installed there, where their boot entries are neither read nor fixed here; look at root= in them, and after the next kernel update"
              .formatted(file.get(), root.line(), root.value()));
    }
    return warnings;
  }

  private static Optional<String> settings(Map<String, String> texts) {
    return SETTINGS.stream().filter(texts::containsKey).findFirst();
  }

  /** A setting's value without quotes, and its line from 1. */
  private record Setting(String value, int line) {

    private static final Setting NONE = new Setting("", 0);
  }

  /** Of several the last one counts. */
  private static Setting value(String text, String key) {
    Map<String, Setting> found = new LinkedHashMap<>();
    int number = 0;
    for (String line : text.lines().limit(MAX_LINES).toList()) {
      number++;
      String words = line.strip();
      if (words.startsWith(key + "=")) {
        String value = words.substring(key.length() + 1).strip();
        int last = value.length() - 1;
        boolean quoted =
            last > 0
                && "\"'".indexOf(value.charAt(0)) >= 0
                && value.charAt(last) == value.charAt(0);
        found.put(key, new Setting(quoted ? value.substring(1, last) : value, number));
      }
    }
    return found.getOrDefault(key, Setting.NONE);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("").strip();
  }
}
