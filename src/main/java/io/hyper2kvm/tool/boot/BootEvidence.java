package io.hyper2kvm.tool.boot;

import io.hyper2kvm.text.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** The evidence, in order and with its time. Each fact is kept once and reported as progress. */
final class BootEvidence {

  private static final int MOST = 100;
  private static final int LONGEST = 500;

  private final List<String> facts = new ArrayList<>();
  private final Consumer<String> progress;

  BootEvidence(Consumer<String> progress) {
    this.progress = progress;
  }

  void add(Duration at, String fact) {
    String clean = clean(fact);
    boolean known = facts.stream().anyMatch(it -> it.endsWith(" s: " + clean));
    if (!known && facts.size() < MOST) {
      String line = String.format(Locale.ROOT, "%.1f s: %s", at.toMillis() / 1000.0, clean);
      facts.add(line);
      progress.accept(line);
    }
  }

  List<String> facts() {
    return List.copyOf(facts);
  }

  /** The guest's text, shortened and without control characters. */
  static String clean(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(it -> out.appendCodePoint(Printable.isUnsafe(it) ? ' ' : it));
    return out.toString().strip();
  }

  BootVerdict verdict(
      Optional<BootFailure> failure,
      Duration took,
      Optional<String> address,
      List<String> warnings,
      ScreenText screen,
      String serial) {
    return new BootVerdict(
        failure.isEmpty(),
        failure,
        took,
        facts,
        address.isPresent(),
        warnings,
        screen.text(),
        serial);
  }
}
