package io.hyper2kvm.guest.boot.menu;

import io.hyper2kvm.guest.boot.BootFile;
import io.hyper2kvm.guest.boot.GrubConfig;
import io.hyper2kvm.guest.boot.UnifiedKernel;
import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The kernel command lines that count when the question is what the guest's kernel is told: that of
 * the entry that starts by itself, as far as the loader's files tell; else those of all entries.
 */
public final class StartedCommandLines {

  private static final Set<String> OPTIONS = Set.of("append", "options", "add_options");

  private final Map<String, String> texts;
  private final List<String> all = new ArrayList<>();
  private String started = "";

  private StartedCommandLines(Map<String, String> texts) {
    this.texts = new TreeMap<>(texts);
  }

  /**
   * The command lines.
   *
   * @param texts the guest's files by path
   */
  public static List<String> of(Map<String, String> texts) {
    StartedCommandLines lines = new StartedCommandLines(texts);
    Optional<MenuEntry> start = DefaultKernel.start(texts, Map.of()).flatMap(MenuStart::entry);
    lines.texts.forEach((file, text) -> lines.read(file, text, start));
    return lines.started.isEmpty() ? lines.all : List.of(lines.started);
  }

  /** Whether each of the command lines has the word; without any, none is told so. */
  public static boolean allSay(List<String> commandLines, String word) {
    return !commandLines.isEmpty() && commandLines.stream().allMatch(line -> says(line, word));
  }

  /** Whether the command line has the word. */
  public static boolean says(String commandLine, String word) {
    return (" " + commandLine.replaceAll("[\\s\"']", " ") + " ").contains(" " + word + " ");
  }

  private void read(String file, String text, Optional<MenuEntry> start) {
    Optional<BootFile> kind = BootFile.of(file);
    boolean own = start.filter(entry -> entry.file().equals(file)).isPresent();
    if (kind.isEmpty() || file.startsWith("/etc/") && kind.get() != BootFile.LILO) {
      return;
    }
    switch (kind.get()) {
      case GRUB_CONFIG -> {
        int from = own ? start.get().line() : Integer.MAX_VALUE;
        for (GrubConfig.Entry entry : GrubConfig.entries(text)) {
          String line = expanded(entry.cmdline());
          if (line.contains("root=")) {
            all.add(line);
            started = started.isEmpty() && entry.line() >= from ? line : started;
          }
        }
      }
      case BLS_ENTRY -> {
        String line = expanded(options(text));
        all.add(line);
        started = own ? line : started;
      }
      case UNIFIED_KERNEL -> {
        if (!UnifiedKernel.isAddon(file)) {
          all.add(text);
          started = own ? text : started;
        }
      }
      case SYSLINUX, REFIND, LILO -> all.addAll(lines(text));
      case COMMAND_LINE -> {
        if (!file.startsWith("/usr/")) {
          all.add(text);
        }
      }
      case REFIND_LINUX -> text.lines().filter(line -> !line.startsWith("#")).forEach(all::add);
      default -> {}
    }
  }

  private static String options(String text) {
    return String.join(" ", lines(text));
  }

  private static List<String> lines(String text) {
    List<String> found = new ArrayList<>();
    TextEdit edit = new TextEdit("", text);
    for (int line = 0; line < edit.lineCount(); line++) {
      KeywordLine words = KeywordLine.of(edit, line);
      String keyword = words.keyword().toLowerCase(Locale.ROOT);
      int equals = keyword.indexOf('=');
      if (OPTIONS.contains(equals > 0 ? keyword.substring(0, equals) : keyword)) {
        found.add(
            edit.line(line)
                .strip()
                .substring(keyword.length() - (equals > 0 ? keyword.length() - equals - 1 : 0)));
      }
    }
    return found;
  }

  /** With the values of GRUB's variables in the environment block, which follow the words. */
  private String expanded(String line) {
    if (line.indexOf('$') < 0) {
      return line;
    }
    StringBuilder more = new StringBuilder(line);
    texts.forEach(
        (file, text) -> {
          if (BootFile.of(file).equals(Optional.of(BootFile.GRUB_ENVIRONMENT))) {
            text.lines()
                .filter(setting -> setting.indexOf('=') > 0 && setting.length() < 8192)
                .filter(
                    setting -> {
                      String name = setting.substring(0, setting.indexOf('='));
                      return line.contains("$" + name) || line.contains("${" + name + "}");
                    })
                .forEach(
                    setting ->
                        more.append(' ').append(setting.substring(setting.indexOf('=') + 1)));
          }
        });
    return more.toString();
  }
}
