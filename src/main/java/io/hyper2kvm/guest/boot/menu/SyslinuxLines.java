package io.hyper2kvm.guest.boot.menu;

import io.hyper2kvm.guest.boot.BootFile;
import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The lines of a configuration of syslinux, extlinux or U-Boot, with those of the files that it
 * includes at their place.
 */
final class SyslinuxLines {

  private static final int DEEPEST = 8;
  private static final int MOST = 20_000;

  /**
   * A line that is not blank and no comment.
   *
   * @param file where it stands
   * @param number its number there, from 0
   * @param keyword its first word in lower case; two words for {@code menu default}
   * @param value what follows
   */
  record Line(String file, int number, String keyword, String value) {}

  private final SortedMap<String, String> texts;
  private final List<Line> lines = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  SyslinuxLines(String file, SortedMap<String, String> texts) {
    this.texts = texts;
    read(file, 0);
  }

  List<Line> lines() {
    return lines;
  }

  /** The files that are included and were not found. */
  List<String> missing() {
    return missing;
  }

  /** The files that another one of these includes are no menus of their own. */
  static List<String> outermost(SortedMap<String, String> texts) {
    List<String> files =
        texts.keySet().stream()
            .filter(file -> BootFile.of(file).equals(Optional.of(BootFile.SYSLINUX)))
            .toList();
    List<String> included = new ArrayList<>();
    for (String file : files) {
      new SyslinuxLines(file, texts)
          .lines.stream()
              .map(Line::file)
              .filter(other -> !other.equals(file))
              .forEach(included::add);
    }
    return files.stream().filter(file -> !included.contains(file)).toList();
  }

  private void read(String file, int depth) {
    TextEdit edit = new TextEdit(file, texts.get(file));
    for (int line = 0; line < edit.lineCount() && lines.size() < MOST; line++) {
      KeywordLine words = KeywordLine.of(edit, line);
      String keyword = words.keyword().toLowerCase(Locale.ROOT);
      String value = edit.text().substring(words.rest(), words.end()).strip();
      if (keyword.equals("menu")) {
        String[] more = value.split("\\s+", 2);
        keyword += " " + more[0].toLowerCase(Locale.ROOT);
        value = more.length > 1 ? more[1] : "";
      }
      boolean include = keyword.equals("include") || keyword.equals("menu include");
      if (include) {
        String target = value.split("\\s+", 2)[0];
        Optional<String> found = found(file, target);
        if (found.isPresent() && depth < DEEPEST) {
          read(found.get(), depth + 1);
        } else {
          missing.add(target);
        }
      } else if (!keyword.isEmpty() && !keyword.startsWith("#")) {
        lines.add(new Line(file, line, keyword, value));
      }
    }
  }

  /** A path is counted from the folder of the first file, or from the root of its file system. */
  private Optional<String> found(String file, String target) {
    String folder = file.substring(0, file.lastIndexOf('/') + 1);
    String path = target.startsWith("/") ? target : folder + target;
    return texts.keySet().stream()
        .filter(it -> BootFile.of(it).equals(Optional.of(BootFile.SYSLINUX)))
        .filter(it -> !it.equals(file))
        .filter(it -> it.equalsIgnoreCase(path) || (target.startsWith("/") && it.endsWith(target)))
        .findFirst();
  }
}
