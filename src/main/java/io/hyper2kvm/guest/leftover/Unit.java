package io.hyper2kvm.guest.leftover;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A unit of systemd with its drop-ins, as far as it decides whether the unit is started.
 *
 * @param name its name, such as {@code vmtoolsd.service}
 * @param settings its lines {@code Key=value}, in their order
 */
record Unit(String name, List<Setting> settings) {

  /** A line; the value may be empty, which takes back earlier ones of the key. */
  record Setting(String key, String value) {}

  /** The folders of units, the one that wins first. */
  static final List<String> FOLDERS =
      List.of(
          "/etc/systemd/system/",
          "/usr/local/lib/systemd/system/",
          "/usr/lib/systemd/system/",
          "/lib/systemd/system/");

  private static final int MAX_LINES = 2000;

  private static final Set<String> NEEDS = Set.of("BindsTo", "Requires", "Requisite");

  private static final Set<String> VIRTUALIZATIONS =
      Set.of("vmware", "oracle", "microsoft", "xen", "parallels", "bhyve", "amazon", "google");

  /** Devices that only a hypervisor other than KVM gives. */
  private static final Pattern DEVICE =
      Pattern.compile(
          ".{0,200}(vmbus|hv_kvp|hv_vss|hv_fcopy|vmci|vboxguest|xenbus|dev-xen|dev-hvc|dev-xvc"
              + "|prl_tg).{0,200}\\.device");

  private static final List<String> PATHS =
      List.of("/dev/vmbus", "/dev/vmci", "/dev/vboxguest", "/dev/xen", "/proc/xen", "/sys/bus/xen");

  /**
   * The unit of a name; empty when it is masked or its text is not known.
   *
   * @param links what starts it; through them its text may be known
   */
  static Optional<Unit> of(String name, List<String> links, GuestTree tree) {
    int at = name.indexOf('@');
    int end = name.lastIndexOf('.');
    boolean instance = at >= 0 && end > at;
    String template = instance ? name.substring(0, at + 1) + name.substring(end) : name;
    Optional<String> text =
        base(name, tree)
            .or(() -> base(template, tree))
            .or(() -> links.stream().flatMap(link -> tree.text(link).stream()).findFirst());
    if (text.filter(it -> !it.isBlank()).isEmpty()) {
      return Optional.empty();
    }
    StringBuilder all = new StringBuilder(text.get());
    for (String dropIn : dropIns(name, tree)) {
      tree.text(dropIn).ifPresent(more -> all.append('\n').append(more));
    }
    return Optional.of(
        new Unit(name, settings(all.toString(), instance ? name.substring(at + 1, end) : "")));
  }

  /** The drop-ins of a unit in all folders. */
  static List<String> dropIns(String name, GuestTree tree) {
    return FOLDERS.stream()
        .flatMap(folder -> tree.below(folder + name + ".d/").stream())
        .filter(file -> file.endsWith(".conf"))
        .toList();
  }

  /** The text of the first folder that has the unit, even if it is a mask. */
  private static Optional<String> base(String name, GuestTree tree) {
    if (isMasked(name, tree)) {
      return Optional.of("");
    }
    return FOLDERS.stream()
        .flatMap(folder -> tree.text(folder + name).stream())
        .filter(text -> !text.isBlank())
        .findFirst();
  }

  /** By an empty file, or by a link to {@code /dev/null}, which reads as one. */
  static boolean isMasked(String name, GuestTree tree) {
    String file = FOLDERS.get(0) + name;
    return tree.has(file) && tree.text(file).orElse("").isBlank();
  }

  private static List<Setting> settings(String text, String instance) {
    List<Setting> settings = new ArrayList<>();
    StringBuilder continued = new StringBuilder();
    text.lines()
        .limit(MAX_LINES)
        .map(String::strip)
        .filter(line -> !line.startsWith("#") && !line.startsWith(";"))
        .forEach(
            line -> {
              if (line.endsWith("\\")) {
                continued.append(line, 0, line.length() - 1).append(' ');
                return;
              }
              String whole = continued.append(line).toString();
              continued.setLength(0);
              int equals = whole.indexOf('=');
              if (equals > 0) {
                String value = whole.substring(equals + 1).strip();
                settings.add(
                    new Setting(
                        whole.substring(0, equals).strip(),
                        instance.isEmpty()
                            ? value
                            : value.replace("%i", instance).replace("%I", instance)));
              }
            });
    return settings;
  }

  /** The last value of a key; empty when there is none. */
  String value(String key) {
    String value = "";
    for (Setting setting : settings) {
      value = setting.key().equals(key) ? setting.value() : value;
    }
    return value;
  }

  /** A device that it waits for and that only another hypervisor has. */
  Optional<String> foreignDevice() {
    return settings.stream()
        .filter(setting -> NEEDS.contains(setting.key()))
        .flatMap(setting -> List.of(setting.value().split("\\s+")).stream())
        .filter(unit -> DEVICE.matcher(unit).matches())
        .findFirst();
  }

  /** The condition that keeps it from being started on KVM; empty when it is started. */
  Optional<String> condition() {
    return condition("ConditionVirtualization", v -> isForeign(v.toLowerCase(Locale.ROOT)))
        .or(() -> condition("ConditionPathExists", v -> PATHS.stream().anyMatch(v::startsWith)))
        .or(
            () ->
                condition("ConditionPathIsDirectory", v -> PATHS.stream().anyMatch(v::startsWith)));
  }

  private static boolean isForeign(String value) {
    return VIRTUALIZATIONS.contains(value);
  }

  /**
   * The first condition of a key that cannot hold; those with {@code |} are alternatives, all of
   * which must be such.
   */
  private Optional<String> condition(String key, Predicate<String> cannotHold) {
    List<String> all = new ArrayList<>();
    List<String> alternatives = new ArrayList<>();
    for (Setting setting : settings) {
      if (!setting.key().equals(key)) {
        continue;
      }
      if (setting.value().isEmpty()) {
        all.clear();
        alternatives.clear();
      } else if (setting.value().startsWith("|")) {
        alternatives.add(setting.value().substring(1));
      } else {
        all.add(setting.value());
      }
    }
    if (!alternatives.isEmpty() && alternatives.stream().allMatch(cannotHold)) {
      all.addAll(alternatives);
    }
    return all.stream().filter(cannotHold).findFirst().map(value -> key + "=" + value);
  }
}
