package io.hyper2kvm.manifest.parse;

import java.util.regex.Pattern;

/** What a file of YAML is for: what a scalar without quotes is, and what to write instead. */
enum YamlUse {

  /** A manifest: the core of YAML 1.2, where only true and false are booleans. */
  MANIFEST(
      "a file holds one manifest",
      "Write a batch with \"vms\", or one file for each VM.",
      "In a batch, put what the VMs share under \"defaults\": \"pipeline\".") {
    @Override
    Node scalar(String word, Position at) {
      if (word.equals("true") || word.equals("false")) {
        return Node.bool(at, word.equals("true"));
      }
      if (word.length() <= MAX_NUMBER_LENGTH
          && (INTEGER.matcher(word).matches() || DECIMAL.matcher(word).matches())) {
        // A number too large for 64 bits keeps its digits, as text.
        return ScalarNumber.parse(word)
            .map(value -> Node.number(at, value))
            .orElseGet(() -> Node.text(at, word));
      }
      return Node.text(at, word);
    }
  },

  /** Another file: each word is text as it is written, and its reader knows what it means. */
  WORDS(
      "a file holds one", "Write all of it as one document.", "Write the keys where they belong.") {
    @Override
    Node scalar(String word, Position at) {
      return Node.text(at, word);
    }
  };

  private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]*)");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

  /** A plain scalar longer than this is text, whatever its characters. */
  private static final int MAX_NUMBER_LENGTH = 400;

  final String oneDocument;
  final String insteadOfTwo;
  final String insteadOfMerge;

  YamlUse(String oneDocument, String insteadOfTwo, String insteadOfMerge) {
    this.oneDocument = oneDocument;
    this.insteadOfTwo = insteadOfTwo;
    this.insteadOfMerge = insteadOfMerge;
  }

  /** A scalar without quotes that is not null. */
  abstract Node scalar(String word, Position at);
}
