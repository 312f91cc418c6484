package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.failure.FailureCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/metrics.md lists the metrics that a scrape has, no more and no less. */
@Tag("daemon")
class MetricsDocumentTest {

  private static final Path PAGE = Path.of("docs/metrics.md");

  @TempDir static Path root;
  private static RunningDaemon daemon;
  private static Scrape scrape;

  @BeforeAll
  static void aVmHasRun() throws Exception {
    daemon = new RunningDaemon(root);
    ManagementPort port = ManagementPort.of(daemon);
    daemon.start();
    daemon.drop("web.json", daemon.single(daemon.disk("web"), "web"));
    daemon.report("web.json");
    port.await200("health/ready");
    scrape = new Scrape(port.scrape());
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  private static List<String[]> rows(String header) throws Exception {
    List<String> lines = Files.readAllLines(PAGE);
    List<String[]> rows = new ArrayList<>();
    for (String line : lines.subList(lines.indexOf(header) + 2, lines.size())) {
      if (!line.startsWith("|")) {
        return rows;
      }
      rows.add(Arrays.stream(line.split("\\|")).skip(1).map(String::strip).toArray(String[]::new));
    }
    return rows;
  }

  private static Set<String> words(String cell) {
    return Arrays.stream(cell.split(","))
        .map(word -> word.replace("`", "").strip())
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyMetricIsListedWithItsTypeLabelsAndHelp() throws Exception {
    Map<String, List<Object>> listed = new TreeMap<>();
    for (String[] row : rows("| metric | type | labels | meaning |")) {
      listed.put(row[0].replace("`", ""), List.of(row[1], words(row[2]), row[3]));
    }
    Map<String, List<Object>> found = new TreeMap<>();
    scrape
        .kinds()
        .forEach(
            (name, kind) ->
                found.put(
                    name, List.of(kind, scrape.labels(name).keySet(), scrape.helps().get(name))));

    assertThat(listed).isEqualTo(found);
  }

  @Test
  void everySeriesBelongsToAMetric() {
    assertThat(scrape.series().keySet())
        .isNotEmpty()
        .allMatch(series -> scrape.kinds().containsKey(scrape.metric(series)));
  }

  @Test
  void everyLabelIsExplainedWithItsValues() throws Exception {
    List<String[]> rows = rows("| label | values |");
    Set<String> labels = new TreeSet<>();
    scrape.kinds().keySet().forEach(name -> labels.addAll(scrape.labels(name).keySet()));
    labels.removeAll(Set.of("java", "version"));

    assertThat(rows.stream().map(row -> row[0].replaceAll("`(\\w+)`.*", "$1")).distinct())
        .containsExactlyInAnyOrderElementsOf(labels);
    for (String[] row : rows) {
      String metric =
          switch (row[0]) {
            case "`outcome` of manifests" -> "hyper2kvm_manifests_total";
            case "`outcome` of VMs" -> "hyper2kvm_vms_total";
            case "`outcome` of stages", "`stage`" -> "hyper2kvm_stage_duration_seconds";
            case "`check`" -> "hyper2kvm_check_up";
            default -> "";
          };
      if (!metric.isEmpty()) {
        String label = row[0].replaceAll("`(\\w+)`.*", "$1");
        Set<String> named =
            Pattern.compile("`([a-z-]+)`")
                .matcher(row[1])
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        assertThat(named).as(row[0]).isEqualTo(scrape.labels(metric).get(label));
      }
    }
  }

  @Test
  void theCodesAreThoseOfTheFailures() {
    Set<String> codes = new TreeSet<>(Set.of(""));
    for (FailureCode code : FailureCode.values()) {
      codes.add(code.name());
    }
    assertThat(scrape.labels("hyper2kvm_vms_total").get("code")).isEqualTo(codes);
    assertThat(scrape.labels("hyper2kvm_manifests_total").get("code")).isEqualTo(codes);
  }

  @Test
  void namesFollowTheConventionsOfPrometheus() {
    scrape
        .kinds()
        .forEach(
            (name, kind) -> {
              assertThat(name).matches("(hyper2kvm|process)_[a-z0-9_]+");
              assertThat(name.endsWith("_total")).as(name).isEqualTo(kind.equals("counter"));
            });
  }
}
