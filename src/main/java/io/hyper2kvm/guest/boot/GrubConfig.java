package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.boot.GrubScript.Kind;
import io.hyper2kvm.guest.boot.GrubScript.Statement;
import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.DeviceNumber;
import io.hyper2kvm.guest.disk.DeviceTag;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.StableReference;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.Excerpt;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A generated {@code grub.cfg}, or GRUB legacy's {@code menu.lst} and {@code grub.conf}. Only
 * kernel command lines change, and variables that stand for one or for its {@code root=}; GRUB's
 * own {@code root} and {@code search} are about GRUB's disks and stay.
 */
public final class GrubConfig {

  private static final int MAX_PROBLEMS = 500;

  /**
   * A kernel GRUB can boot.
   *
   * @param title the menu entry's title; empty outside of one
   * @param linuxPath the kernel as GRUB names it; may hold GRUB variables
   * @param initrdPaths the initramfs images, in order
   * @param cmdline the kernel command line, as it stands
   * @param line number of the line that loads the kernel, from 1
   */
  public record Entry(
      String title, String linuxPath, List<String> initrdPaths, String cmdline, int line) {

    /** Copies the list. */
    public Entry {
      initrdPaths = List.copyOf(initrdPaths);
    }
  }

  /**
   * Why a kernel would not find its root file system.
   *
   * @param line number of the line, from 1; 0 means the whole file
   * @param text the value at fault; empty if something is missing
   * @param reason what is wrong with it
   */
  public record Problem(int line, String text, String reason) {}

  private GrubConfig() {}

  /** Gives {@code root=} and {@code resume=} of every kernel stable names. */
  public static Edited stabilize(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    List<Statement> statements = GrubScript.statements(edit);
    Map<String, Set<RootFinder>> variables = GrubVariables.onKernelLines(text, statements);
    for (int i = 0; i < statements.size(); i++) {
      Statement statement = statements.get(i);
      switch (statement.kind()) {
        case KERNEL -> scan(edit, statement, disks, GrubVariables.finder(text, statements, i));
        case MODULE, LEGACY_OPTIONS -> scan(edit, statement, disks, RootFinder.INITRAMFS);
        case SET -> variable(edit, statement, disks, variables);
        default -> {}
      }
    }
    GrubScript.others(edit, statements)
        .forEach(
            other ->
                KernelCommandLine.scan(
                    edit, other.start(), other.end(), disks, other.carriesInitramfs()));
    if (statements.size() == GrubScript.MAX_STATEMENTS) {
      edit.warn(text.length(), "only the first " + statements.size() + " statements were read");
    }
    return edit.result();
  }

  /** Every kernel the file loads, also those in branches that may never be taken. */
  public static List<Entry> entries(String text) {
    TextEdit lines = new TextEdit("", text);
    List<Entry> entries = new ArrayList<>();
    String title = "";
    List<String> initrds = null;
    for (Statement statement : GrubScript.statements(lines)) {
      String arguments = text.substring(statement.start(), statement.end());
      boolean kernel =
          statement.kind() == Kind.KERNEL
              || (statement.kind() == Kind.MODULE
                  && KernelCommandLine.value(arguments, "root").isPresent());
      if (statement.kind() == Kind.TITLE) {
        title = statement.name();
        initrds = null;
      } else if (kernel) {
        initrds = new ArrayList<>();
        entries.add(entry(title, arguments, initrds, statement.line() + 1));
      } else if (initrds != null
          && (statement.kind() == Kind.INITRD || statement.kind() == Kind.MODULE)) {
        addPaths(arguments, initrds);
        Entry last = entries.get(entries.size() - 1);
        entries.set(
            entries.size() - 1,
            new Entry(last.title(), last.linuxPath(), initrds, last.cmdline(), last.line()));
      }
    }
    return entries;
  }

  /**
   * What a file leads to; a stub that reads another file leads to neither.
   *
   * @param kernels whether it loads kernels itself
   * @param blsEntries whether it reads entries of the boot loader specification
   */
  public record Loads(boolean kernels, boolean blsEntries) {}

  /** What a file leads to. */
  public static Loads loads(String text) {
    List<Statement> statements = GrubScript.statements(new TextEdit("", text));
    return new Loads(
        statements.stream().anyMatch(it -> it.kind() == Kind.KERNEL || it.kind() == Kind.MODULE),
        statements.stream().anyMatch(it -> it.kind() == Kind.BLS));
  }

  /**
   * What keeps the kernels of this file from their root file system: a {@code root=} that can
   * change, or that leads to no device, or no kernel at all (unless the file reads BLS entries).
   */
  public static List<Problem> unresolvedRoots(String text, GuestDisks disks) {
    TextEdit lines = new TextEdit("", text);
    List<Statement> statements = GrubScript.statements(lines);
    List<Problem> problems = new ArrayList<>();
    boolean bootable = false;
    for (Statement statement : statements) {
      String arguments = text.substring(statement.start(), statement.end());
      switch (statement.kind()) {
        case KERNEL, MODULE -> {
          bootable = true;
          KernelCommandLine.value(arguments, "root")
              .flatMap(root -> problem(statement.line(), root, disks))
              .ifPresent(problems::add);
        }
        case BLS -> bootable = true;
        case SET -> {
          String value = unquoted(arguments);
          Optional<String> root =
              GrubVariables.isRootDevice(statement.name(), value)
                  ? Optional.of(value)
                  : Optional.of(arguments)
                      .filter(words -> GrubVariables.isCommandLine(statement.name(), words))
                      .flatMap(words -> KernelCommandLine.value(words, "root"));
          root.flatMap(r -> problem(statement.line(), r, disks)).ifPresent(problems::add);
        }
        default -> {}
      }
      if (problems.size() >= MAX_PROBLEMS) {
        break;
      }
    }
    for (GrubScript.Other other : GrubScript.others(lines, statements)) {
      KernelCommandLine.value(text.substring(other.start(), other.end()), "root")
          .filter(root -> root.startsWith("/dev/") || DeviceTag.of(root).isPresent())
          .filter(root -> problems.size() < MAX_PROBLEMS)
          .flatMap(root -> problem(other.line(), root, disks))
          .ifPresent(problems::add);
    }
    if (!bootable) {
      problems.add(new Problem(0, "", "the file loads no kernel"));
    }
    return problems;
  }

  /** What is wrong with the value of a {@code root=}, on a line that is counted from 0. */
  static Optional<Problem> problem(int line, String root, GuestDisks disks) {
    String device = root.startsWith("block:") ? root.substring("block:".length()) : root;
    String reason = "";
    if (DeviceNames.isUnstable(device) || DeviceNumber.is(device)) {
      reason = "the name can change between hypervisors";
    } else if (StableReference.resolvesToNothing(device, disks)) {
      reason = "it leads to no device of this VM, or to several";
    }
    String shown = Excerpt.of(root);
    return reason.isEmpty() ? Optional.empty() : Optional.of(new Problem(line + 1, shown, reason));
  }

  private static void scan(
      TextEdit edit, Statement statement, GuestDisks disks, RootFinder finder) {
    KernelCommandLine.scan(edit, statement.start(), statement.end(), disks, finder);
  }

  /** A variable with the root device alone, as Photon has one, or with words of a command line. */
  private static void variable(
      TextEdit edit,
      Statement statement,
      GuestDisks disks,
      Map<String, Set<RootFinder>> variables) {
    String value = edit.text().substring(statement.start(), statement.end());
    Set<RootFinder> finders = variables.getOrDefault(statement.name(), Set.of());
    if (GrubVariables.isRootDevice(statement.name(), unquoted(value))) {
      String device = unquoted(value);
      int start = statement.start() + value.indexOf(device);
      KernelCommandLine.rootValue(
          edit, start, start + device.length(), disks, RootFinder.ofAll(finders));
    } else if (GrubVariables.isCommandLine(statement.name(), value)) {
      boolean entries = finders.isEmpty() && statement.name().contains("kernelopts");
      scan(edit, statement, disks, entries ? RootFinder.INITRAMFS : RootFinder.ofAll(finders));
    }
  }

  private static Entry entry(String title, String arguments, List<String> initrds, int line) {
    int start = 0;
    int end = wordEnd(arguments, start);
    while (arguments.startsWith("--", start)) {
      start = wordStart(arguments, end);
      end = wordEnd(arguments, start);
    }
    String path = arguments.substring(start, end);
    return new Entry(title, path, initrds, arguments.substring(end).strip(), line);
  }

  private static void addPaths(String arguments, List<String> paths) {
    for (String word : arguments.strip().split("[ \t]+")) {
      if (!word.isEmpty() && !word.startsWith("--") && paths.size() < MAX_PROBLEMS) {
        paths.add(word);
      }
    }
  }

  private static int wordStart(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
    return at;
  }

  private static int wordEnd(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) > ' ') {
      at++;
    }
    return at;
  }

  private static String unquoted(String value) {
    String stripped = value.strip();
    int last = stripped.length() - 1;
    boolean quoted =
        last > 0
            && (stripped.charAt(0) == '"' || stripped.charAt(0) == '\'')
            && stripped.charAt(last) == stripped.charAt(0);
    return quoted ? stripped.substring(1, last) : stripped;
  }
}
