package io.hyper2kvm.guest.initramfs.modules;

import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /etc/booster.init.yaml}, which booster's generator writes for its init: top keys in small
 * letters at the margin, blocks indented. Only what concerns modules is read and changed; a form
 * that the generator does not write is refused.
 *
 * @param text the file
 * @param needs each module with those that must be loaded before it
 * @param forced the modules that are loaded whatever devices there are
 * @param kernel the version it is for; empty when it does not say
 */
record BoosterInit(
    String text, Map<String, List<String>> needs, Set<String> forced, String kernel) {

  static final String FILE = "etc/booster.init.yaml";

  private static final String NEEDS = "moduledependencies";
  private static final String FORCED = "modulesforceload";
  private static final Pattern TOP = Pattern.compile("([a-z_0-9]{1,64}):(?: (.{0,1000}))?");
  private static final Pattern KEY = Pattern.compile(" {1,8}([A-Za-z0-9_-]{1,64}):(?: \\[\\])?");
  private static final Pattern ITEM = Pattern.compile(" {0,16}- ([A-Za-z0-9_-]{1,64})");

  BoosterInit {
    needs = new LinkedHashMap<>(needs);
    forced = new LinkedHashSet<>(forced);
  }

  /**
   * Reads it.
   *
   * @throws InitramfsFormatException if a block about modules has another form
   */
  static BoosterInit parse(String text) throws InitramfsFormatException {
    Map<String, List<String>> needs = new LinkedHashMap<>();
    Set<String> forced = new LinkedHashSet<>();
    String kernel = "";
    String section = "";
    String module = "";
    Set<String> seen = new LinkedHashSet<>();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      Optional<Matcher> top = matched(TOP, line);
      if (top.isPresent()) {
        section = top.get().group(1);
        String value = Optional.ofNullable(top.get().group(2)).orElse("").strip();
        boolean ours = section.equals(NEEDS) || section.equals(FORCED);
        if (ours && !(value.isEmpty() || value.equals("[]") || value.equals("{}"))
            || !seen.add(section)) {
          throw unknown(line);
        }
        kernel = section.equals("kernel") ? value.replaceAll("^[\"']|[\"']$", "") : kernel;
      } else if (section.equals(NEEDS)) {
        Optional<Matcher> key = matched(KEY, line);
        Optional<Matcher> item = matched(ITEM, line);
        if (key.isPresent()) {
          module = ModuleFile.normalized(key.get().group(1));
          needs.put(module, new ArrayList<>());
        } else if (item.isPresent() && needs.containsKey(module)) {
          needs.get(module).add(ModuleFile.normalized(item.get().group(1)));
        } else {
          throw unknown(line);
        }
      } else if (section.equals(FORCED)) {
        forced.add(
            ModuleFile.normalized(matched(ITEM, line).orElseThrow(() -> unknown(line)).group(1)));
      }
    }
    return new BoosterInit(text, needs, forced, kernel);
  }

  private static Optional<Matcher> matched(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.matches() ? Optional.of(matcher) : Optional.empty();
  }

  private static InitramfsFormatException unknown(String line) {
    return InitramfsFormatException.blocked(
        FILE,
        "a line that booster does not write: "
            + line.substring(0, Math.min(line.length(), 80)).replaceAll("[^ -~]", "?"));
  }

  /** What is loaded with a module, itself too. */
  Set<String> closure(String name) {
    Set<String> reached = new LinkedHashSet<>();
    ArrayDeque<String> left = new ArrayDeque<>(List.of(name));
    while (!left.isEmpty()) {
      String next = left.remove();
      if (reached.add(next)) {
        left.addAll(needs.getOrDefault(next, List.of()));
      }
    }
    return reached;
  }

  /** The file with these needs and these forced modules, too; the rest of it as it is. */
  String with(Map<String, List<String>> moreNeeds, Collection<String> moreForced) {
    Map<String, Set<String>> all = new LinkedHashMap<>();
    needs.forEach((name, list) -> all.put(name, new LinkedHashSet<>(list)));
    moreNeeds.forEach(
        (name, list) -> {
          if (!list.isEmpty()) {
            all.computeIfAbsent(name, key -> new LinkedHashSet<>()).addAll(list);
          }
        });
    Set<String> force = new LinkedHashSet<>(forced);
    force.addAll(moreForced);
    StringBuilder out = new StringBuilder();
    boolean within = false;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      Optional<Matcher> top = matched(TOP, line);
      if (top.isPresent()) {
        within = top.get().group(1).equals(NEEDS) || top.get().group(1).equals(FORCED);
      }
      if (!within) {
        out.append(line).append('\n');
      }
    }
    if (!all.isEmpty()) {
      out.append(NEEDS).append(":\n");
    }
    all.forEach(
        (name, list) -> {
          out.append("    ").append(name).append(list.isEmpty() ? ": []\n" : ":\n");
          list.forEach(need -> out.append("        - ").append(need).append('\n'));
        });
    if (!force.isEmpty()) {
      out.append(FORCED).append(":\n");
    }
    force.forEach(name -> out.append("    - ").append(name).append('\n'));
    return out.toString();
  }
}
