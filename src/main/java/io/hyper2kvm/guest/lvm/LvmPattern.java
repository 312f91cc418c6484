package io.hyper2kvm.guest.lvm;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A regular expression as LVM's filters have it: {@code . * + ? | ( ) [ ] ^ $} and a backslash,
 * found anywhere in a name. It is matched by a set of states, in time that is the product of both
 * lengths, because a guest may write what it wants.
 */
final class LvmPattern {

  private static final int MAX_LENGTH = 500;
  private static final int MAX_DEPTH = 50;

  /** What a piece of the text is, and then what a state waits for. */
  private enum Kind {
    SET,
    BEGIN,
    END,
    SEQUENCE,
    SPLIT,
    STAR,
    PLUS,
    OPTIONAL,
    ACCEPT
  }

  /** A piece of the text with the pieces in it. */
  private record Piece(Kind kind, BitSet set, List<Piece> parts) {}

  /** One state; {@code next} and {@code other} are states, -1 for none. */
  private static final class State {
    final Kind kind;
    final BitSet set;
    final int next;
    int other = -1;

    State(Kind kind, BitSet set, int next) {
      this.kind = kind;
      this.set = set;
      this.next = next;
    }
  }

  private static final class BadPattern extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private final String text;
  private final List<State> states = new ArrayList<>();
  private final int start;
  private int at;

  private LvmPattern(String text) throws BadPattern {
    this.text = text;
    Piece whole = alternatives(0);
    if (at < text.length()) {
      throw new BadPattern();
    }
    this.start = build(whole, add(new State(Kind.ACCEPT, null, -1)));
  }

  /** A pattern; empty when it is none that is understood here. */
  static Optional<LvmPattern> of(String text) {
    try {
      return text.length() > MAX_LENGTH ? Optional.empty() : Optional.of(new LvmPattern(text));
    } catch (BadPattern e) {
      return Optional.empty();
    }
  }

  private Piece alternatives(int depth) throws BadPattern {
    if (depth > MAX_DEPTH) {
      throw new BadPattern();
    }
    List<Piece> ways = new ArrayList<>(List.of(sequence(depth)));
    while (at < text.length() && text.charAt(at) == '|') {
      at++;
      ways.add(sequence(depth));
    }
    return new Piece(Kind.SPLIT, null, ways);
  }

  private Piece sequence(int depth) throws BadPattern {
    List<Piece> parts = new ArrayList<>();
    while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
      Piece part = single(depth);
      while (at < text.length() && "*+?".indexOf(text.charAt(at)) >= 0) {
        char repeat = text.charAt(at++);
        Kind kind = repeat == '*' ? Kind.STAR : repeat == '+' ? Kind.PLUS : Kind.OPTIONAL;
        part = new Piece(kind, null, List.of(part));
      }
      parts.add(part);
    }
    return new Piece(Kind.SEQUENCE, null, parts);
  }

  private Piece single(int depth) throws BadPattern {
    char c = text.charAt(at++);
    return switch (c) {
      case '(' -> {
        Piece inner = alternatives(depth + 1);
        if (at >= text.length() || text.charAt(at++) != ')') {
          throw new BadPattern();
        }
        yield inner;
      }
      case '[' -> new Piece(Kind.SET, bracket(), List.of());
      case '.' -> new Piece(Kind.SET, range(1, 255), List.of());
      case '^' -> new Piece(Kind.BEGIN, null, List.of());
      case '$' -> new Piece(Kind.END, null, List.of());
      case '*', '+', '?' -> throw new BadPattern();
      case '\\' -> {
        if (at >= text.length()) {
          throw new BadPattern();
        }
        yield new Piece(Kind.SET, range(text.charAt(at), text.charAt(at++)), List.of());
      }
      default -> new Piece(Kind.SET, range(c, c), List.of());
    };
  }

  /** Makes the states of a piece, from its last to its first; it goes on at {@code next}. */
  private int build(Piece piece, int next) {
    return switch (piece.kind()) {
      case SEQUENCE -> {
        int first = next;
        for (int i = piece.parts().size() - 1; i >= 0; i--) {
          first = build(piece.parts().get(i), first);
        }
        yield first;
      }
      case SPLIT -> {
        int first = build(piece.parts().get(0), next);
        for (Piece way : piece.parts().subList(1, piece.parts().size())) {
          int split = add(new State(Kind.SPLIT, null, first));
          states.get(split).other = build(way, next);
          first = split;
        }
        yield first;
      }
      case STAR, PLUS, OPTIONAL -> {
        int loop = add(new State(Kind.SPLIT, null, next));
        boolean again = piece.kind() != Kind.OPTIONAL;
        int body = build(piece.parts().get(0), again ? loop : next);
        states.get(loop).other = body;
        yield piece.kind() == Kind.PLUS ? body : loop;
      }
      default -> add(new State(piece.kind(), piece.set(), next));
    };
  }

  private BitSet bracket() throws BadPattern {
    BitSet set = new BitSet();
    boolean negated = at < text.length() && text.charAt(at) == '^';
    at += negated ? 1 : 0;
    boolean first = true;
    while (at < text.length() && (first || text.charAt(at) != ']')) {
      char from = text.charAt(at++);
      if (from == '\\' && at < text.length()) {
        from = text.charAt(at++);
      }
      char to = from;
      if (at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']') {
        to = text.charAt(at + 1);
        at += 2;
      }
      if (to < from) {
        throw new BadPattern();
      }
      set.or(range(from, to));
      first = false;
    }
    if (at++ >= text.length()) {
      throw new BadPattern();
    }
    if (negated) {
      set.flip(1, 256);
    }
    return set;
  }

  private static BitSet range(int from, int to) throws BadPattern {
    if (to > 255) {
      throw new BadPattern();
    }
    BitSet set = new BitSet();
    set.set(from, to + 1);
    return set;
  }

  private int add(State state) {
    states.add(state);
    return states.size() - 1;
  }

  /** Whether the pattern is found in the name. */
  boolean isFoundIn(String name) {
    BitSet now = new BitSet();
    for (int i = 0; i <= name.length(); i++) {
      reach(start, now, i == 0, i == name.length());
      if (now.get(0)) {
        return true;
      }
      if (i == name.length()) {
        return false;
      }
      BitSet then = new BitSet();
      for (int s = now.nextSetBit(0); s >= 0; s = now.nextSetBit(s + 1)) {
        State state = states.get(s);
        if (state.kind == Kind.SET && state.set.get(name.charAt(i))) {
          reach(state.next, then, false, i + 1 == name.length());
        }
      }
      now = then;
    }
    return false;
  }

  /** Adds a state and all that follow from it without a character. */
  private void reach(int first, BitSet reached, boolean begin, boolean end) {
    List<Integer> open = new ArrayList<>(List.of(first));
    while (!open.isEmpty()) {
      int s = open.remove(open.size() - 1);
      if (s < 0 || reached.get(s)) {
        continue;
      }
      reached.set(s);
      State state = states.get(s);
      boolean passes =
          switch (state.kind) {
            case BEGIN -> begin;
            case END -> end;
            case SPLIT -> true;
            default -> false;
          };
      if (passes) {
        open.add(state.next);
        open.add(state.other);
      }
    }
  }
}
