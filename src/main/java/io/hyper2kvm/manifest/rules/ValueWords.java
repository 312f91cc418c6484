package io.hyper2kvm.manifest.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.Problems;
import io.hyper2kvm.manifest.parse.Shown;
import io.hyper2kvm.text.NearestWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Says what a value must be, what was found, and what was probably meant. */
final class ValueWords {

  static final String NAME_WORDS =
      "must be 1 to 128 letters, digits, dots, hyphens or underscores and begin with a letter or"
          + " digit";

  private static final String NAME_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._-]{0,";

  private static final Map<String, String> TYPES =
      Map.of(
          "object", Node.Kind.OBJECT.words,
          "array", Node.Kind.LIST.words,
          "string", Node.Kind.TEXT.words,
          "boolean", Node.Kind.BOOLEAN.words,
          "integer", "a whole number");

  private static final Set<String> YES = Set.of("true", "yes", "on", "y", "1");
  private static final Set<String> NO = Set.of("false", "no", "off", "n", "0");

  private static final Optional<String> NO_VALUE =
      Optional.of("Give it a value, or remove the key.");

  private ValueWords() {}

  /**
   * Reports a value that does not fit.
   *
   * @param keyword the schema's keyword that it does not fit
   * @param schema the part of the schema that has the keyword
   */
  static void report(String keyword, JsonNode schema, Node node, Problems problems) {
    String shown = node.shown();
    String must =
        switch (keyword) {
          case "type" -> "must be " + TYPES.get(schema.path("type").asText());
          case "enum" -> "must be one of " + String.join(", ", words(schema));
          case "const" -> "must be " + Shown.quoted(schema.path("const").asText());
          case "pattern" -> pattern(schema.path("pattern").asText());
          case "minimum" -> "must be %d or more".formatted(schema.path(keyword).asInt());
          case "maximum" -> "must be %d or less".formatted(schema.path(keyword).asInt());
          case "maxProperties" ->
              "must have at most %d entries".formatted(schema.path(keyword).asInt());
          case "minLength", "minItems" -> "must not be empty";
          case "maxLength" ->
              "must have at most %d characters".formatted(schema.path(keyword).asInt());
          case "maxItems" -> "must have at most %d items".formatted(schema.path(keyword).asInt());
          default -> "does not fit the schema's rule \"%s\"".formatted(keyword);
        };
    String found =
        node.is(Node.Kind.LIST) && keyword.endsWith("Items")
            ? node.items().size() + " items"
            : shown;
    problems.add(
        node.pointer(),
        node.at(),
        found,
        must + ", found " + found,
        suggestion(keyword, schema, node));
  }

  private static String pattern(String pattern) {
    if (pattern.startsWith("^sha256")) {
      return "must be \"sha256:\" and 64 hexadecimal digits";
    }
    if (pattern.startsWith("^([a-z0-9]")) {
      return "must be the name of a NetworkAttachmentDefinition: small letters, digits, dots and"
          + " hyphens, with its namespace and a slash before it if that is another one";
    }
    if (pattern.startsWith("^[0-9A-Fa-f]{2}")) {
      return "must be an address such as \"00:50:56:9a:12:34\"";
    }
    if (pattern.startsWith(NAME_PATTERN)) {
      // The names of all things have the same form, and each its own length.
      int more = Integer.parseInt(pattern.substring(NAME_PATTERN.length(), pattern.indexOf('}')));
      return NAME_WORDS.replace("128", String.valueOf(more + 1));
    }
    return pattern.endsWith("{0,14}$")
        ? "must be the name of a network interface: 1 to 15 letters, digits, hyphens or"
            + " underscores, of which the first is no hyphen"
        : NAME_WORDS;
  }

  private static Optional<String> suggestion(String keyword, JsonNode schema, Node node) {
    return switch (keyword) {
      case "type" -> otherType(schema, node);
      case "enum" ->
          node.is(Node.Kind.NULL) ? NO_VALUE : node.asText().flatMap(t -> word(words(schema), t));
      case "const" ->
          Optional.of(
              "Write \"%s\"%s."
                  .formatted(
                      schema.path("const").asText(),
                      node.is(Node.Kind.NUMBER) ? ", in quotes" : ""));
      default -> Optional.empty();
    };
  }

  private static Optional<String> word(List<String> allowed, String text) {
    if (text.indexOf('|') >= 0) {
      return Optional.of("Pick one of them.");
    }
    return NearestWord.among(allowed, text).map("Did you mean \"%s\"?"::formatted);
  }

  private static Optional<String> otherType(JsonNode schema, Node node) {
    if (node.is(Node.Kind.NULL)) {
      return NO_VALUE;
    }
    return switch (schema.path("type").asText()) {
      case "boolean" -> bool(node);
      case "string" ->
          node.is(Node.Kind.NUMBER) || node.is(Node.Kind.BOOLEAN)
              ? Optional.of("Put it in quotes: \"%s\".".formatted(node.shown()))
              : Optional.empty();
      case "array" ->
          node.is(Node.Kind.TEXT)
              ? Optional.of("Put it in a list: [%s].".formatted(node.shown()))
              : Optional.empty();
      case "object" ->
          schema.path("properties").has("enabled")
              ? truth(node).map("Write {\"enabled\": %s}."::formatted)
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<String> bool(Node node) {
    return truth(node).map("Write %s, in small letters and without quotes."::formatted);
  }

  /** YAML 1.1 took yes and on for true; here as in YAML 1.2 they are words. */
  private static Optional<Boolean> truth(Node node) {
    String word = String.valueOf(node.scalar()).toLowerCase(Locale.ROOT);
    if (YES.contains(word)) {
      return Optional.of(true);
    }
    return NO.contains(word) ? Optional.of(false) : Optional.empty();
  }

  private static List<String> words(JsonNode schema) {
    List<String> words = new ArrayList<>();
    schema.path("enum").forEach(word -> words.add(word.asText()));
    return words;
  }
}
