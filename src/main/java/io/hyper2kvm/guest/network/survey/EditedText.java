package io.hyper2kvm.guest.network.survey;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A text file under change, line by line; lines that are not touched stay byte for byte. */
public final class EditedText {
  private final String path;
  private final String before;
  private final List<String> lines = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();
  private final Map<Integer, Optional<String>> now = new HashMap<>();
  private final Map<Integer, List<String>> added = new HashMap<>();
  private final List<LineChange> changes = new ArrayList<>();

  public EditedText(String path, String text) {
    this.path = path;
    this.before = text;
    int start = 0;
    while (start < text.length()) {
      int newline = text.indexOf('\n', start);
      int stop = newline < 0 ? text.length() : newline;
      int next = newline < 0 ? text.length() : newline + 1;
      if (newline > start && text.charAt(newline - 1) == '\r') {
        stop--;
      }
      lines.add(text.substring(start, stop));
      ends.add(next == stop ? "" : next - stop == 1 ? "\n" : "\r\n");
      start = next;
    }
  }

  public String path() {
    return path;
  }

  public int size() {
    return lines.size();
  }

  /** The line as it was read, without its end; {@code index} from 0. */
  public String line(int index) {
    return lines.get(index);
  }

  public boolean changed(int index) {
    return now.containsKey(index);
  }

  public boolean changed() {
    return !changes.isEmpty();
  }

  public void replace(int index, String line, String rule, String reason) {
    now.put(index, Optional.of(line));
    changes.add(new LineChange(index + 1, lines.get(index), line, rule, reason));
  }

  public void remove(int index, String rule, String reason) {
    now.put(index, Optional.empty());
    changes.add(new LineChange(index + 1, lines.get(index), "", rule, reason));
  }

  public void addAfter(int index, String line, String rule, String reason) {
    added.computeIfAbsent(index, any -> new ArrayList<>()).add(line);
    changes.add(new LineChange(index + 1, "", line, rule, reason));
  }

  /** The text with the changes made so far. */
  public String text() {
    StringBuilder text = new StringBuilder(before.length() + 64);
    for (int i = 0; i < lines.size(); i++) {
      String end = ends.get(i);
      Optional<String> line = now.getOrDefault(i, Optional.of(lines.get(i)));
      line.ifPresent(content -> text.append(content).append(end));
      for (String more : added.getOrDefault(i, List.of())) {
        if (text.length() > 0 && text.charAt(text.length() - 1) != '\n') {
          text.append('\n');
        }
        text.append(more).append(end.isEmpty() ? "\n" : end);
      }
    }
    return text.toString();
  }

  /** Whether nothing but comments and blank lines is left. */
  public boolean onlyComments() {
    return text().lines().map(String::strip).allMatch(l -> l.isEmpty() || l.startsWith("#"));
  }

  /** The edit; empty when nothing changed. */
  Optional<FileEdit> edit() {
    String after = text();
    return after.equals(before)
        ? Optional.empty()
        : Optional.of(
            new FileEdit(
                path, Optional.of(before), Optional.of(after), FileEdit.KEEP_MODE, changes));
  }

  /** The edit that removes the file; for a file that the changes have emptied. */
  public FileEdit removal() {
    return new FileEdit(path, Optional.of(before), Optional.empty(), FileEdit.KEEP_MODE, changes);
  }
}
