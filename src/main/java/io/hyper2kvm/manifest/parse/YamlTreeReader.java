package io.hyper2kvm.manifest.parse;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads the tree of a file from YAML, from the parser's events only: no constructor and no resolver
 * runs, so a tag cannot name a class and a word such as {@code yes} stays a word. Aliases are
 * copied, within the tree's limits.
 */
public final class YamlTreeReader {

  /**
   * YAML 1.1 folds them to a space or drops the spaces around them; YAML 1.2 and JSON keep them.
   */
  private static final Pattern OTHER_LINE_BREAK = Pattern.compile("[\\x{85}\\x{2028}\\x{2029}]");

  private final YamlUse use;
  private final String text;
  private final TreeBuilder tree;
  private final ParserImpl parser;
  private Position last = Position.START;
  private final Map<String, Node> anchors = new HashMap<>();

  private YamlTreeReader(YamlUse use, String text, TreeFindings findings) {
    this.use = use;
    this.text = text;
    this.tree = new TreeBuilder(findings);
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(SourceText.MAX_BYTES + 1);
    this.parser = new ParserImpl(new StreamReader(text), options);
  }

  /** For a manifest: its scalars are text, numbers, booleans and null. */
  public static YamlTreeReader ofManifest(String text, TreeFindings findings) {
    return new YamlTreeReader(YamlUse.MANIFEST, text, findings);
  }

  /** For another file: its scalars are text as it is written, and null. */
  public static YamlTreeReader ofWords(String text, TreeFindings findings) {
    return new YamlTreeReader(YamlUse.WORDS, text, findings);
  }

  /** The tree, or null when the text holds nothing. */
  public Node read() throws UnreadableException {
    refuseOtherLineBreaks();
    try {
      boolean seen = false;
      for (Event event = next(); !event.is(Event.ID.StreamEnd); event = next()) {
        if (event.is(Event.ID.DocumentStart)) {
          if (seen) {
            throw new UnreadableException(
                position(event.getStartMark()),
                "---",
                "a second document begins here; " + use.oneDocument,
                use.insteadOfTwo);
          }
          seen = true;
        } else {
          accept(event);
        }
      }
      return tree.root();
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
      throw YamlSyntaxWords.explain(e, mark == null ? Position.START : position(mark));
    } catch (YAMLException e) {
      throw new UnreadableException(
          Position.START, "", "not valid YAML: " + Shown.text(String.valueOf(e.getMessage())));
    }
  }

  /** What was read before the text could not be read any further; null when nothing was. */
  public Node soFar() {
    return tree.root();
  }

  private void refuseOtherLineBreaks() throws UnreadableException {
    Matcher found = OTHER_LINE_BREAK.matcher(text);
    if (found.find()) {
      String name = "U+%04X".formatted((int) text.charAt(found.start()));
      throw new UnreadableException(
          Position.of(text, found.start()),
          name,
          "the file holds the line break %s, which YAML would change".formatted(name),
          "Write it as an escape, in a text in double quotes.");
    }
  }

  private Event next() throws UnreadableException {
    try {
      Event event = parser.getEvent();
      last = position(event.getEndMark());
      return event;
    } catch (YAMLException e) {
      throw e;
    } catch (RuntimeException e) {
      // The parser lets such as NumberFormatException through, for "\UFFFFFFFF".
      throw new UnreadableException(
          last, "", "not valid YAML after this place", "Check the escapes in the next text.");
    }
  }

  private void accept(Event event) throws UnreadableException {
    Position at = position(event.getStartMark());
    switch (event.getEventId()) {
      case MappingStart, SequenceStart -> {
        CollectionStartEvent start = (CollectionStartEvent) event;
        refuseTag(start.getTag(), at);
        refuseKey(at);
        Node node = event.is(Event.ID.MappingStart) ? Node.object(at) : Node.list(at);
        tree.open(node);
        anchor(start.getAnchor(), node);
      }
      case MappingEnd, SequenceEnd -> tree.close();
      case Scalar -> scalar((ScalarEvent) event, at);
      case Alias -> alias(((AliasEvent) event).getAnchor(), at);
      default -> {
        // stream start and document end carry nothing
      }
    }
  }

  private void scalar(ScalarEvent event, Position at) throws UnreadableException {
    refuseTag(event.getTag(), at);
    if (tree.expectsKey()) {
      if (event.isPlain() && event.getValue().equals("<<")) {
        throw new UnreadableException(at, "<<", "merge keys (<<) are not read", use.insteadOfMerge);
      }
      tree.key(event.getValue(), at);
      return;
    }
    Node node = event.isPlain() ? plain(event.getValue(), at) : Node.text(at, event.getValue());
    tree.value(node);
    anchor(event.getAnchor(), node);
  }

  private Node plain(String word, Position at) {
    return switch (word) {
      case "", "~", "null", "Null", "NULL" -> Node.nul(at);
      case "1.0" -> tree.isAtTop("version") ? Node.text(at, word) : use.scalar(word, at);
      default -> use.scalar(word, at);
    };
  }

  private void alias(String name, Position at) throws UnreadableException {
    refuseKey(at);
    Node target = anchors.get(name);
    if (target == null) {
      throw new UnreadableException(
          at,
          "*" + Shown.text(name),
          "no anchor &%s stands before this".formatted(Shown.text(name)));
    }
    if (tree.isOpen(target)) {
      throw new UnreadableException(
          at, "*" + Shown.text(name), "the alias stands inside the value that it stands for");
    }
    copy(target, at);
  }

  /** Recursion is as deep as the tree, which is limited. */
  private void copy(Node original, Position at) throws UnreadableException {
    Node copy = original.aliasAt(at);
    if (original.is(Node.Kind.OBJECT)) {
      tree.open(copy);
      for (Map.Entry<String, Node> field : original.fields().entrySet()) {
        tree.key(field.getKey(), field.getValue().keyAt());
        copy(field.getValue(), field.getValue().at());
      }
      tree.close();
    } else if (original.is(Node.Kind.LIST)) {
      tree.open(copy);
      for (Node item : original.items()) {
        copy(item, item.at());
      }
      tree.close();
    } else {
      tree.value(copy);
    }
  }

  private void anchor(String name, Node node) {
    if (name != null) {
      anchors.put(name, node);
    }
  }

  private void refuseKey(Position at) throws UnreadableException {
    if (tree.expectsKey()) {
      throw new UnreadableException(at, "", "a key must be plain text");
    }
  }

  private static void refuseTag(String tag, Position at) throws UnreadableException {
    if (tag != null) {
      String written = Shown.text(tag.replace("tag:yaml.org,2002:", "!!"));
      throw new UnreadableException(
          at,
          written,
          "tags such as %s are not read".formatted(written),
          "Remove the tag; put text in quotes.");
    }
  }

  private static Position position(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
