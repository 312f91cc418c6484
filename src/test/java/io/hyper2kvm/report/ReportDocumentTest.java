package io.hyper2kvm.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The operator's page and the schemas say the same. */
class ReportDocumentTest {

  private static final Path PAGE = Path.of("docs/reports.md");
  private static final String VM = "urn:hyper2kvm:vm:1.0";

  /** The page's sections and the parts of the schemas whose keys they have. */
  private static final Map<String, List<String>> SECTIONS = new LinkedHashMap<>();

  static {
    SECTIONS.put("## The report", List.of("report#"));
    SECTIONS.put("### A batch", List.of("vm#/$defs/vm"));
    SECTIONS.put("## The stages", List.of("vm#/$defs/stage"));
    SECTIONS.put(
        "### load",
        List.of(
            "vm#/$defs/sourceDisk",
            "vm#/$defs/spaceNeed",
            "vm#/$defs/appliance",
            "vm#/$defs/machine"));
    SECTIONS.put("### A dry run", List.of("vm#/$defs/plan"));
    SECTIONS.put("### inspect", List.of("vm#/$defs/inspect"));
    SECTIONS.put("### fix", List.of("vm#/$defs/appliedFix", "vm#/$defs/selinux"));
    SECTIONS.put("### convert", List.of("vm#/$defs/convert"));
    SECTIONS.put("### validate", List.of("vm#/$defs/bootTest"));
    SECTIONS.put("## The error file", List.of("error#"));
    SECTIONS.put("## The live status", List.of("status#"));
    SECTIONS.put("## The record beside an output", List.of("provenance#"));
  }

  /** What is described in a section of its own, or in a manifest's page, is not repeated. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "vm",
          "stages",
          "load",
          "plan",
          "check",
          "spaceNeed",
          "inspect",
          "fix",
          "convert",
          "validate",
          "stage",
          "pipeline");

  /** What the report's section has in full; the others only refer to it. */
  private static final Set<String> IN_THE_REPORT = Set.of("artifacts", "reusedFrom");

  private final Map<String, JsonNode> schemas = new LinkedHashMap<>();
  private boolean inTheReport;

  ReportDocumentTest() throws IOException {
    for (String kind : List.of("vm", "report", "error", "status", "provenance")) {
      schemas.put(kind, ReportSchemaTest.schema(kind));
    }
  }

  @Test
  void everyKeyOfTheSchemasStandsInItsSection() throws IOException {
    Set<String> missing = new TreeSet<>();
    for (Map.Entry<String, List<String>> section : SECTIONS.entrySet()) {
      Set<String> words = words(rows(section.getKey()));
      for (String path : paths(section.getValue())) {
        if (!words.contains(path.replaceAll(".*\\.", "").replace("[]", ""))) {
          missing.add(section.getKey() + ": " + path);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everyKeyOfThePageStandsInTheSchemas() throws IOException {
    Set<String> unknown = new TreeSet<>();
    for (Map.Entry<String, List<String>> section : SECTIONS.entrySet()) {
      Set<String> paths = paths(section.getValue());
      for (String row : rows(section.getKey())) {
        for (String key : words(List.of(row.split("\\|")[1]))) {
          if (!paths.contains(key) && !paths.contains(key.replaceAll("\\[]$", ""))) {
            unknown.add(section.getKey() + ": " + key);
          }
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void everySectionHasAKey() throws IOException {
    for (String section : SECTIONS.keySet()) {
      assertThat(rows(section)).as(section).isNotEmpty();
    }
  }

  @Test
  void theChecksOfThePageAreThoseOfTheSchema() throws IOException {
    Set<String> documented = new TreeSet<>();
    String checks = section("### validate").split("\\| key \\|")[0];
    Matcher row = Pattern.compile("(?m)^\\| `(\\w+)` \\|").matcher(checks);
    while (row.find()) {
      documented.add(row.group(1));
    }
    Set<String> known = new TreeSet<>();
    schemas
        .get("vm")
        .at("/$defs/check/properties/name/enum")
        .forEach(name -> known.add(name.asText()));

    assertThat(documented).isEqualTo(known);
  }

  /** The rows of the section's tables of keys; other tables have another first heading. */
  private static List<String> rows(String heading) throws IOException {
    List<String> rows = new java.util.ArrayList<>();
    boolean keys = false;
    for (String line : section(heading).split("\n")) {
      if (line.startsWith("| key |")) {
        keys = true;
      } else if (!line.startsWith("|")) {
        keys = false;
      } else if (keys && line.startsWith("| `")) {
        rows.add(line);
      }
    }
    return rows;
  }

  private static String section(String heading) throws IOException {
    String page = Files.readString(PAGE);
    int start = page.indexOf("\n" + heading + "\n");
    assertThat(start).as(heading).isNotNegative();
    Matcher next = Pattern.compile("\n##+ ").matcher(page);
    int from = start + heading.length();
    return page.substring(start, next.find(from) ? next.start() : page.length());
  }

  /** Whatever stands between backticks, and each part of a dotted path. */
  private static Set<String> words(List<String> rows) {
    Set<String> words = new HashSet<>();
    for (String row : rows) {
      Matcher word = Pattern.compile("`([a-z0-9_.\\[\\]]+)`").matcher(row);
      while (word.find()) {
        words.add(word.group(1));
        if (rows.size() > 1) {
          words.addAll(List.of(word.group(1).replace("[]", "").split("\\.")));
        }
      }
    }
    return words;
  }

  private Set<String> paths(List<String> parts) {
    Set<String> paths = new TreeSet<>();
    for (String part : parts) {
      String[] kindAndPointer = part.split("#", -1);
      inTheReport = kindAndPointer[0].equals("report");
      JsonNode schema = schemas.get(kindAndPointer[0]);
      add(kindAndPointer[0], schema.at(kindAndPointer[1]), "", paths);
    }
    return paths;
  }

  private void add(String kind, JsonNode part, String prefix, Set<String> paths) {
    for (String together : List.of("allOf", "oneOf")) {
      part.path(together).forEach(other -> addPart(kind, other, prefix, paths, true));
    }
    part.path("properties")
        .properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              if (value.isBoolean() && !value.asBoolean()) {
                return;
              }
              String path = prefix + field.getKey();
              paths.add(path);
              addPart(kind, value, path + ".", paths, false);
              if (value.has("items")) {
                addPart(kind, value.get("items"), path + "[].", paths, false);
              }
            });
  }

  private void addPart(
      String kind, JsonNode part, String prefix, Set<String> paths, boolean sameObject) {
    if (!part.has("$ref")) {
      add(kind, part, prefix, paths);
      return;
    }
    String ref = part.get("$ref").asText();
    String name = ref.replaceAll(".*/", "");
    // What every stage has is in the table of all stages.
    if (ELSEWHERE.contains(name)
        || (IN_THE_REPORT.contains(name) && !inTheReport)
        || (prefix.isEmpty() && !sameObject)) {
      return;
    }
    String other = ref.startsWith(VM) ? "vm" : kind;
    add(other, schemas.get(other).at("/$defs/" + name), prefix, paths);
  }
}
