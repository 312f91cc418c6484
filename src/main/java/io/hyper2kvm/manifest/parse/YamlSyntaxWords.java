package io.hyper2kvm.manifest.parse;

import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Says what is wrong with YAML in an operator's words; the parser's words are a programmer's. */
final class YamlSyntaxWords {

  private YamlSyntaxWords() {}

  static UnreadableException explain(MarkedYAMLException e, Position at) {
    String problem = String.valueOf(e.getProblem());
    String context = String.valueOf(e.getContext());
    if (problem.contains("\\t(TAB)") || problem.contains("'\\t'")) {
      return new UnreadableException(
          at, "TAB", "YAML does not allow a tab here", "Indent with spaces.");
    }
    if (problem.startsWith("mapping values are not allowed here")) {
      return new UnreadableException(
          at,
          ":",
          "a colon cannot stand here",
          "Check the indentation, or put text with a colon in quotes.");
    }
    if (problem.startsWith("could not find expected ':'")) {
      return new UnreadableException(
          at, "", "a key without its colon", "Write \"key: value\", with a space after the colon.");
    }
    if (problem.startsWith("expected <block end>")) {
      return new UnreadableException(
          at,
          "",
          "this line does not fit the indentation of the lines before it",
          "Give the keys of one object the same indentation, and put quotes around whole values.");
    }
    if (problem.startsWith("expected ',' or")) {
      return new UnreadableException(
          at,
          "",
          "a comma or a closing bracket is expected" + begun(e),
          "Check that every bracket is closed.");
    }
    if (problem.contains("unexpected end of stream")) {
      return new UnreadableException(
          at,
          "end of the file",
          "the file ends inside a text in quotes" + begun(e),
          "Check that it was copied completely and that every quote is closed.");
    }
    if (problem.startsWith("found character") && context.contains("scanning for the next token")) {
      String found = problem.replaceAll("^found character '?(.)'?.*", "$1");
      return new UnreadableException(
          at,
          Shown.text(found),
          "a value cannot begin with " + Shown.quoted(found),
          "Put the text in quotes.");
    }
    if (problem.startsWith("found unknown escape character")) {
      return new UnreadableException(
          at,
          "",
          "a backslash begins an escape that YAML does not know",
          "Write \\\\ for one backslash, or put the text in single quotes.");
    }
    return new UnreadableException(at, "", "not valid YAML: " + Shown.text(problem));
  }

  private static String begun(MarkedYAMLException e) {
    return e.getContextMark() == null
        ? ""
        : ", for what begins in line " + (e.getContextMark().getLine() + 1);
  }
}
