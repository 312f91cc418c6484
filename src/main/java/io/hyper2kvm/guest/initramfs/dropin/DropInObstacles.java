package io.hyper2kvm.guest.initramfs.dropin;

import io.hyper2kvm.guest.edit.ShellAssignments;
import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
import io.hyper2kvm.guest.initramfs.modules.ModuleFile;
import io.hyper2kvm.text.Glob;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What in a guest's configuration keeps the next initramfs from having the drivers. */
public final class DropInObstacles {

  private static final int MAX_WORD = 200;

  private DropInObstacles() {}

  /**
   * The warnings, each with file and line where there is one.
   *
   * @param initramfs the initramfs that there is, for the message
   * @param files the guest's configuration files with the drop-in: content by path
   * @param modules names of modules that are not built in
   */
  public static List<String> of(
      InitramfsGenerator generator,
      String initramfs,
      Map<String, String> files,
      Collection<String> modules) {
    Set<String> names = new LinkedHashSet<>();
    modules.forEach(name -> names.add(ModuleFile.normalized(name)));
    if (names.isEmpty()) {
      return List.of();
    }
    return switch (generator) {
      case DRACUT -> omitted(files, names);
      case MKINITCPIO -> otherConfigs(files, names);
      case BOOSTER ->
          BoosterConfig.with(files.getOrDefault(BoosterConfig.FILE, ""), names).isPresent()
              ? List.of()
              : List.of(
                  "%s: its modules_force_load could not be extended; the next kernel update makes an initramfs without %s: add them there"
                      .formatted(BoosterConfig.FILE, String.join(", ", names)));
      case UNKNOWN ->
          List.of(
              "%s was made by a tool that is not known here; the next kernel update makes one that may lack %s: have that tool include them"
                  .formatted(initramfs, String.join(", ", names)));
      default -> List.of();
    };
  }

  /** Dracut leaves out what {@code omit_drivers} matches, also if another line adds it. */
  private static List<String> omitted(Map<String, String> files, Set<String> names) {
    List<String> warnings = new ArrayList<>();
    new TreeMap<>(files)
        .forEach(
            (file, text) -> {
              if (file.equals("/etc/dracut.conf")
                  || file.startsWith("/etc/dracut.conf.d/") && file.endsWith(".conf")) {
                omitted(file, text, names, warnings);
              }
            });
    return warnings;
  }

  private static void omitted(String file, String text, Set<String> names, List<String> warnings) {
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      String code = line.split("#", 2)[0].strip();
      if (!code.startsWith("omit_drivers=") && !code.startsWith("omit_drivers+=")) {
        continue;
      }
      List<String> left =
          names.stream().filter(name -> isOmitted(name, ModuleFile.normalized(code))).toList();
      if (!left.isEmpty()) {
        warnings.add(
            "%s:%d: omit_drivers leaves %s out; the next kernel update makes an initramfs without: take them out of that line"
                .formatted(file, number, String.join(", ", left)));
      }
    }
  }

  /** The words are regular expressions; of one that is more than a pattern with gaps it may be. */
  private static boolean isOmitted(String name, String code) {
    return Stream.of(code.substring(code.indexOf('=') + 1).split("[\\s\"']+"))
        .map(word -> word.substring(word.lastIndexOf('/') + 1).replaceAll("\\^|\\$", ""))
        .filter(word -> word.length() <= MAX_WORD)
        .map(word -> word.replaceAll("\\.[*+]", "*").replace('.', '?'))
        .map(word -> new Glob(word.replaceAll("[\\[\\]()|{}\\\\+]+[^*]*", "*")))
        .anyMatch(word -> word.matches(name));
  }

  /** A preset may name a configuration of its own, which is read in the place of the usual one. */
  private static List<String> otherConfigs(Map<String, String> files, Set<String> names) {
    List<String> warnings = new ArrayList<>();
    new TreeMap<>(files)
        .forEach(
            (file, text) -> {
              if (file.startsWith("/etc/mkinitcpio.d/") && file.endsWith(".preset")) {
                TextEdit edit = new TextEdit(file, text);
                ShellAssignments.of(edit).stream()
                    .filter(variable -> variable.name().endsWith("_config"))
                    .filter(variable -> !variable.value(text).equals(MkinitcpioConfig.MAIN))
                    .filter(variable -> !variable.name().startsWith("fallback"))
                    .forEach(
                        variable ->
                            warnings.add(
                                "%s: %s is %s, which is not changed here; the next kernel update makes an initramfs that may lack %s: add them to MODULES there"
                                    .formatted(
                                        file,
                                        variable.name(),
                                        variable.value(text),
                                        String.join(", ", names))));
              }
            });
    return warnings;
  }
}
