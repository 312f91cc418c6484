package io.hyper2kvm.manifest.parse;

import java.math.BigInteger;
import java.util.Optional;

/** Numbers as a manifest may hold them: 64-bit integers and finite doubles. */
final class ScalarNumber {

  /** No number that fits is longer; longer digits are not even parsed. */
  private static final int MAX_LENGTH = 400;

  private ScalarNumber() {}

  /** Adds a number to the tree, or says that it does not fit. */
  static void add(String digits, Position at, TreeBuilder tree, Problems problems)
      throws UnreadableException {
    Optional<Number> value = parse(digits);
    Node node = Node.number(at, value.orElse(0L));
    tree.value(node);
    if (value.isEmpty()) {
      problems.at(
          node,
          Shown.text(digits),
          "the number %s is too large".formatted(Shown.text(digits)),
          "Put it in quotes.");
    }
  }

  /** The number; empty when it is too large. */
  static Optional<Number> parse(String digits) {
    if (digits.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    boolean integer = digits.indexOf('.') < 0 && digits.indexOf('e') < 0 && digits.indexOf('E') < 0;
    if (integer) {
      BigInteger value = new BigInteger(digits);
      return value.bitLength() < Long.SIZE ? Optional.of(value.longValueExact()) : Optional.empty();
    }
    double value = Double.parseDouble(digits);
    return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
  }
}
