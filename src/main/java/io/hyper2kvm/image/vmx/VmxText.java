package io.hyper2kvm.image.vmx;

import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The lines of a description. Each is {@code key = "value"} or {@code key = value}, a comment from
 * {@code #} on, or empty. In a value, {@code |22} is the byte with that number. VMware opens no
 * file in which a key stands twice or a line has another form, so here, too, neither is guessed at:
 * a line of another form is refused, and so is a key with two values once it is asked for.
 */
final class VmxText {

  /** Lines with a key; far above what any machine has. */
  private static final int MOST_ENTRIES = 20_000;

  private static final int LONGEST_KEY = 300;

  private static final Set<String> YES = Set.of("true", "t", "yes", "y", "on", "1");
  private static final Set<String> NO = Set.of("false", "f", "no", "n", "off", "0");

  private final String where;
  private final VmxEncoding encoding;
  private final List<String> warnings;
  private final Map<String, VmxEntry> entries = new LinkedHashMap<>();

  /** Those whose keys have another value before. */
  private final Map<String, VmxEntry> contradictions = new LinkedHashMap<>();

  private int read;

  private VmxText(String where, VmxEncoding encoding, List<String> warnings) {
    this.where = where;
    this.encoding = encoding;
    this.warnings = warnings;
  }

  /**
   * Reads a description's bytes.
   *
   * @param where its name, for messages
   * @param warnings gets what an operator should look at
   */
  static VmxText read(byte[] bytes, String where, List<String> warnings) {
    String all = VmxEncoding.text(bytes, where);
    VmxText text = new VmxText(where, VmxEncoding.of(all, where, warnings), warnings);
    int number = 0;
    for (int begin = 0; begin < all.length(); ) {
      int next = all.indexOf('\n', begin);
      int end = next < 0 ? all.length() : next;
      number++;
      boolean carriageReturn = end > begin && all.charAt(end - 1) == '\r';
      text.line(number, all.substring(begin, carriageReturn ? end - 1 : end));
      begin = end + 1;
    }
    return text;
  }

  private void line(int number, String line) {
    int at = skipBlanks(line, 0);
    if (at == line.length() || line.charAt(at) == '#') {
      return;
    }
    int keyEnd = at;
    while (keyEnd < line.length() && "=# \t".indexOf(line.charAt(keyEnd)) < 0) {
      keyEnd++;
    }
    String key = line.substring(at, keyEnd);
    at = skipBlanks(line, keyEnd);
    if (key.isEmpty() || at == line.length() || line.charAt(at) != '=') {
      throw unreadable(number, line);
    }
    if (key.length() > LONGEST_KEY) {
      throw VmxRefusals.invalid(where, number, "a key of %d characters".formatted(key.length()));
    }
    at = skipBlanks(line, at + 1);
    boolean quoted = at < line.length() && line.charAt(at) == '"';
    int begin = quoted ? at + 1 : at;
    int end = begin;
    while (end < line.length() && (quoted ? "\"" : "# \t\"").indexOf(line.charAt(end)) < 0) {
      end++;
    }
    at = quoted ? end + 1 : end;
    if (at > line.length()) {
      throw unreadable(number, line);
    }
    at = skipBlanks(line, at);
    if (at < line.length() && line.charAt(at) != '#') {
      throw unreadable(number, line);
    }
    String value = encoding.decoded(unescaped(line.substring(begin, end)), number);
    add(new VmxEntry(number, encoding.shown(key), value));
  }

  private RuntimeException unreadable(int number, String line) {
    return VmxRefusals.invalid(
        where,
        number,
        "\"%s\" is not of the form key = \"value\""
            .formatted(encoding.shown(line.substring(0, Math.min(line.length(), 60)).strip())));
  }

  private static int skipBlanks(String line, int from) {
    int at = from;
    while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  /** {@code |22} and its like; a bar before anything else stands for itself. */
  private static String unescaped(String value) {
    int bar = value.indexOf('|');
    if (bar < 0) {
      return value;
    }
    StringBuilder text = new StringBuilder();
    int done = 0;
    while (bar >= 0) {
      int high = bar + 2 < value.length() ? Character.digit(value.charAt(bar + 1), 16) : -1;
      int low = bar + 2 < value.length() ? Character.digit(value.charAt(bar + 2), 16) : -1;
      boolean escape = high >= 0 && low >= 0;
      text.append(value, done, bar).append(escape ? (char) (high * 16 + low) : '|');
      done = bar + (escape ? 3 : 1);
      bar = value.indexOf('|', done);
    }
    return text.append(value, done, value.length()).toString();
  }

  private void add(VmxEntry entry) {
    read++;
    if (read > MOST_ENTRIES) {
      throw VmxRefusals.invalid(
          where, entry.line(), "it has more than %d entries".formatted(MOST_ENTRIES));
    }
    VmxEntry first = entries.putIfAbsent(entry.id(), entry);
    if (first == null) {
      return;
    }
    if (!first.value().equals(entry.value())) {
      contradictions.putIfAbsent(entry.id(), entry);
    }
    warnings.add(
        "%s, line %d: \"%s\" stands in line %d already, with %s; VMware opens no such file"
            .formatted(
                where,
                entry.line(),
                Printable.of(entry.key()),
                first.line(),
                first.value().equals(entry.value()) ? "the same value" : "another value"));
  }

  /**
   * The line of a key, in any case.
   *
   * @throws io.hyper2kvm.image.ImageRefusedException when the key has two values
   */
  Optional<VmxEntry> entry(String key) {
    VmxEntry other = contradictions.get(VmxEntry.id(key));
    if (other != null) {
      throw VmxRefusals.invalid(
          where,
          other.line(),
          "\"%s\" is \"%s\" here and \"%s\" in line %d, and nothing tells which counts"
              .formatted(
                  Printable.of(other.key()),
                  Printable.of(other.value()),
                  Printable.of(entries.get(other.id()).value()),
                  entries.get(other.id()).line()));
    }
    return Optional.ofNullable(entries.get(VmxEntry.id(key)));
  }

  /** The line of a key that has a value. */
  Optional<VmxEntry> filled(String key) {
    return entry(key).filter(entry -> !entry.value().isBlank());
  }

  /** A value without the blanks around it, harmless to show; empty when there is none. */
  String text(String key) {
    return entry(key).map(entry -> Printable.of(entry.value().strip())).orElse("");
  }

  /**
   * Whether something is so; empty when nothing is said of it.
   *
   * @throws io.hyper2kvm.image.ImageRefusedException when what is said is neither yes nor no
   */
  Optional<Boolean> truth(String key) {
    Optional<VmxEntry> entry = filled(key);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    String word = entry.get().value().strip().toLowerCase(Locale.ROOT);
    if (!YES.contains(word) && !NO.contains(word)) {
      throw VmxRefusals.invalid(
          where,
          entry.get().line(),
          "%s is \"%s\", neither TRUE nor FALSE"
              .formatted(Printable.of(entry.get().key()), Printable.of(entry.get().value())));
    }
    return Optional.of(YES.contains(word));
  }

  /** Whether something is said to be so. */
  boolean isTrue(String key) {
    return truth(key).orElse(false);
  }

  /** A whole number within bounds; empty, with a warning, for anything else that is written. */
  OptionalInt number(String key, int least, int most) {
    Optional<VmxEntry> entry = filled(key);
    if (entry.isEmpty()) {
      return OptionalInt.empty();
    }
    String digits = entry.get().value().strip();
    if (digits.matches("\\d{1,9}")) {
      int number = Integer.parseInt(digits);
      if (number >= least && number <= most) {
        return OptionalInt.of(number);
      }
    }
    warn(
        entry.get(),
        "%s is \"%s\", not a number from %d to %d, and counts as not said"
            .formatted(Printable.of(entry.get().key()), Printable.of(digits), least, most));
    return OptionalInt.empty();
  }

  /** VMware's number of a place on the PCI bus; empty while it has given none, as {@code -1}. */
  OptionalInt slot(String device) {
    String key = device + ".pciSlotNumber";
    boolean none = filled(key).filter(entry -> entry.value().strip().equals("-1")).isPresent();
    return none ? OptionalInt.empty() : number(key, 0, 999_999);
  }

  void warn(VmxEntry entry, String problem) {
    warnings.add("%s, line %d: %s".formatted(where, entry.line(), problem));
  }

  void warn(String problem) {
    warnings.add("%s: %s".formatted(where, problem));
  }

  RuntimeException invalid(VmxEntry entry, String problem) {
    return VmxRefusals.invalid(where, entry.line(), problem);
  }

  RuntimeException invalid(String problem) {
    return VmxRefusals.invalid(where, problem);
  }

  /** The devices of a kind, by their first mention: {@code scsi0:1} of {@code scsi0:1.present}. */
  List<String> devices(Pattern kind) {
    Set<String> found = new LinkedHashSet<>();
    for (VmxEntry entry : entries.values()) {
      int dot = entry.key().indexOf('.');
      String device = dot < 0 ? "" : VmxEntry.id(entry.key().substring(0, dot));
      if (kind.matcher(device).matches()) {
        found.add(device);
      }
    }
    return new ArrayList<>(found);
  }
}
