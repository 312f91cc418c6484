package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.Repair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * Changes of single words in a YAML file. The result is read again before it counts: it must say
 * exactly what was meant, and nothing else may have moved.
 */
final class YamlWords {

  /** A piece of one line; columns count characters, from 0. */
  private record Cut(int line, int from, int to, String text, String reason) {}

  private final TextEdit file;
  private final List<Cut> cuts = new ArrayList<>();
  private final Map<String, Optional<String>> meant = new TreeMap<>();
  private boolean outOfReach;

  YamlWords(TextEdit file) {
    this.file = file;
  }

  TextEdit file() {
    return file;
  }

  /** Gives a scalar another value; {@code at} is its path in the tree. */
  void scalar(ScalarNode node, String at, String value, String reason) {
    cut(node.getStartMark(), node.getEndMark(), value, reason);
    meant.put(at, Optional.of("=" + value));
  }

  /** Puts another entry in the place of {@code tuple}; {@code at} is the path of the mapping. */
  void entry(NodeTuple tuple, String at, String key, String value, String reason) {
    Node valueNode = tuple.getValueNode();
    cut(tuple.getKeyNode().getStartMark(), valueNode.getEndMark(), key + ": " + value, reason);
    meant.put(at + "/" + ((ScalarNode) tuple.getKeyNode()).getValue(), Optional.empty());
    meant.put(at + "/" + key, Optional.of("=" + value));
  }

  /** Takes an entry out of a mapping that keeps others. */
  void remove(NodeTuple tuple, String at, boolean flow, String reason) {
    Mark start = tuple.getKeyNode().getStartMark();
    Mark end = tuple.getValueNode().getEndMark();
    meant.put(at, Optional.empty());
    if (start.getLine() != end.getLine() || start.getLine() >= file.lineCount()) {
      outOfReach = true;
      return;
    }
    String line = file.line(start.getLine());
    int from = offset(line, start.getColumn());
    int to = offset(line, end.getColumn());
    if (flow) {
      int after = to;
      while (after < line.length() && line.charAt(after) == ' ') {
        after++;
      }
      int before = from;
      while (before > 0 && line.charAt(before - 1) == ' ') {
        before--;
      }
      if (after < line.length() && line.charAt(after) == ',') {
        to = after + 1;
        while (to < line.length() && line.charAt(to) == ' ') {
          to++;
        }
      } else if (before > 0 && line.charAt(before - 1) == ',') {
        from = before - 1;
      }
    }
    cuts.add(new Cut(start.getLine(), from, to, "", reason));
  }

  private void cut(Mark start, Mark end, String text, String reason) {
    if (start.getLine() != end.getLine() || start.getLine() >= file.lineCount()) {
      outOfReach = true;
      return;
    }
    String line = file.line(start.getLine());
    cuts.add(
        new Cut(
            start.getLine(),
            offset(line, start.getColumn()),
            offset(line, end.getColumn()),
            text,
            reason));
  }

  /** Applies the changes if the result reads as meant; otherwise says so and changes nothing. */
  void apply(NetplanDocument before, String rule, Repair repair) {
    if (meant.isEmpty()) {
      return;
    }
    Map<String, String> wanted = before.flat();
    meant.forEach(
        (path, value) -> {
          if (value.isPresent()) {
            wanted.put(path, value.get());
          } else {
            wanted.remove(path);
          }
        });
    if (!outOfReach) {
      cutLines(rule);
    }
    Optional<NetplanDocument> after = NetplanDocument.of(file.editedText());
    if (outOfReach || after.isEmpty() || !after.get().flat().equals(wanted)) {
      repair.findings().note(file.file(), 0, "", "written in a way that cannot be edited in place");
      String text = file.file() + ": the match of a card cannot be edited in place";
      if (repair.full()) {
        repair.findings().failure(text);
      } else {
        repair.findings().warning(text);
      }
      return;
    }
    repair.accept(file);
  }

  private void cutLines(String rule) {
    SortedMap<Integer, List<Cut>> byLine = new TreeMap<>();
    cuts.forEach(cut -> byLine.computeIfAbsent(cut.line(), any -> new ArrayList<>()).add(cut));
    byLine.forEach(
        (index, of) -> {
          of.sort(Comparator.comparingInt(Cut::from).reversed());
          String line = file.line(index);
          int untouched = line.length();
          StringBuilder text = new StringBuilder(line);
          for (Cut cut : of) {
            if (cut.from() > cut.to() || cut.to() > untouched) {
              outOfReach = true;
              return;
            }
            text.replace(cut.from(), cut.to(), cut.text());
            untouched = cut.from();
          }
          String left = text.toString().strip();
          if (left.isEmpty() || left.startsWith("#")) {
            file.removeLine(index, rule, of.get(0).reason());
          } else {
            file.replaceLine(index, text.toString(), rule, of.get(0).reason());
          }
        });
  }

  private int offset(String line, int column) {
    if (line.codePointCount(0, line.length()) < column) {
      outOfReach = true;
      return 0;
    }
    return line.offsetByCodePoints(0, column);
  }
}
