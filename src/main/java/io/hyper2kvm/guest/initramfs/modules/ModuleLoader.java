package io.hyper2kvm.guest.initramfs.modules;

import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What loads modules in an initramfs that has a module index.
 *
 * @param byAlias whether each device's module is loaded by its alias
 * @param listed the modules that are loaded whatever devices there are
 * @param list which list of modules its init reads
 */
record ModuleLoader(boolean byAlias, Set<String> listed, ListForm list) {

  /** A list of modules, and the file that gets those that are added. */
  enum ListForm {
    /** None that is known. */
    NONE(""),
    /** A name per line, read by the scripts of initramfs-tools. */
    INITRAMFS_TOOLS("conf/modules"),
    /** A name per line, read by systemd-modules-load. */
    SYSTEMD("etc/modules-load.d/hyper2kvm.conf"),
    /** Arguments of the command line, which dracut reads from files, too. */
    DRACUT("etc/cmdline.d/hyper2kvm-drivers.conf"),
    /** A shell variable that the busybox init of mkinitcpio reads. */
    MKINITCPIO("config");

    private final String file;

    ListForm(String file) {
      this.file = file;
    }
  }

  private static final List<String> UDEV =
      List.of(
          "usr/lib/systemd/systemd-udevd",
          "lib/systemd/systemd-udevd",
          "usr/lib/udev/udevd",
          "lib/udev/udevd",
          "usr/sbin/udevd",
          "usr/bin/udevd",
          "sbin/udevd",
          "bin/udevd");
  private static final List<String> MODULES_LOAD =
      List.of("usr/lib/systemd/systemd-modules-load", "lib/systemd/systemd-modules-load");
  private static final String PRE = "rd.driver.pre=";

  ModuleLoader {
    listed = Set.copyOf(listed);
  }

  static ModuleLoader of(InitramfsContents contents) {
    InitramfsGenerator generator = contents.generator();
    boolean systemd = has(contents, MODULES_LOAD);
    boolean byAlias =
        switch (generator) {
          case INITRAMFS_TOOLS, DRACUT, MKINITFS -> true;
          case MKINITCPIO -> systemd || contents.find("hooks/udev").isPresent();
          default -> has(contents, UDEV);
        };
    ListForm form = ListForm.NONE;
    if (generator == InitramfsGenerator.INITRAMFS_TOOLS) {
      form = ListForm.INITRAMFS_TOOLS;
    } else if (systemd) {
      form = ListForm.SYSTEMD;
    } else if (generator == InitramfsGenerator.DRACUT) {
      form = ListForm.DRACUT;
    } else if (generator == InitramfsGenerator.MKINITCPIO) {
      form = ListForm.MKINITCPIO;
    }
    return new ModuleLoader(byAlias, listed(contents, form, generator), form);
  }

  private static boolean has(InitramfsContents contents, List<String> programs) {
    return programs.stream().anyMatch(path -> contents.find(path).isPresent());
  }

  private static Set<String> listed(
      InitramfsContents contents, ListForm form, InitramfsGenerator generator) {
    Set<String> names = new LinkedHashSet<>();
    for (String file : contents.keptFiles()) {
      String text = contents.text(file).orElse("");
      boolean commandLine =
          file.equals("etc/cmdline") || file.startsWith("etc/cmdline.d/") && file.endsWith(".conf");
      if (form == ListForm.INITRAMFS_TOOLS && file.equals(form.file)
          || form == ListForm.SYSTEMD && isModulesLoad(file)) {
        names.addAll(ModuleList.names(text));
      } else if (form == ListForm.MKINITCPIO && file.equals(form.file)) {
        names.addAll(mkinitcpio(text));
      } else if (generator == InitramfsGenerator.DRACUT && commandLine) {
        names.addAll(dracut(text));
      }
    }
    return names;
  }

  private static boolean isModulesLoad(String file) {
    return file.endsWith(".conf")
        && (file.contains("lib/modules-load.d/") || file.startsWith("etc/modules-load.d/"));
  }

  private static Set<String> dracut(String text) {
    Set<String> names = new LinkedHashSet<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .flatMap(line -> List.of(line.split("\\s+")).stream())
        .filter(word -> word.startsWith(PRE))
        .flatMap(word -> List.of(word.substring(PRE.length()).split(",")).stream())
        .forEach(name -> names.add(ModuleFile.normalized(name)));
    return names;
  }

  private static Set<String> mkinitcpio(String text) {
    Set<String> names = new LinkedHashSet<>();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      if (line.startsWith("MODULES=")) {
        if (!line.contains("$MODULES")) {
          names.clear();
        }
        for (String name : line.substring("MODULES=".length()).split("[\\s\"']+")) {
          names.add(ModuleFile.normalized(name));
        }
      }
    }
    return names;
  }

  /** Whether there is anything in it that loads modules and that is known. */
  boolean loadsAnything() {
    return byAlias || list != ListForm.NONE;
  }

  /** Adds the list with these names, if the initramfs has one. */
  void addTo(InitramfsContents contents, Collection<String> wanted, Map<String, byte[]> files) {
    if (list == ListForm.NONE) {
      return;
    }
    String old =
        contents
            .content(list.file)
            .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
            .orElse("");
    Set<String> lacking = new LinkedHashSet<>(wanted);
    lacking.removeAll(listed);
    String text =
        switch (list) {
          case DRACUT -> lines(old, lacking, PRE + "%s");
          case MKINITCPIO ->
              lacking.isEmpty()
                  ? old
                  : lines(old, List.of(String.join(" ", lacking)), "MODULES=\"$MODULES %s\"");
          default -> ModuleList.with(old, wanted);
        };
    files.put(list.file, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String lines(String old, Collection<String> values, String form) {
    StringBuilder text = new StringBuilder(old);
    if (!old.isEmpty() && !old.endsWith("\n")) {
      text.append('\n');
    }
    values.forEach(value -> text.append(form.formatted(value)).append('\n'));
    return text.toString();
  }
}
