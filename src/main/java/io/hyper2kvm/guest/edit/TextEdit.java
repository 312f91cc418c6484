package io.hyper2kvm.guest.edit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An edit of one text by replacing spans of it: what is not replaced stays byte for byte, line
 * endings included. It keeps the evidence line by line. Not for concurrent use.
 */
public final class TextEdit {

  /** Notes of one kind that are kept; a real file has a handful, a hostile one a million. */
  public static final int MAX_NOTES = 500;

  /** Longest piece of a line in the evidence, in characters. */
  static final int MAX_EXCERPT = 2000;

  private static final int MAX_REASONS = 10;
  private static final Pattern SECRET =
      Pattern.compile("(?i)\\b(pass|passwd|password|passphrase|secret)=[^,\\s\"']+");

  private record Span(int start, int end, String replacement, String rule, String reason) {}

  private final String file;
  private final String text;
  private final int firstLine;
  private final int[] lineStarts;
  private final List<Span> spans = new ArrayList<>();
  private final List<Span> appended = new ArrayList<>();
  private final List<LeftAlone> leftAlone = new ArrayList<>();
  private final Set<String> warnings = new LinkedHashSet<>();
  private final Set<String> failures = new LinkedHashSet<>();
  private int dropped;

  public TextEdit(String file, String text) {
    this(file, 1, text);
  }

  /** {@code firstLine} is the number of the text's first line in its file, from 1. */
  public TextEdit(String file, int firstLine, String text) {
    this.file = file;
    this.text = text;
    this.firstLine = firstLine;
    this.lineStarts = lineStarts(text);
  }

  public String text() {
    return text;
  }

  public int lineCount() {
    return lineStarts.length;
  }

  /** Offset of the first character of line {@code index}, from 0. */
  public int lineStart(int index) {
    return lineStarts[index];
  }

  /** Offset behind the last character of line {@code index}, without its line ending. */
  public int lineEnd(int index) {
    int end = index + 1 < lineStarts.length ? lineStarts[index + 1] - 1 : text.length();
    boolean ended = index + 1 < lineStarts.length;
    return ended && end > lineStarts[index] && text.charAt(end - 1) == '\r' ? end - 1 : end;
  }

  /**
   * Where {@code c} first stands between two offsets, or -1; never looks further than {@code to}.
   */
  public static int indexOf(String text, char c, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) == c) {
        return i;
      }
    }
    return -1;
  }

  /** The line's number in the file, from 1. */
  int numberAt(int offset) {
    return firstLine + indexAt(offset);
  }

  public void replace(int start, int end, String replacement, String rule, String reason) {
    if (!text.substring(start, end).equals(replacement)) {
      spans.add(new Span(start, end, replacement, rule, reason));
    }
  }

  public void leave(int offset, String reason) {
    if (leftAlone.size() >= MAX_NOTES) {
      dropped++;
      return;
    }
    int line = indexAt(offset);
    int from = lineStarts[line];
    String shown = excerpt(text, from, lineEnd(line), offset - from);
    leftAlone.add(new LeftAlone(file, firstLine + line, shown, reason));
  }

  /** A note on the whole file. */
  public void leaveFile(String reason) {
    leftAlone.add(new LeftAlone(file, 0, "", reason));
  }

  public void warn(int offset, String problem) {
    note(warnings, at(offset) + problem);
  }

  public void fail(int offset, String problem) {
    note(failures, at(offset) + problem);
  }

  /** Adds one line at the end of the text, in the text's own style of line ending. */
  public void append(String line, String rule, String reason) {
    appended.add(new Span(text.length(), text.length(), line, rule, reason));
  }

  public Edited result() {
    spans.sort(Comparator.comparingInt(Span::start));
    StringBuilder edited = new StringBuilder(text.length() + 256);
    List<Change> changes = new ArrayList<>();
    int copied = 0;
    int next = 0;
    while (next < spans.size()) {
      int line = indexAt(spans.get(next).start());
      int first = next;
      int from = lineStarts[line];
      int at = from;
      StringBuilder after = new StringBuilder();
      while (next < spans.size() && indexAt(spans.get(next).start()) == line) {
        Span span = spans.get(next++);
        after.append(text, at, span.start()).append(span.replacement());
        at = span.end();
      }
      after.append(text, at, lineEnd(line));
      edited.append(text, copied, from).append(after);
      copied = lineEnd(line);
      changes.add(change(line, after.toString(), spans.subList(first, next)));
    }
    edited.append(text, copied, text.length());
    appendLines(edited, changes);
    List<String> told = new ArrayList<>(warnings);
    if (dropped > 0) {
      told.add(file + ": " + dropped + " further notes on this file were not kept");
    }
    return new Edited(file, edited.toString(), changes, leftAlone, told, List.copyOf(failures));
  }

  private Change change(int line, String after, List<Span> parts) {
    Set<String> rules = new LinkedHashSet<>();
    Set<String> reasons = new LinkedHashSet<>();
    for (Span part : parts) {
      rules.add(part.rule());
      if (reasons.size() < MAX_REASONS) {
        reasons.add(part.reason());
      }
    }
    int from = lineStarts[line];
    int offset = parts.get(0).start() - from;
    return new Change(
        file,
        firstLine + line,
        excerpt(text, from, lineEnd(line), offset),
        excerpt(after, 0, after.length(), offset),
        String.join(", ", rules),
        String.join("; ", reasons));
  }

  private void appendLines(StringBuilder edited, List<Change> changes) {
    String ending = text.contains("\r\n") ? "\r\n" : "\n";
    for (Span line : appended) {
      if (edited.length() > 0 && edited.charAt(edited.length() - 1) != '\n') {
        edited.append(ending);
      }
      edited.append(line.replacement()).append(ending);
      int number = firstLine + (int) edited.chars().filter(c -> c == '\n').count() - 1;
      changes.add(new Change(file, number, "", line.replacement(), line.rule(), line.reason()));
    }
  }

  /** The line, or of a very long one the part around {@code offset}; without passwords. */
  public static String excerpt(String text, int from, int end, int offset) {
    String shown;
    if (end - from <= MAX_EXCERPT) {
      shown = text.substring(from, end);
    } else {
      int start = from + Math.max(0, Math.min(offset - MAX_EXCERPT / 2, end - from - MAX_EXCERPT));
      int stop = start + MAX_EXCERPT;
      shown = (start > from ? "…" : "") + text.substring(start, stop) + (stop < end ? "…" : "");
    }
    return SECRET.matcher(shown).replaceAll("$1=***");
  }

  private String at(int offset) {
    return file + ":" + numberAt(offset) + ": ";
  }

  private void note(Set<String> notes, String note) {
    if (notes.size() < MAX_NOTES) {
      notes.add(note);
    } else {
      dropped++;
    }
  }

  private int indexAt(int offset) {
    int found = Arrays.binarySearch(lineStarts, offset);
    return found >= 0 ? found : -found - 2;
  }

  private static int[] lineStarts(String text) {
    int[] starts = new int[(int) text.chars().filter(c -> c == '\n').count() + 1];
    int line = 1;
    for (int i = 0; i < text.length() && line < starts.length; i++) {
      if (text.charAt(i) == '\n') {
        starts[line++] = i + 1;
      }
    }
    return starts;
  }
}
