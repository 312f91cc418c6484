package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.boot.GrubConfig.Problem;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All boot entries of a guest, of every file that was found: whether each leads to its root file
 * system.
 */
public final class BootEntries {

  private static final int MAX_PROBLEMS = 500;
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z0-9_]{1,64})");

  private final Map<String, String> files;
  private final GuestDisks disks;
  private final Set<String> variablesWithRoot;
  private final Map<String, List<Problem>> problems = new TreeMap<>();
  private int count;

  private BootEntries(Map<String, String> files, GuestDisks disks) {
    this.files = files;
    this.disks = disks;
    this.variablesWithRoot = variablesWithRoot(files);
  }

  /**
   * What keeps kernels from their root file system: a {@code root=} that can change, that leads to
   * no device, or that is taken from a variable which nothing sets; or no entry at all.
   *
   * @param files the guest's configuration files: content by path
   * @return the problems by file; those of no file in particular are of its first
   */
  public static Map<String, List<Problem>> problems(Map<String, String> files, GuestDisks disks) {
    BootEntries entries = new BootEntries(files, disks);
    files.forEach(entries::look);
    entries.requireAKernel();
    return entries.problems;
  }

  private void look(String file, String text) {
    Optional<BootFile> kind = BootFile.of(file);
    if (kind.isEmpty()) {
      return;
    }
    TextEdit lines = new TextEdit(file, text);
    switch (kind.get()) {
      case GRUB_CONFIG ->
          GrubConfig.unresolvedRoots(text, disks).stream()
              .filter(problem -> problem.line() > 0)
              .forEach(problem -> add(file, problem));
      case BLS_ENTRY -> bls(file, lines);
      case GRUB_ENVIRONMENT -> environment(file, lines);
      case SYSLINUX, REFIND, REFIND_LINUX, UNIFIED_KERNEL -> commandLines(file, lines);
      case COMMAND_LINE -> {
        // Those of /etc and /usr are for kernels to come.
        if (!file.startsWith("/etc/") && !file.startsWith("/usr/")) {
          commandLines(file, lines);
        }
      }
      case LILO -> lilo(file, lines);
      default -> {}
    }
  }

  /** Several lines of options are one command line. */
  private void bls(String file, TextEdit lines) {
    boolean rooted = false;
    List<Integer> without = new ArrayList<>();
    for (int line = 0; line < lines.lineCount(); line++) {
      if (KeywordLine.of(lines, line).keyword().equals("options")) {
        Optional<String> root = KernelCommandLine.value(options(lines, line), "root");
        if (root.isPresent()) {
          root(file, line, root.get());
          rooted = true;
        } else {
          without.add(line);
        }
      }
    }
    if (!rooted) {
      without.forEach(line -> variables(file, line, options(lines, line)));
    }
  }

  private static String options(TextEdit lines, int line) {
    KeywordLine keyword = KeywordLine.of(lines, line);
    return lines.text().substring(keyword.rest(), keyword.end());
  }

  /** GRUB takes them from its environment block, or from what grub.cfg sets when that has none. */
  private void variables(String file, int line, String options) {
    Matcher matcher = VARIABLE.matcher(options);
    String wanted = "";
    while (matcher.find()) {
      String name = matcher.group(1);
      if (variablesWithRoot.contains(name)) {
        return;
      }
      wanted = GrubScript.isCommandLineVariable(name) && wanted.isEmpty() ? name : wanted;
    }
    if (!wanted.isEmpty()) {
      add(
          file,
          new Problem(
              line + 1,
              "$" + wanted,
              "neither a grubenv nor a grub.cfg sets $" + wanted + " with a root="));
    }
  }

  /** The variables that some file gives a value with a root. */
  private static Set<String> variablesWithRoot(Map<String, String> files) {
    Set<String> names = new HashSet<>();
    files.forEach(
        (file, text) -> {
          Optional<BootFile> kind = BootFile.of(file);
          TextEdit lines = new TextEdit("", text);
          if (kind.equals(Optional.of(BootFile.GRUB_CONFIG))) {
            for (GrubScript.Statement it : GrubScript.statements(lines)) {
              if (it.kind() == GrubScript.Kind.SET) {
                addIfRoot(it.name(), text.substring(it.start(), it.end()), names);
              }
            }
          } else if (kind.equals(Optional.of(BootFile.GRUB_ENVIRONMENT))) {
            for (int line = 0; line < lines.lineCount(); line++) {
              String setting = lines.line(line);
              int equals = setting.indexOf('=');
              if (equals > 0) {
                addIfRoot(setting.substring(0, equals), setting.substring(equals + 1), names);
              }
            }
          }
        });
    return names;
  }

  private static void addIfRoot(String name, String value, Set<String> names) {
    if (KernelCommandLine.value(value, "root").isPresent()) {
      names.add(name);
    }
  }

  private void environment(String file, TextEdit lines) {
    for (int line = 0; line < lines.lineCount(); line++) {
      String text = lines.line(line);
      int equals = text.indexOf('=');
      if (equals > 0) {
        int at = line;
        String value = text.substring(equals + 1);
        if (GrubVariables.isRootDevice(text.substring(0, equals), value.strip())) {
          root(file, at, value.strip());
        }
        if (GrubVariables.isCommandLine(text.substring(0, equals), value)) {
          KernelCommandLine.value(value, "root").ifPresent(root -> root(file, at, root));
        }
      }
    }
  }

  private void commandLines(String file, TextEdit lines) {
    for (int line = 0; line < lines.lineCount(); line++) {
      if (!lines.line(line).stripLeading().startsWith("#")) {
        int at = line;
        KernelCommandLine.value(lines.line(line), "root").ifPresent(root -> root(file, at, root));
      }
    }
  }

  private void lilo(String file, TextEdit lines) {
    for (int line = 0; line < lines.lineCount(); line++) {
      int at = line;
      Lilo.root(lines, line).ifPresent(root -> root(file, at, root));
    }
  }

  private void root(String file, int line, String root) {
    GrubConfig.problem(line, root, disks).ifPresent(problem -> add(file, problem));
  }

  private void add(String file, Problem problem) {
    if (count++ < MAX_PROBLEMS) {
      problems.computeIfAbsent(file, key -> new ArrayList<>()).add(problem);
    }
  }

  /** GRUB's files must lead to a kernel, in one of them or in the entries that one reads. */
  private void requireAKernel() {
    Set<String> grub = new HashSet<>();
    boolean bootable = false;
    boolean readsBls = false;
    boolean hasBls = false;
    for (Map.Entry<String, String> file : files.entrySet()) {
      BootFile kind = BootFile.of(file.getKey()).orElse(BootFile.GRUB_DEFAULTS);
      if (kind == BootFile.GRUB_CONFIG && BootFile.isEntry(file.getKey())) {
        grub.add(file.getKey());
        GrubConfig.Loads loads = GrubConfig.loads(file.getValue());
        bootable |= loads.kernels();
        readsBls |= loads.blsEntries();
      }
      hasBls |= kind == BootFile.BLS_ENTRY;
      bootable |= kind == BootFile.UNIFIED_KERNEL || kind == BootFile.SYSLINUX;
    }
    String problem = readsBls ? "blscfg finds no entry" : "the file loads no kernel";
    if (!bootable && !hasBls) {
      grub.stream().sorted().findFirst().ifPresent(file -> add(file, new Problem(0, "", problem)));
    }
  }
}
