package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.edit.Excerpt;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What LILO and rEFInd start, as far as their files tell. LILO starts from a map of blocks that its
 * program wrote (lilo(8)): a changed {@code lilo.conf}, kernel or initramfs changes nothing before
 * that program runs again, and it is not run here, since it writes into boot sectors. What rEFInd
 * starts by itself, it remembers outside of its files.
 */
public final class LoaderSettings {

  private static final String LILO = "/etc/lilo.conf";
  private static final int MAX_VALUE = 200;

  /** A setting at its place. */
  private record Setting(String file, int line, String key, String value) {

    private Setting {
      Objects.requireNonNull(file, "file");
    }

    private String place() {
      return file + ":" + line;
    }
  }

  private LoaderSettings() {}

  /** Whether the guest starts by LILO's map; ELILO reads its files at each start. */
  public static boolean hasLilo(Map<String, String> texts) {
    return texts.containsKey(LILO);
  }

  /**
   * Why an initramfs cannot change under LILO; empty if LILO loads none.
   *
   * @param texts the guest's files by path
   */
  public static Optional<String> fixedInitramfs(Map<String, String> texts, String initramfs) {
    return settings(LILO, texts.getOrDefault(LILO, "")).stream()
        .filter(setting -> setting.key().equals("initrd"))
        .findFirst()
        .map(
            setting ->
                "%s: LILO loads initrd=%s by the blocks that its map lists, and would load the old ones of %s after a change: add the virtio drivers in the guest and run lilo there, or install GRUB"
                    .formatted(setting.place(), setting.value(), initramfs));
  }

  /** What is not known of the guest's start with LILO; empty for another loader. */
  public static Optional<String> liloStart(Map<String, String> texts) {
    List<Setting> settings = settings(LILO, texts.getOrDefault(LILO, ""));
    Optional<Setting> choice =
        settings.stream()
            .filter(setting -> setting.key().equals("default"))
            .reduce((first, last) -> last);
    Optional<Setting> first =
        settings.stream()
            .filter(it -> it.key().equals("image") || it.key().equals("other"))
            .findFirst();
    return choice
        .or(() -> first)
        .map(
            it ->
                "%s: %s=%s%s starts by itself if lilo was run since that line was written; its map is not read here: run lilo in the guest before it is moved, or install GRUB"
                    .formatted(
                        it.place(),
                        it.key(),
                        it.value(),
                        choice.isPresent() ? "" : ", the first,"));
  }

  /**
   * Why another kernel cannot be made the default.
   *
   * @return empty for a guest with neither loader
   */
  public static Optional<String> refusal(Map<String, String> texts) {
    Map<String, String> sorted = new TreeMap<>(texts);
    for (Map.Entry<String, String> file : sorted.entrySet()) {
      if (BootFile.of(file.getKey()).equals(Optional.of(BootFile.REFIND))) {
        return Optional.of(
            settings(file.getKey(), file.getValue()).stream()
                .filter(setting -> setting.key().equals("default_selection"))
                .reduce((first, last) -> last)
                .map(
                    it ->
                        "%s: rEFInd chooses by default_selection %s, which is not evaluated here; write a part of the right kernel's name there"
                            .formatted(it.place(), it.value()))
                .orElse(
                    file.getKey()
                        + ": rEFInd starts what it started last, which only the old machine knew; add default_selection with a part of the right kernel's name"));
      }
    }
    Optional<String> alone =
        sorted.keySet().stream()
            .filter(file -> BootFile.of(file).equals(Optional.of(BootFile.REFIND_LINUX)))
            .findFirst()
            .map(
                file ->
                    file
                        + ": rEFInd starts what it started last, which only the old machine knew, and no refind.conf was found; add default_selection to it");
    return alone.or(() -> liloStart(sorted)).or(() -> elilo(sorted));
  }

  private static Optional<String> elilo(Map<String, String> texts) {
    return texts.keySet().stream()
        .filter(file -> BootFile.of(file).equals(Optional.of(BootFile.LILO)))
        .findFirst()
        .map(
            file ->
                "%s: the default of ELILO is not set here; write default= with the right label"
                    .formatted(file));
  }

  /** Lines {@code key = value} and {@code key value}, without comments. */
  private static List<Setting> settings(String file, String text) {
    List<Setting> found = new ArrayList<>();
    TextEdit lines = new TextEdit(file, text);
    for (int line = 0; line < lines.lineCount(); line++) {
      if (lines.lineEnd(line) - lines.lineStart(line) > 4 * MAX_VALUE) {
        continue;
      }
      String words = lines.line(line).strip();
      int end = 0;
      while (end < words.length() && words.charAt(end) > ' ' && words.charAt(end) != '=') {
        end++;
      }
      String value = words.substring(end).strip();
      value = value.startsWith("=") ? value.substring(1).strip() : value;
      if (!words.startsWith("#") && !value.isEmpty()) {
        String shown = value.substring(0, Math.min(value.length(), MAX_VALUE)).replace("\"", "");
        found.add(new Setting(file, line + 1, words.substring(0, end), Excerpt.of(shown)));
      }
    }
    return found;
  }
}
