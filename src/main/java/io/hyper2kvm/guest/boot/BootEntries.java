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
  private final Map<String, List<Problem>> problems = new TreeMap<>();
  private int count;

  private BootEntries(Map<String, String> files, GuestDisks disks) {
    this.files = files;
    this.disks = disks;
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

  private void bls(String file, TextEdit lines) {
    for (int line = 0; line < lines.lineCount(); line++) {
      KeywordLine keyword = KeywordLine.of(lines, line);
      if (!keyword.keyword().equals("options")) {
        continue;
      }
      String options = lines.text().substring(keyword.rest(), keyword.end());
      Optional<String> root = KernelCommandLine.value(options, "root");
      if (root.isPresent()) {
        root(file, line, root.get());
      } else {
        variables(file, line, options);
      }
    }
  }

  /** GRUB takes them from its environment block, or from what grub.cfg sets when that has none. */
  private void variables(String file, int line, String options) {
    Matcher matcher = VARIABLE.matcher(options);
    String wanted = "";
    while (matcher.find()) {
      String name = matcher.group(1);
      if (setsRoot(name)) {
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

  private boolean setsRoot(String name) {
    return files.entrySet().stream()
        .anyMatch(
            file ->
                BootFile.of(file.getKey()).filter(k -> sets(k, file.getValue(), name)).isPresent());
  }

  private static boolean sets(BootFile kind, String text, String name) {
    if (kind == BootFile.GRUB_CONFIG) {
      TextEdit edit = new TextEdit("", text);
      return GrubScript.statements(edit).stream()
          .filter(it -> it.kind() == GrubScript.Kind.SET && it.name().equals(name))
          .anyMatch(
              it ->
                  KernelCommandLine.value(text.substring(it.start(), it.end()), "root")
                      .isPresent());
    }
    return kind == BootFile.GRUB_ENVIRONMENT
        && text.lines()
            .filter(line -> line.startsWith(name + "="))
            .anyMatch(
                line ->
                    KernelCommandLine.value(line.substring(name.length() + 1), "root").isPresent());
  }

  private void environment(String file, TextEdit lines) {
    for (int line = 0; line < lines.lineCount(); line++) {
      String text = lines.line(line);
      int equals = text.indexOf('=');
      if (equals > 0 && GrubScript.isCommandLineVariable(text.substring(0, equals))) {
        int at = line;
        KernelCommandLine.value(text.substring(equals + 1), "root")
            .ifPresent(root -> root(file, at, root));
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
