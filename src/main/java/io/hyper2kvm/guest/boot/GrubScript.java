package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The statements of a grub.cfg or a legacy menu.lst that name a kernel, an initramfs or a variable,
 * in the order of the file. Conditions are not evaluated: every branch is read.
 */
final class GrubScript {

  /** Statements that are kept; a real file has some hundred. */
  static final int MAX_STATEMENTS = 20_000;

  enum Kind {
    TITLE,
    KERNEL,
    /** Xen loads the kernel and the initramfs with the same command. */
    MODULE,
    INITRD,
    /** What follows may not be done. */
    CONDITION,
    SET,
    /** A comment from which Debian's legacy update-grub takes the options. */
    LEGACY_OPTIONS,
    BLS,
    /** What is none of these. */
    OTHER
  }

  /**
   * One statement.
   *
   * @param kind what it is
   * @param name the title or the variable's name, else empty
   * @param line index of the line, from 0
   * @param start offset of the arguments or the value
   * @param end offset behind them
   */
  record Statement(Kind kind, String name, int line, int start, int end) {}

  private static final Set<String> KERNELS =
      Set.of("linux", "linux16", "linuxefi", "$linux", "kernel");
  private static final Set<String> MODULES = Set.of("module", "module2");
  private static final Set<String> INITRDS = Set.of("initrd", "initrd16", "initrdefi", "$initrd");
  private static final Set<String> TITLES = Set.of("menuentry", "title");
  private static final Pattern NAMES_DEVICE =
      Pattern.compile("\\b(?:root|resume)=[\"'\\\\]{0,2}(?:block:)?(?:/dev/|[A-Z]{2,9}=)");
  private static final Pattern IS_PROSE = Pattern.compile("\\s{0,99}(?:#|echo\\b[^;]*\\z)");
  private static final int MAX_NAME = 256;

  private GrubScript() {}

  static List<Statement> statements(TextEdit edit) {
    List<Statement> statements = new ArrayList<>();
    for (int line = 0; line < edit.lineCount() && statements.size() < MAX_STATEMENTS; line++) {
      KeywordLine words = KeywordLine.of(edit, line);
      String keyword = words.keyword();
      int start = skipBlanks(edit.text(), words.rest(), words.end());
      if (KERNELS.contains(keyword)) {
        statements.add(new Statement(Kind.KERNEL, "", line, start, words.end()));
      } else if (MODULES.contains(keyword)) {
        statements.add(new Statement(Kind.MODULE, "", line, start, words.end()));
      } else if (INITRDS.contains(keyword)) {
        statements.add(new Statement(Kind.INITRD, "", line, start, words.end()));
      } else if (TITLES.contains(keyword)) {
        String title = title(edit.text(), keyword, start, words.end());
        statements.add(new Statement(Kind.TITLE, title, line, start, words.end()));
      } else if (keyword.equals("if")) {
        statements.add(new Statement(Kind.CONDITION, "", line, start, words.end()));
      } else if (keyword.equals("set")) {
        addNamed(statements, Kind.SET, edit.text(), line, start, words.end());
      } else if (keyword.equals("#") && isLegacyOptions(edit.text(), start)) {
        addNamed(statements, Kind.LEGACY_OPTIONS, edit.text(), line, start, words.end());
      } else if (keyword.equals("blscfg")) {
        statements.add(new Statement(Kind.BLS, "", line, start, words.end()));
      }
    }
    return statements;
  }

  /**
   * A piece of a script outside of such statements that may hold a kernel command line.
   *
   * @param line index of its line, from 0
   * @param carriesInitramfs whether its menu entry loads an initramfs
   */
  record Other(int line, int start, int end, boolean carriesInitramfs) {}

  /**
   * What else may hold kernel command lines: a menu entry in one line, the second half of a
   * statement that a backslash continues, a variable of any name.
   *
   * @param statements those of the same script
   */
  static List<Other> others(TextEdit edit, List<Statement> statements) {
    Map<Integer, Statement> byLine = new HashMap<>();
    statements.forEach(statement -> byLine.put(statement.line(), statement));
    List<Other> others = new ArrayList<>();
    boolean initramfs = false;
    for (int line = edit.lineCount() - 1; line >= 0 && others.size() < MAX_STATEMENTS; line--) {
      Statement statement = byLine.get(line);
      Kind kind = statement == null ? Kind.OTHER : statement.kind();
      String text = edit.line(line);
      initramfs |= text.contains("initrd");
      int body =
          switch (kind) {
            case TITLE -> text.indexOf('{');
            case SET ->
                GrubVariables.isCommandLine(
                        statement.name(), edit.text().substring(statement.start(), statement.end()))
                    ? -1
                    : statement.start() - edit.lineStart(line);
            case OTHER, CONDITION -> IS_PROSE.matcher(text).lookingAt() ? -1 : 0;
            default -> -1;
          };
      if (body >= 0 && NAMES_DEVICE.matcher(text).find(body)) {
        others.add(
            new Other(
                line,
                edit.lineStart(line) + body,
                edit.lineEnd(line),
                initramfs || kind == Kind.SET));
      }
      initramfs &= kind != Kind.TITLE;
    }
    Collections.reverse(others);
    return others;
  }

  /** Whether a GRUB variable holds kernel command line, by the names distributions use. */
  static boolean isCommandLineVariable(String name) {
    return name.length() <= MAX_NAME
        && (name.contains("kernelopts")
            || name.contains("kernel_opts")
            || name.contains("cmdline"));
  }

  /** Whether a variable, by its name, holds the root device for kernels of other files. */
  static boolean isRootVariable(String name) {
    return name.length() <= MAX_NAME
        && !name.equals("root")
        && name.toLowerCase(Locale.ROOT).contains("root");
  }

  private static boolean isLegacyOptions(String text, int start) {
    return text.startsWith("kopt", start) || text.startsWith("xenkopt", start);
  }

  private static void addNamed(
      List<Statement> statements, Kind kind, String text, int line, int start, int end) {
    int equals = TextEdit.indexOf(text, '=', start, Math.min(end, start + MAX_NAME));
    if (equals > start) {
      statements.add(new Statement(kind, text.substring(start, equals), line, equals + 1, end));
    }
  }

  /** A menuentry's title is one quoted word; a legacy title is the rest of the line. */
  private static String title(String text, String keyword, int start, int end) {
    int from = start;
    int to = Math.min(end, start + MAX_NAME);
    boolean quoted = from < to && (text.charAt(from) == '"' || text.charAt(from) == '\'');
    if (!keyword.equals("title") && quoted) {
      int closing = TextEdit.indexOf(text, text.charAt(from), from + 1, to);
      from++;
      to = closing >= 0 ? closing : to;
    } else if (!keyword.equals("title")) {
      int at = from;
      while (at < to && text.charAt(at) != ' ' && text.charAt(at) != '\t') {
        at++;
      }
      to = at;
    }
    return text.substring(from, Math.max(from, to)).strip();
  }

  private static int skipBlanks(String text, int from, int to) {
    int at = from;
    while (at < to && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }
}
