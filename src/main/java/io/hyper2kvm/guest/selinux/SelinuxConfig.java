package io.hyper2kvm.guest.selinux;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A guest's {@code /etc/selinux/config}, with what its kernels' command lines say against it.
 *
 * @param mode what SELinux does when the guest runs
 * @param policy the name of its policy's folder below {@code /etc/selinux}; empty when it is
 *     disabled
 */
public record SelinuxConfig(SelinuxMode mode, String policy) {

  /** Where it lies. */
  public static final String FILE = "/etc/selinux/config";

  private static final SelinuxConfig OFF = new SelinuxConfig(SelinuxMode.DISABLED, "");
  private static final String DEFAULT_POLICY = "targeted";

  /** It becomes a part of paths. */
  private static final Pattern POLICY = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");

  /** The words that a kernel's command line stands behind in the files of boot loaders. */
  private static final Set<String> COMMAND_LINES =
      Set.of("linux", "linux16", "linuxefi", "kernel", "options", "append");

  public SelinuxConfig {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(policy, "policy");
  }

  /**
   * Reads a guest's configuration.
   *
   * @param texts its files by path; without {@link #FILE} SELinux is disabled
   */
  public static SelinuxConfig of(Map<String, String> texts) {
    String text = texts.get(FILE);
    if (text == null) {
      return OFF;
    }
    SelinuxMode mode = overridden(configured(text), texts.values());
    return mode == SelinuxMode.DISABLED ? OFF : new SelinuxConfig(mode, policy(text));
  }

  /** As libselinux reads it: the first line counts; without one nothing is enforced. */
  private static SelinuxMode configured(String text) {
    for (String value : values(text, "SELINUX=")) {
      String word = value.toLowerCase(Locale.ROOT);
      for (SelinuxMode mode : SelinuxMode.values()) {
        if (word.startsWith(mode.word())) {
          return mode;
        }
      }
    }
    return SelinuxMode.PERMISSIVE;
  }

  /** Here the last line counts. One that is no plain name is not followed. */
  private static String policy(String text) {
    List<String> values = values(text, "SELINUXTYPE=");
    String last = values.isEmpty() ? DEFAULT_POLICY : values.get(values.size() - 1);
    return POLICY.matcher(last).matches() ? last : "";
  }

  private static List<String> values(String text, String key) {
    return text.lines()
        .map(String::strip)
        .filter(line -> line.regionMatches(true, 0, key, 0, key.length()))
        .map(line -> line.substring(key.length()).strip())
        .toList();
  }

  /** Only what all kernels are told counts: which one starts is not decided here. */
  private static SelinuxMode overridden(SelinuxMode mode, Collection<String> texts) {
    List<List<String>> lines = new ArrayList<>();
    texts.forEach(text -> text.lines().forEach(line -> commandLine(line.strip(), lines)));
    if (lines.isEmpty()) {
      return mode;
    }
    if (lines.stream().allMatch(words -> last(words, "selinux=").equals("0"))) {
      return SelinuxMode.DISABLED;
    }
    boolean permissive = lines.stream().allMatch(words -> last(words, "enforcing=").equals("0"));
    return permissive && mode == SelinuxMode.ENFORCING ? SelinuxMode.PERMISSIVE : mode;
  }

  private static void commandLine(String line, List<List<String>> lines) {
    List<String> words = List.of(line.split("[ \t]+", 500));
    boolean isOne =
        line.startsWith("kernelopts=")
            || COMMAND_LINES.contains(words.get(0).toLowerCase(Locale.ROOT));
    if (isOne && words.stream().anyMatch(word -> word.contains("root="))) {
      lines.add(words);
    }
  }

  private static String last(List<String> words, String key) {
    String value = "";
    for (String word : words) {
      if (word.startsWith(key)) {
        value = word.substring(key.length());
      }
    }
    return value;
  }
}
