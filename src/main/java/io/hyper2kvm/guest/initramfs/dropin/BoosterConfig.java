package io.hyper2kvm.guest.initramfs.dropin;

import io.hyper2kvm.guest.initramfs.modules.ModuleFile;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /etc/booster.yaml}: {@code modules_force_load} names modules that go into the image and
 * are loaded, whatever machine it is built on.
 */
final class BoosterConfig {

  static final String FILE = "/etc/booster.yaml";

  private static final Pattern KEY =
      Pattern.compile("(?m)^modules_force_load[ \\t]{0,8}:.{0,4000}$");
  private static final Pattern LINE =
      Pattern.compile(
          "modules_force_load[ \\t]{0,8}:[ \\t]{0,8}(?<quote>[\"']?)(?<names>[A-Za-z0-9_, -]{0,4000})"
              + "\\k<quote>[ \\t]{0,8}(?: #.{0,1000})?");

  private BoosterConfig() {}

  /** The text with the modules; empty if it says the key in a form that is not changed here. */
  static Optional<String> with(String text, Set<String> modules) {
    Matcher key = KEY.matcher(text);
    Set<String> names = new LinkedHashSet<>();
    if (!key.find()) {
      if (!isBlock(text)) {
        return Optional.empty();
      }
      names.addAll(modules);
      return Optional.of(
          ConfigDropIn.endingLine(text)
              + ConfigDropIn.HEAD
              + "modules_force_load: %s\n".formatted(String.join(",", names)));
    }
    Matcher line = LINE.matcher(key.group());
    if (!line.matches() || key.find()) {
      return Optional.empty();
    }
    for (String name : line.group("names").split(",")) {
      if (!name.isBlank()) {
        names.add(ModuleFile.normalized(name.strip()));
      }
    }
    if (names.containsAll(modules)) {
      return Optional.of(text);
    }
    names.addAll(modules);
    key.reset();
    return Optional.of(
        key.replaceFirst("modules_force_load: %s".formatted(String.join(",", names))));
  }

  /** Whether keys may follow at the margin: no braces around the whole, and one document. */
  private static boolean isBlock(String text) {
    return text.lines()
        .noneMatch(
            line -> line.startsWith("{") || line.startsWith("---") || line.startsWith("..."));
  }
}
