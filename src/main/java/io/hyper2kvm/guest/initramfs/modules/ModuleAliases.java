package io.hyper2kvm.guest.initramfs.modules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The form of modules.alias: which device patterns lead to which module. */
final class ModuleAliases {

  private static final int MAX_PATTERN = 512;

  /** One line, the module's name normalized. */
  record Alias(String pattern, String module) {}

  private ModuleAliases() {}

  /** All aliases of a text, in their order; other lines are passed over. */
  static List<Alias> parse(String text) {
    var aliases = new ArrayList<Alias>();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      String[] words = line.strip().split("[ \t]+");
      if (words.length == 3
          && words[0].equals("alias")
          && words[1].length() <= MAX_PATTERN
          && words[1].chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
        aliases.add(new Alias(words[1], ModuleFile.normalized(words[2])));
      }
    }
    return aliases;
  }

  /** Only the aliases of these modules. */
  static List<Alias> of(Set<String> modules, List<Alias> aliases) {
    return aliases.stream().filter(alias -> modules.contains(alias.module())).toList();
  }

  /** The text that {@link #parse} reads. */
  static String text(List<Alias> aliases) {
    var text = new StringBuilder("# Aliases of the modules in this initramfs\n");
    aliases.forEach(
        alias ->
            text.append("alias ")
                .append(alias.pattern())
                .append(' ')
                .append(alias.module())
                .append('\n'));
    return text.toString();
  }

  /** The binary index that kmod reads. */
  static byte[] binary(List<Alias> aliases) {
    var entries = new ArrayList<KmodIndex.Entry>(aliases.size());
    for (int i = 0; i < aliases.size(); i++) {
      Alias alias = aliases.get(i);
      entries.add(new KmodIndex.Entry(normalized(alias.pattern()), alias.module(), i));
    }
    return KmodIndexWriter.write(entries);
  }

  /** kmod looks patterns up with underscores for dashes, except within brackets. */
  private static String normalized(String pattern) {
    var key = new StringBuilder(pattern);
    boolean inBrackets = false;
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c == '[') {
        inBrackets = true;
      } else if (c == ']') {
        inBrackets = false;
      } else if (c == '-' && !inBrackets) {
        key.setCharAt(i, '_');
      }
    }
    return key.toString();
  }
}
