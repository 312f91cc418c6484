package io.hyper2kvm.guest.selinux;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;

/**
 * One line of a policy's contexts: which files, and their label.
 *
 * <p>The expression is a guest's. It is compiled only for a path that its literal beginning fits,
 * and matched in time linear in the path. One that is too long, nests too deep or repeats too much
 * is not compiled; neither is one that only a backtracking matcher can understand.
 */
final class ContextLine {

  /** How an expression stands to a path. */
  enum Match {
    YES,
    NO,
    /** It may match; that is not decided here. */
    UNKNOWN
  }

  /** The label that means: none. */
  static final String NONE = "<<none>>";

  private static final int MAX_LENGTH = 2048;
  private static final int MAX_DEPTH = 50;

  /** Of a compiled expression, in characters times repetitions. */
  private static final long MAX_COST = 50_000;

  private final String place;
  private final String expression;
  private final Optional<FileKind> kind;
  private final String context;
  private final String prefix;
  private final boolean literal;
  private final boolean alternatives;
  private final long cost;
  private Pattern compiled;

  private ContextLine(
      String place, String expression, Optional<FileKind> kind, String context, Scan scan) {
    this.place = place;
    this.expression = expression;
    this.kind = kind;
    this.context = context;
    this.prefix = scan.prefix();
    this.literal = scan.isLiteral();
    this.alternatives = scan.hasAlternatives();
    this.cost =
        expression.length() > MAX_LENGTH || scan.depth() > MAX_DEPTH || expression.contains("\\Q")
            ? Long.MAX_VALUE
            : expression.length() * scan.repetitions();
  }

  /**
   * Reads a line; empty when it says nothing, or is none: the guest's tools skip it as well.
   *
   * @param place the file and the line's number
   */
  static Optional<ContextLine> of(String place, String line) {
    String[] words = line.strip().split("\\s+", 4);
    if (words[0].isEmpty() || words[0].startsWith("#") || words.length < 2) {
      return Optional.empty();
    }
    if (words.length == 2) {
      return Optional.of(
          new ContextLine(place, words[0], Optional.empty(), words[1], new Scan(words[0])));
    }
    return FileKind.ofWord(words[1])
        .map(
            kind ->
                new ContextLine(place, words[0], Optional.of(kind), words[2], new Scan(words[0])));
  }

  /** Whether it names one path and nothing else. */
  boolean isLiteral() {
    return literal;
  }

  /** Where it stands. */
  String place() {
    return place;
  }

  /** The label as it is written. */
  String context() {
    return context;
  }

  /** Whether it can be said without compiling anything that it does not match. */
  boolean isExcluded(String path, FileKind ofFile) {
    return kind.filter(other -> other != ofFile).isPresent()
        || (literal ? !path.equals(prefix) : !path.startsWith(prefix));
  }

  /** What matching it costs, in steps; {@link Long#MAX_VALUE} when it is not to be compiled. */
  long cost(String path) {
    return literal ? 1 : cost > MAX_COST ? Long.MAX_VALUE : cost * (path.length() + 64L);
  }

  /** Matches a path that is not {@linkplain #isExcluded excluded}. */
  Match match(String path) {
    if (literal) {
      return Match.YES;
    }
    if (cost > MAX_COST) {
      return Match.UNKNOWN;
    }
    try {
      if (compiled == null) {
        compiled = Pattern.compile(expression, Pattern.DOTALL);
      }
    } catch (PatternSyntaxException e) {
      return Match.UNKNOWN;
    }
    if (alternatives) {
      // libselinux puts ^ and $ around it, which bind to the outer alternatives only.
      return compiled.matcher(path).find() ? Match.UNKNOWN : Match.NO;
    }
    return compiled.matcher(path).matches() ? Match.YES : Match.NO;
  }

  /** What can be seen of an expression without compiling it. */
  private static final class Scan {

    private static final String META = ".^$?*+|[({";

    private final StringBuilder prefix = new StringBuilder();
    private boolean literal = true;
    private boolean alternatives;
    private int depth;
    private long repetitions = 1;

    Scan(String text) {
      int at = literalEnd(text);
      literal = at == text.length();
      if (!literal) {
        structure(text, at);
      }
      if (alternatives) {
        prefix.setLength(0);
      }
    }

    /** Collects the beginning that means itself. */
    private int literalEnd(String text) {
      int at = 0;
      while (at < text.length()) {
        char c = text.charAt(at);
        int length = c == '\\' ? 2 : 1;
        char meant = c == '\\' && at + 1 < text.length() ? text.charAt(at + 1) : c;
        boolean isMeta =
            c == '\\'
                ? at + 1 == text.length() || Character.isLetterOrDigit(meant)
                : META.indexOf(c) >= 0;
        boolean isOptional =
            at + length < text.length() && "?*{".indexOf(text.charAt(at + length)) >= 0;
        if (isMeta || isOptional) {
          return at;
        }
        prefix.append(meant);
        at += length;
      }
      return at;
    }

    private void structure(String text, int from) {
      int open = 0;
      boolean inClass = false;
      for (int at = from; at < text.length(); at++) {
        char c = text.charAt(at);
        if (c == '\\') {
          at++;
        } else if (inClass) {
          inClass = c != ']' || text.charAt(at - 1) == '[';
        } else if (c == '[') {
          inClass = true;
        } else if (c == '(') {
          depth = Math.max(depth, ++open);
        } else if (c == ')') {
          open--;
        } else if (c == '|') {
          alternatives |= open <= 0;
        } else if (c == '{') {
          repeat(text, at);
        }
      }
    }

    private void repeat(String text, int at) {
      int most = 1;
      int number = 0;
      for (int i = at + 1; i < Math.min(text.length(), at + 12) && text.charAt(i) != '}'; i++) {
        char c = text.charAt(i);
        number = c >= '0' && c <= '9' ? Math.min(number * 10 + c - '0', 10_000) : 0;
        most = Math.max(most, number);
      }
      repetitions = Math.min(repetitions * most, 1L << 32);
    }

    String prefix() {
      return prefix.toString();
    }

    boolean isLiteral() {
      return literal;
    }

    boolean hasAlternatives() {
      return alternatives;
    }

    int depth() {
      return depth;
    }

    long repetitions() {
      return repetitions;
    }
  }
}
