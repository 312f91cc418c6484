package io.hyper2kvm.guest.initramfs.dropin;

import io.hyper2kvm.guest.initramfs.modules.ModuleFile;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code /etc/mkinitcpio.conf} and the files of {@code /etc/mkinitcpio.conf.d}, shell scripts that
 * are read one behind the other: a line at the end adds to {@code MODULES}, whatever stands before.
 */
final class MkinitcpioConfig {

  static final String MAIN = "/etc/mkinitcpio.conf";
  private static final String FOLDER = "/etc/mkinitcpio.conf.d/";

  /** Read behind the others. */
  private static final String LAST = FOLDER + "zz-hyper2kvm.conf";

  /** What the files make of the variable. */
  private static final class Modules {
    private final Set<String> names = new LinkedHashSet<>();
    private boolean array = true;

    private void read(String text) {
      boolean within = false;
      for (String line : (Iterable<String>) text.lines()::iterator) {
        String code = line.split("#", 2)[0].strip();
        boolean sets = code.startsWith("MODULES=");
        if (sets || code.startsWith("MODULES+=") || within) {
          if (sets && !code.contains("$MODULES") && !code.contains("${MODULES")) {
            names.clear();
          }
          if (sets) {
            array = code.startsWith("MODULES=(");
          }
          within = !code.contains(")") && (within || code.contains("("));
          names.addAll(List.of(ModuleFile.normalized(code).split("[^A-Za-z0-9_]+")));
        }
      }
    }
  }

  private MkinitcpioConfig() {}

  /** The file whose end comes behind all that is said of {@code MODULES}. */
  static String fileToExtend(Map<String, String> files) {
    boolean later = dropIns(files).values().stream().anyMatch(text -> text.contains("MODULES="));
    return later ? LAST : MAIN;
  }

  private static Map<String, String> dropIns(Map<String, String> files) {
    Map<String, String> dropIns = new TreeMap<>(files);
    dropIns.keySet().removeIf(path -> !path.startsWith(FOLDER) || !path.endsWith(".conf"));
    return dropIns;
  }

  /** That file's text with those of the modules that are not named yet. */
  static String with(Map<String, String> files, Set<String> modules) {
    String text = files.getOrDefault(fileToExtend(files), "");
    Modules said = new Modules();
    said.read(files.getOrDefault(MAIN, ""));
    dropIns(files).values().forEach(said::read);
    List<String> lacking = new ArrayList<>(modules);
    lacking.removeAll(said.names);
    if (lacking.isEmpty()) {
      return text;
    }
    // Old versions split a string into modules, but not the first element of an array.
    String form = said.array ? "MODULES+=(%s)\n" : "MODULES=\"$MODULES %s\"\n";
    return ConfigDropIn.endingLine(text)
        + ConfigDropIn.HEAD
        + form.formatted(String.join(" ", lacking));
  }
}
