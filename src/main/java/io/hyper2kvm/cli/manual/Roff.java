package io.hyper2kvm.cli.manual;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/** Text in the language of man pages, with the macros of man(7). */
final class Roff {

  /** How long a line of the page's source may be. */
  private static final int WIDTH = 78;

  private final StringBuilder text = new StringBuilder();

  /** A line of the language itself; the words are quoted where need be, and not escaped. */
  Roff macro(String name, String... words) {
    text.append('.').append(name);
    for (String word : words) {
      text.append(" \"").append(escaped(word).replace("\"", "\\(dq")).append('"');
    }
    text.append('\n');
    return this;
  }

  /** The head of a page of section 1. Words are not broken at the end of a line. */
  Roff head(String name, LocalDate date, String source) {
    text.append(
        ".TH %s 1 %s \"%s\" hyper2kvm\n"
            .formatted(escaped(name.toUpperCase(Locale.ROOT)), date, escaped(source)));
    text.append(".nh\n");
    return this;
  }

  /** Running text; nothing in it is taken for a macro. */
  Roff line(String words) {
    StringBuilder line = new StringBuilder();
    for (String word : escaped(words.strip()).split(" +")) {
      if (line.length() + 1 + word.length() > WIDTH) {
        text.append(guarded(line.toString())).append('\n');
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    if (!line.isEmpty()) {
      text.append(guarded(line.toString())).append('\n');
    }
    return this;
  }

  /** Paragraphs: an empty line begins the next one. */
  Roff paragraphs(List<String> lines) {
    boolean between = false;
    boolean begun = false;
    for (String line : lines) {
      if (line.isBlank()) {
        between = begun;
      } else {
        if (between) {
          macro("PP");
        }
        line(line);
        between = false;
        begun = true;
      }
    }
    return this;
  }

  /** Lines that stay lines. */
  Roff lines(List<String> lines) {
    text.append(".nf\n");
    lines.forEach(line -> text.append(guarded(escaped(line.stripTrailing()))).append('\n'));
    text.append(".fi\n");
    return this;
  }

  private static String guarded(String line) {
    return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
  }

  /** A minus that can be copied into a shell, and nothing that begins an escape. */
  private static String escaped(String words) {
    return words
        .replace("\\", "\\e")
        .replace("-", "\\-")
        .replace("~", "\\(ti")
        .replace("^", "\\(ha")
        .replace("`", "\\(ga");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
