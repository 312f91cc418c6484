package io.hyper2kvm.manifest.parse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads a manifest's tree from JSON, with Jackson's stream of tokens and no recursion. */
public final class JsonTreeReader {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  // Above our own limits, so that ours answer, with their own words.
                  .maxNestingDepth(2 * TreeBuilder.MAX_DEPTH)
                  .maxStringLength(SourceText.MAX_BYTES + 1)
                  .maxNameLength(SourceText.MAX_BYTES + 1)
                  .build())
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          // Hostile keys would fill a table that lives as long as the program.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private final String text;
  private final Problems problems;
  private final TreeBuilder tree;

  public JsonTreeReader(String text, Problems problems) {
    this.text = text;
    this.problems = problems;
    this.tree = new TreeBuilder(problems);
  }

  /** The tree, or null when the text holds nothing. */
  public Node read() throws UnreadableException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (tree.root() != null && tree.innermost() == null) {
          throw new UnreadableException(
              position(parser.currentTokenLocation()), "", "something follows the manifest's end");
        }
        accept(token, parser);
      }
      return tree.root();
    } catch (JsonProcessingException e) {
      throw refusal(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no input or output in a string
    }
  }

  private void accept(JsonToken token, JsonParser parser) throws IOException, UnreadableException {
    Position at = position(parser.currentTokenLocation());
    switch (token) {
      case START_OBJECT -> tree.open(Node.object(at));
      case START_ARRAY -> tree.open(Node.list(at));
      case END_OBJECT, END_ARRAY -> tree.close();
      case FIELD_NAME -> tree.key(parser.currentName(), at);
      case VALUE_STRING -> tree.value(Node.text(at, parser.getText()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          ScalarNumber.add(parser.getText(), at, tree, problems);
      case VALUE_TRUE, VALUE_FALSE -> tree.value(Node.bool(at, token == JsonToken.VALUE_TRUE));
      case VALUE_NULL -> tree.value(Node.nul(at));
      default -> throw new IllegalStateException("unexpected token " + token);
    }
  }

  private UnreadableException refusal(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    Position at = location == null ? Position.START : position(location);
    if (e instanceof JsonEOFException) {
      Node unfinished = tree.innermost();
      return new UnreadableException(
          at,
          "end of the file",
          unfinished == null
              ? "the file ends too early"
              : "the file ends inside %s that begins in line %d"
                  .formatted(
                      unfinished.is(Node.Kind.LIST) ? "the list" : "the object",
                      unfinished.at().line()),
          "Check that it was copied completely and that every bracket is closed.");
    }
    return JsonSyntaxWords.explain(e.getOriginalMessage(), at);
  }

  private static Position position(JsonLocation location) {
    return new Position(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }
}
