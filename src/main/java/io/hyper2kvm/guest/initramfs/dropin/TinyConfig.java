package io.hyper2kvm.guest.initramfs.dropin;

import io.hyper2kvm.guest.initramfs.modules.ModuleFile;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code /etc/tiny-initramfs/tiny-initramfs.conf}, a shell script: {@code INCLUDE_MODULES} is a
 * list with commas, whose modules go into the image in this order behind what each one needs.
 */
final class TinyConfig {

  static final String FILE = "/etc/tiny-initramfs/tiny-initramfs.conf";
  private static final String VARIABLE = "INCLUDE_MODULES";

  private TinyConfig() {}

  static String with(String text, Set<String> modules) {
    Set<String> said = new LinkedHashSet<>();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      String code = line.split("#", 2)[0].strip();
      if (code.startsWith(VARIABLE + "=")) {
        if (!code.contains("$")) {
          said.clear();
        }
        said.addAll(List.of(ModuleFile.normalized(code).split("[^A-Za-z0-9_]+")));
      }
    }
    Set<String> lacking = new LinkedHashSet<>(modules);
    lacking.removeAll(said);
    return lacking.isEmpty()
        ? text
        : ConfigDropIn.endingLine(text)
            + ConfigDropIn.HEAD
            + "%1$s=\"${%1$s:+$%1$s,}%2$s\"\n".formatted(VARIABLE, String.join(",", lacking));
  }
}
