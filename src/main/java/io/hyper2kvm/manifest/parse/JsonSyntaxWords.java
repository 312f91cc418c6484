package io.hyper2kvm.manifest.parse;

/** Says what is wrong with JSON in an operator's words; the parser's words are a programmer's. */
final class JsonSyntaxWords {

  private JsonSyntaxWords() {}

  static UnreadableException explain(String parserMessage, Position at) {
    String found = unexpectedCharacter(parserMessage);
    if (found.equals("/") || found.equals("#")) {
      return new UnreadableException(
          at, found, "JSON has no comments", "Remove it, or write the manifest in YAML.");
    }
    if (found.equals("'")) {
      return new UnreadableException(
          at, found, "JSON puts text in double quotes", "Write \" instead of '.");
    }
    if (parserMessage.contains("expecting double-quote to start field name")) {
      return new UnreadableException(
          at,
          found,
          "a key in double quotes is expected, found " + character(found),
          found.equals("}") ? "Remove the comma before it." : "Put the key in double quotes.");
    }
    if (found.equals("]") || found.equals("}")) {
      return new UnreadableException(
          at,
          found,
          "a value is expected, found " + character(found),
          "Check for a comma too many and for a bracket that does not match.");
    }
    if (parserMessage.contains("expecting comma")) {
      return new UnreadableException(
          at,
          found,
          "a comma or a closing bracket is expected, found " + character(found),
          "Check the end of the value before it.");
    }
    if (parserMessage.contains("expecting a colon")) {
      return new UnreadableException(
          at, found, "a colon is expected after a key, found " + character(found));
    }
    if (parserMessage.startsWith("Unrecognized character escape")) {
      return new UnreadableException(
          at,
          "",
          "a backslash begins an escape that JSON does not know",
          "Write \\\\ for one backslash.");
    }
    if (parserMessage.startsWith("Illegal unquoted character")) {
      return new UnreadableException(
          at, "", "a text in quotes must end on its line", "Close the quotes, or write \\n.");
    }
    if (parserMessage.contains("Leading zeroes not allowed")) {
      return new UnreadableException(
          at, "0", "a number cannot begin with a zero", "Put text in double quotes.");
    }
    if (parserMessage.startsWith("Unrecognized token")
        || parserMessage.startsWith("Non-standard token")) {
      String token = between(parserMessage, "'", "'");
      return new UnreadableException(
          at,
          Shown.text(token),
          "%s is not a JSON value".formatted(Shown.quoted(token)),
          switch (token) {
            case "True", "TRUE" -> "Write true.";
            case "False", "FALSE" -> "Write false.";
            case "None" -> "Write null.";
            default -> "Put text in double quotes.";
          });
    }
    return new UnreadableException(
        at, Shown.text(found), "not valid JSON: " + Shown.text(parserMessage));
  }

  private static String character(String found) {
    return found.equals("\"") ? "a quote" : Shown.quoted(found);
  }

  private static String unexpectedCharacter(String parserMessage) {
    return parserMessage.startsWith("Unexpected character ('")
            || parserMessage.startsWith("Unexpected close marker '")
        ? between(parserMessage, "'", "' (code")
        : "";
  }

  /** What stands between two marks; the first close marker's text ends at its next quote. */
  private static String between(String text, String open, String close) {
    int start = text.indexOf(open) + open.length();
    int end = text.indexOf(close, start);
    if (end < 0) {
      end = text.indexOf('\'', start);
    }
    return end < start ? "" : text.substring(start, end);
  }
}
