package io.hyper2kvm.daemon.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on the API against the description. */
class ApiPageTest {

  private static final Path PAGE = Path.of("docs/api.md");

  /** With {@code -Dgolden.write=true} the table is written anew. */
  @Test
  void documentedTableIsTheListOfOperations() throws Exception {
    List<String> page = Files.readAllLines(PAGE);
    int first = page.indexOf("| operation | does | token |") + 2;
    int end = first;
    while (page.get(end).startsWith("|")) {
      end++;
    }
    List<String> rows = rows(new Description());
    if (Boolean.getBoolean("golden.write")) {
      Files.write(
          PAGE,
          Stream.of(page.subList(0, first), rows, page.subList(end, page.size()))
              .flatMap(List::stream)
              .toList());
    } else {
      assertThat(page.subList(first, end)).isEqualTo(rows);
    }
  }

  private static List<String> rows(Description description) {
    List<String> rows = new ArrayList<>();
    description
        .root()
        .at("/paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation -> {
                          if (!operation.getKey().equals("parameters")) {
                            rows.add(row(path.getKey(), operation.getKey(), operation.getValue()));
                          }
                        }));
    return rows;
  }

  private static String row(String path, String method, JsonNode operation) {
    return "| `%s %s` | %s | %s |"
        .formatted(
            method.toUpperCase(Locale.ROOT),
            path,
            operation.path("summary").asText(),
            operation.has("security") ? "yes" : "no");
  }

  @Test
  void everyConditionIsDocumented() throws Exception {
    String page = Files.readString(PAGE);
    String source =
        Files.readString(Path.of("src/main/java/io/hyper2kvm/daemon/web/Conditions.java"));
    List<String> codes =
        java.util.regex.Pattern.compile("\"([A-Z]+_[A-Z_]+)\"")
            .matcher(source)
            .results()
            .map(found -> found.group(1))
            .filter(code -> !code.endsWith("_"))
            .distinct()
            .toList();
    assertThat(codes).hasSizeGreaterThan(5).allSatisfy(code -> assertThat(page).contains(code));
  }
}
