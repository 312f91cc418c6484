package io.hyper2kvm.guest.boot.menu;

import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An entry of the boot loader specification, of type 1 (a file {@code loader/entries/*.conf}) or of
 * type 2 (a unified kernel image), with what it is sorted by.
 *
 * @param file the guest's file
 * @param line the line that names the kernel, from 1; 1 for a unified image
 * @param id the file's name without the counters of boot counting: {@code debian.conf}
 * @param sortKey what groups entries; empty when it has none
 * @param machineId of the installation; empty when it has none
 * @param version what the newest is told by
 * @param kernel the kernel's path; the image itself for a unified one
 * @param title what the menu shows
 * @param exhausted whether boot counting has given it up: no tries are left
 */
record LoaderEntry(
    String file,
    int line,
    String id,
    String sortKey,
    String machineId,
    String version,
    String kernel,
    String title,
    boolean exhausted) {

  /** The specification's order; the first is the one that starts when nothing else is said. */
  static final Comparator<LoaderEntry> BY_SPECIFICATION =
      Comparator.comparing(LoaderEntry::exhausted)
          .thenComparing(entry -> entry.sortKey.isEmpty())
          .thenComparing(LoaderEntry::sortKey)
          .thenComparing(LoaderEntry::byKeyOnly)
          .thenComparing(entry -> withoutSuffix(entry.id), VersionOrder.OLDEST_FIRST.reversed());

  /** GRUB sorts by the file's name alone. */
  static final Comparator<LoaderEntry> BY_NAME =
      Comparator.comparing(entry -> withoutSuffix(entry.id), VersionOrder.OLDEST_FIRST.reversed());

  /** {@code NAME+LEFT-DONE.conf} of automatic boot assessment. */
  private static final Pattern COUNTED =
      Pattern.compile("(.{1,255}?)\\+([0-9]{1,9})(?:-[0-9]{1,9})?(\\.conf|\\.efi)");

  /** The machine and the version matter only among entries with the same key. */
  private static int byKeyOnly(LoaderEntry one, LoaderEntry other) {
    if (one.sortKey.isEmpty() || other.sortKey.isEmpty()) {
      return 0;
    }
    int machine = one.machineId.compareTo(other.machineId);
    return machine != 0 ? machine : VersionOrder.OLDEST_FIRST.compare(other.version, one.version);
  }

  /** An entry of type 1. */
  static LoaderEntry ofText(String file, String text) {
    Map<String, String> words = new LinkedHashMap<>();
    int kernelLine = 0;
    TextEdit lines = new TextEdit(file, text);
    for (int line = 0; line < lines.lineCount(); line++) {
      KeywordLine keyword = KeywordLine.of(lines, line);
      String value = text.substring(keyword.rest(), keyword.end()).strip();
      boolean kernel =
          keyword.keyword().equals("linux")
              || keyword.keyword().equals("efi")
              || keyword.keyword().equals("uki");
      if (kernel && !words.containsKey("kernel")) {
        words.put("kernel", value);
        kernelLine = line + 1;
      }
      words.put(keyword.keyword(), value);
    }
    Matcher counted = COUNTED.matcher(nameOf(file));
    return new LoaderEntry(
        file,
        Math.max(1, kernelLine),
        idOf(file),
        words.getOrDefault("sort-key", ""),
        words.getOrDefault("machine-id", ""),
        words.getOrDefault("version", ""),
        words.getOrDefault("kernel", ""),
        words.getOrDefault("title", ""),
        counted.matches() && Integer.parseInt(counted.group(2)) == 0);
  }

  /**
   * An entry of type 2.
   *
   * @param release the keys of the os-release inside it
   */
  static LoaderEntry ofImage(String file, Map<String, String> release) {
    Matcher counted = COUNTED.matcher(nameOf(file));
    return new LoaderEntry(
        file,
        1,
        idOf(file),
        first(release, "IMAGE_ID", "ID"),
        "",
        first(release, "IMAGE_VERSION", "VERSION", "VERSION_ID", "BUILD_ID"),
        file,
        first(release, "PRETTY_NAME", "IMAGE_ID", "NAME", "ID"),
        counted.matches() && Integer.parseInt(counted.group(2)) == 0);
  }

  private static String first(Map<String, String> release, String... keys) {
    for (String key : keys) {
      String value = release.getOrDefault(key, "");
      if (!value.isEmpty()) {
        return value;
      }
    }
    return "";
  }

  private static String nameOf(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
  }

  private static String idOf(String file) {
    String name = nameOf(file);
    Matcher counted = COUNTED.matcher(name);
    return (counted.matches() ? counted.group(1) + counted.group(3) : name)
        .toLowerCase(Locale.ROOT);
  }

  static String withoutSuffix(String id) {
    int dot = id.lastIndexOf('.');
    return dot > 0 ? id.substring(0, dot) : id;
  }
}
