package io.hyper2kvm.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The codes and their page say the same. */
class FailureCodeTest {

  private static final Path PAGE = Path.of("docs/errors.md");

  /** A row whose first cell is a code: {@code | `CODE` | cause | action |}, or a heading of one. */
  private static final Pattern ROW =
      Pattern.compile("^\\|\\s*`?([A-Z][A-Z0-9_]{3,})`?\\s*\\|(.*)$");

  private static final Pattern HEADING =
      Pattern.compile("^#{2,6}\\s+`?([A-Z][A-Z0-9_]{3,})`?\\s*$");

  private static Set<String> documented() throws IOException {
    Set<String> codes = new TreeSet<>();
    for (String line : Files.readAllLines(PAGE)) {
      for (Pattern pattern : List.of(ROW, HEADING)) {
        Matcher matcher = pattern.matcher(line);
        if (matcher.matches()) {
          codes.add(matcher.group(1));
        }
      }
    }
    return codes;
  }

  private static Set<String> codes() {
    Set<String> codes = new TreeSet<>();
    Arrays.stream(FailureCode.values()).map(Enum::name).forEach(codes::add);
    return codes;
  }

  @Test
  void everyCodeStandsInItsPageAndNoOther() throws IOException {
    assertThat(documented()).containsExactlyElementsOf(codes());
  }

  @Test
  void everyRowHasACauseAndAnAction() throws IOException {
    for (String line : Files.readAllLines(PAGE)) {
      Matcher matcher = ROW.matcher(line);
      if (matcher.matches()) {
        List<String> cells =
            Arrays.stream(matcher.group(2).split("\\|")).map(String::strip).toList();
        assertThat(cells).as(line).hasSizeGreaterThanOrEqualTo(2).noneMatch(String::isEmpty);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(FailureCode.class)
  void everyHintIsASentence(FailureCode code) {
    assertThat(code.hint()).matches("\\w.{10,120}[.?]");
  }
}
