package io.hyper2kvm.guest.lvm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Reads {@code lvm.conf} and {@code lvmlocal.conf}: sections, and settings in them. */
final class LvmConf {

  private static final int MAX_SETTINGS = 5000;

  /**
   * A string or number in a setting.
   *
   * @param text its value without quotes
   * @param start offset of its first character, quotes included
   * @param end offset behind it
   */
  record Item(String text, int start, int end) {}

  /**
   * A setting.
   *
   * @param name its sections and its own name: {@code devices/filter}
   * @param open offset behind the bracket of an array; -1 for a single value
   * @param items its values
   */
  record Setting(String name, int open, List<Item> items) {

    Setting {
      items = List.copyOf(items);
    }
  }

  private final String text;
  private final List<Setting> settings = new ArrayList<>();
  private int at;

  private LvmConf(String text) {
    this.text = text;
  }

  /** The settings of a file in their order; what is not understood is passed over. */
  static List<Setting> settings(String text) {
    LvmConf conf = new LvmConf(text);
    conf.read();
    return conf.settings;
  }

  /** The setting of this name that counts: the last. */
  static Optional<Setting> setting(String text, String name) {
    return settings(text).stream()
        .filter(setting -> setting.name().equals(name))
        .reduce((first, second) -> second);
  }

  private void read() {
    Deque<String> sections = new ArrayDeque<>();
    while (skipBlanks() && settings.size() < MAX_SETTINGS) {
      char c = text.charAt(at);
      if (c == '}') {
        at++;
        sections.pollLast();
      } else if (isWord(c) || c == '"') {
        String name = item().text();
        boolean more = skipBlanks();
        if (more && text.charAt(at) == '{') {
          at++;
          sections.addLast(name);
        } else if (more && text.charAt(at) == '=') {
          at++;
          String prefix = sections.isEmpty() ? "" : String.join("/", sections) + "/";
          value(prefix + name);
        }
      } else {
        at++;
      }
    }
  }

  private void value(String name) {
    List<Item> items = new ArrayList<>();
    int open = -1;
    if (skipBlanks() && text.charAt(at) == '[') {
      open = ++at;
      while (skipBlanks() && text.charAt(at) != ']') {
        if (isWord(text.charAt(at)) || isQuote(text.charAt(at))) {
          items.add(item());
        } else {
          at++;
        }
      }
      at++;
    } else if (at < text.length() && (isWord(text.charAt(at)) || isQuote(text.charAt(at)))) {
      items.add(item());
    }
    settings.add(new Setting(name, open, items));
  }

  private Item item() {
    int start = at;
    char quote = text.charAt(at);
    StringBuilder value = new StringBuilder();
    if (isQuote(quote)) {
      at++;
      while (at < text.length() && text.charAt(at) != quote) {
        // In double quotes a backslash hides a quote or itself.
        boolean hides =
            quote == '"'
                && text.charAt(at) == '\\'
                && at + 1 < text.length()
                && (text.charAt(at + 1) == '"' || text.charAt(at + 1) == '\\');
        at += hides ? 1 : 0;
        value.append(text.charAt(at++));
      }
      at = Math.min(at + 1, text.length());
    } else {
      while (at < text.length() && isWord(text.charAt(at))) {
        value.append(text.charAt(at++));
      }
    }
    return new Item(value.toString(), start, at);
  }

  /** Goes to the next character that is no blank and in no comment; whether there is one. */
  private boolean skipBlanks() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        int newline = text.indexOf('\n', at);
        at = newline < 0 ? text.length() : newline;
      } else if (c <= ' ') {
        at++;
      } else {
        return true;
      }
    }
    return false;
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }

  private static boolean isWord(char c) {
    return c > ' ' && "#{}[]=,\"'".indexOf(c) < 0;
  }
}
