package io.hyper2kvm.guest.edit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * An edit of one text, by pieces of a line or by whole lines: what is not replaced stays byte for
 * byte, line endings included. It keeps the evidence line by line, in the order in which the lines
 * were first touched. Not for concurrent use.
 */
public final class TextEdit {

  /** Notes of one kind that are kept; a real file has a handful, a hostile one a million. */
  public static final int MAX_NOTES = 500;

  private static final int MAX_REASONS = 10;

  /**
   * What comes in the place of a piece of the text.
   *
   * @param line index of the line it belongs to, from 0
   * @param added whether {@code text} is a line of its own that follows that line
   */
  private record Piece(int line, boolean added, int start, int end, String text) {}

  private record Word(Piece piece, String rule, String reason) {}

  private record Appended(String text, String rule, String reason) {}

  private static final Comparator<Piece> ORDER =
      Comparator.comparingInt(Piece::line)
          .thenComparing(Piece::added)
          .thenComparingInt(Piece::start);

  private final String file;
  private final String text;
  private final TextLines lines;
  private final List<Piece> pieces = new ArrayList<>();
  private final Map<Integer, List<Word>> wordsByLine = new HashMap<>();
  private final Set<Integer> removed = new HashSet<>();
  private final List<Appended> appended = new ArrayList<>();
  private final List<Supplier<Change>> evidence = new ArrayList<>();
  private final List<LeftAlone> leftAlone = new ArrayList<>();
  private final Set<String> warnings = new LinkedHashSet<>();
  private final Set<String> failures = new LinkedHashSet<>();
  private int dropped;

  /** An edit of {@code text}, the content of {@code file}. */
  public TextEdit(String file, String text) {
    this.file = file;
    this.text = text;
    this.lines = new TextLines(text);
  }

  /** Absolute path of the file inside the guest. */
  public String file() {
    return file;
  }

  /** The text as it was read. */
  public String text() {
    return text;
  }

  /** How many lines the text has; a line ending at its end begins no further line. */
  public int lineCount() {
    return lines.count();
  }

  /** The line as it was read, without its ending; {@code index} from 0. */
  public String line(int index) {
    return text.substring(lineStart(index), lineEnd(index));
  }

  /** Offset of the first character of line {@code index}, from 0. */
  public int lineStart(int index) {
    return lines.start(index);
  }

  /** Offset behind the last character of line {@code index}, without its line ending. */
  public int lineEnd(int index) {
    return lines.end(index);
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

  /** Puts other text in the place of a piece of one line, given by its offsets. */
  public void replace(int start, int end, String replacement, String rule, String reason) {
    if (text.substring(start, end).equals(replacement)) {
      return;
    }
    int line = lines.indexAt(start);
    Piece piece = new Piece(line, false, start, end, replacement);
    pieces.add(piece);
    wordsByLine.computeIfAbsent(line, this::words).add(new Word(piece, rule, reason));
  }

  /** The words of a line that is touched for the first time: together they are one change. */
  private List<Word> words(int line) {
    List<Word> words = new ArrayList<>();
    evidence.add(() -> change(line, words));
    return words;
  }

  /** Puts another line in the place of line {@code index}, which keeps its line ending. */
  public void replaceLine(int index, String line, String rule, String reason) {
    if (!line(index).equals(line)) {
      pieces.add(new Piece(index, false, lineStart(index), lineEnd(index), line));
      evidence.add(() -> lineChange(index, line(index), line, rule, reason));
    }
  }

  /** Takes line {@code index} out; one that is gone already stays gone. */
  public void removeLine(int index, String rule, String reason) {
    if (removed.add(index)) {
      pieces.add(new Piece(index, false, lineStart(index), lines.next(index), ""));
      evidence.add(() -> lineChange(index, line(index), "", rule, reason));
    }
  }

  /** Adds a line behind line {@code index}, with the line ending of that one. */
  public void addLineAfter(int index, String line, String rule, String reason) {
    int next = lines.next(index);
    String ending = next > lineEnd(index) ? text.substring(lineEnd(index), next) : "\n";
    pieces.add(new Piece(index, true, next, next, line + ending));
    evidence.add(() -> lineChange(index, "", line, rule, reason));
  }

  /** Adds a line before line {@code index}, with the line ending of that one. */
  public void addLineBefore(int index, String line, String rule, String reason) {
    int start = lineStart(index);
    int next = lines.next(index);
    String ending = next > lineEnd(index) ? text.substring(lineEnd(index), next) : "\n";
    pieces.add(new Piece(index - 1, true, start, start, line + ending));
    evidence.add(() -> lineChange(index, "", line, rule, reason));
  }

  /** Adds one line at the end of the text, in the text's own style of line ending. */
  public void append(String line, String rule, String reason) {
    appended.add(new Appended(line, rule, reason));
  }

  /** Notes that the line of this offset stays, and why. */
  public void leave(int offset, String reason) {
    if (leftAlone.size() >= MAX_NOTES) {
      dropped++;
      return;
    }
    int line = lines.indexAt(offset);
    int from = lineStart(line);
    String shown = Excerpt.of(text, from, lineEnd(line), offset - from);
    leftAlone.add(new LeftAlone(file, line + 1, shown, reason));
  }

  /** A note on the whole file. */
  public void leaveFile(String reason) {
    leftAlone.add(new LeftAlone(file, 0, "", reason));
  }

  /** Tells an operator of a problem at this offset. */
  public void warn(int offset, String problem) {
    note(warnings, at(offset) + problem);
  }

  /** Something that was asked for cannot be done at this offset. */
  public void fail(int offset, String problem) {
    note(failures, at(offset) + problem);
  }

  /** Whether anything has been changed so far. */
  public boolean changed() {
    return !evidence.isEmpty() || !appended.isEmpty();
  }

  /** The text with the changes made so far. */
  public String editedText() {
    return edited(new ArrayList<>());
  }

  /** Whether nothing but comments, which begin with {@code #}, and blank lines is left. */
  public boolean isOnlyComments() {
    return editedText()
        .lines()
        .map(String::strip)
        .allMatch(line -> line.isEmpty() || line.startsWith("#"));
  }

  /** The whole edit, with its evidence. */
  public Edited result() {
    List<Change> changes = new ArrayList<>(evidence.size() + appended.size());
    evidence.forEach(change -> changes.add(change.get()));
    String edited = edited(changes);
    List<String> told = new ArrayList<>(warnings);
    if (dropped > 0) {
      told.add(file + ": " + dropped + " further notes on this file were not kept");
    }
    return new Edited(file, text, edited, changes, leftAlone, told, List.copyOf(failures));
  }

  /**
   * The removal of the whole file, for one that the changes have emptied; they are its evidence.
   */
  public FileEdit removal() {
    return FileEdit.removal(file, text, result().changes());
  }

  /** The new text; the changes that append lines are added to {@code changes}. */
  private String edited(List<Change> changes) {
    pieces.sort(ORDER);
    StringBuilder edited = new StringBuilder(text.length() + 256);
    int copied = 0;
    for (Piece piece : pieces) {
      edited.append(text, copied, piece.start());
      if (piece.added()) {
        endLine(edited, "\n");
      }
      edited.append(piece.text());
      copied = piece.end();
    }
    edited.append(text, copied, text.length());
    String ending = text.contains("\r\n") ? "\r\n" : "\n";
    for (Appended line : appended) {
      endLine(edited, ending);
      edited.append(line.text()).append(ending);
      int number = (int) edited.chars().filter(c -> c == '\n').count();
      changes.add(new Change(file, number, "", line.text(), line.rule(), line.reason()));
    }
    return edited.toString();
  }

  private static void endLine(StringBuilder edited, String ending) {
    if (edited.length() > 0 && edited.charAt(edited.length() - 1) != '\n') {
      edited.append(ending);
    }
  }

  private Change lineChange(int line, String before, String after, String rule, String reason) {
    return new Change(file, line + 1, Excerpt.of(before), Excerpt.of(after), rule, reason);
  }

  /** The change of one line by pieces of it. */
  private Change change(int line, List<Word> words) {
    words.sort(Comparator.comparing(Word::piece, ORDER));
    int from = lineStart(line);
    int at = from;
    StringBuilder after = new StringBuilder();
    Set<String> rules = new LinkedHashSet<>();
    Set<String> reasons = new LinkedHashSet<>();
    for (Word word : words) {
      after.append(text, at, word.piece().start()).append(word.piece().text());
      at = word.piece().end();
      rules.add(word.rule());
      if (reasons.size() < MAX_REASONS) {
        reasons.add(word.reason());
      }
    }
    after.append(text, at, lineEnd(line));
    int offset = words.get(0).piece().start() - from;
    return new Change(
        file,
        line + 1,
        Excerpt.of(text, from, lineEnd(line), offset),
        Excerpt.of(after.toString(), 0, after.length(), offset),
        String.join(", ", rules),
        String.join("; ", reasons));
  }

  private String at(int offset) {
    return file + ":" + (lines.indexAt(offset) + 1) + ": ";
  }

  private void note(Set<String> notes, String note) {
    if (notes.size() < MAX_NOTES) {
      notes.add(note);
    } else {
      dropped++;
    }
  }
}
