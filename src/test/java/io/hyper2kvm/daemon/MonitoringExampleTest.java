package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alert rules and the dashboard in examples/monitoring ask for what a scrape has. */
@Tag("daemon")
class MonitoringExampleTest {

  private static final Path FOLDER = Path.of("examples/monitoring");
  private static final Pattern NAME = Pattern.compile("\\b(?:hyper2kvm|process)_[a-z0-9_]+");
  private static final Pattern SELECTOR =
      Pattern.compile("\\b((?:hyper2kvm|process)_[a-z0-9_]+)\\{([^}]*)}");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)(?:=~|!~|!=|=)\"([^\"]*)\"");

  /** Labels that Prometheus adds. */
  private static final Set<String> ADDED = Set.of("job", "instance");

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

  private static JsonNode rules() throws IOException {
    return new YAMLMapper().readTree(FOLDER.resolve("alert-rules.yaml").toFile());
  }

  private static JsonNode dashboard() throws IOException {
    return new ObjectMapper().readTree(FOLDER.resolve("grafana-dashboard.json").toFile());
  }

  private static List<String> expressions() throws IOException {
    List<String> expressions = new ArrayList<>();
    rules().findValues("expr").forEach(expr -> expressions.add(expr.asText()));
    dashboard().findValues("expr").forEach(expr -> expressions.add(expr.asText()));
    dashboard().findValues("definition").forEach(expr -> expressions.add(expr.asText()));
    return expressions;
  }

  private static Set<String> seriesNames() {
    Set<String> names = new TreeSet<>();
    scrape.series().keySet().forEach(series -> names.add(series.replaceFirst("\\{.*", "")));
    return names;
  }

  @Test
  void everyMetricThatTheyUseExists() throws Exception {
    Set<String> used = new TreeSet<>();
    for (String expression : expressions()) {
      Matcher name = NAME.matcher(expression);
      while (name.find()) {
        used.add(name.group());
      }
    }
    assertThat(used).hasSizeGreaterThan(15);
    assertThat(seriesNames()).containsAll(used);
  }

  @Test
  void everyLabelAndValueThatTheySelectExists() throws Exception {
    int checked = 0;
    for (String expression : expressions()) {
      Matcher selector = SELECTOR.matcher(expression);
      while (selector.find()) {
        var labels = scrape.labels(scrape.metric(selector.group(1)));
        Matcher matcher = MATCHER.matcher(selector.group(2));
        while (matcher.find()) {
          if (!ADDED.contains(matcher.group(1))) {
            assertThat(labels.get(matcher.group(1)))
                .as(expression)
                .contains(matcher.group(2).split("\\|"));
            checked++;
          }
        }
      }
    }
    assertThat(checked).isGreaterThan(10);
  }

  @Test
  void theDashboardShowsEveryMetric() throws Exception {
    String all = dashboard().toString();

    assertThat(scrape.kinds().keySet()).allMatch(all::contains);
  }

  @Test
  void noTwoPanelsOverlapOrHaveOneNumber() throws Exception {
    Set<Integer> numbers = new TreeSet<>();
    Set<String> cells = new TreeSet<>();
    for (JsonNode panel : dashboard().path("panels")) {
      assertThat(numbers.add(panel.path("id").asInt())).isTrue();
      JsonNode at = panel.path("gridPos");
      assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(24);
      for (int x = at.path("x").asInt(); x < at.path("x").asInt() + at.path("w").asInt(); x++) {
        for (int y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
          assertThat(cells.add(x + "," + y)).as(panel.path("title").asText()).isTrue();
        }
      }
    }
    assertThat(numbers).hasSizeGreaterThan(15);
  }

  @Test
  void everyAlertSaysWhatToDoAndFiresInATest() throws Exception {
    Set<String> fires = new TreeSet<>();
    JsonNode tests =
        new YAMLMapper().readTree(FOLDER.resolve("alert-rules-test.yaml").toFile()).path("tests");
    for (JsonNode test : tests) {
      for (JsonNode alert : test.path("alert_rule_test")) {
        if (!alert.path("exp_alerts").isEmpty()) {
          fires.add(alert.path("alertname").asText());
        }
      }
    }
    Set<String> alerts = new TreeSet<>();
    for (JsonNode rule : rules().findValue("rules")) {
      alerts.add(rule.path("alert").asText());
      assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
      assertThat(rule.at("/annotations/description").asText()).isNotBlank();
      assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning", "info");
    }
    assertThat(fires).isEqualTo(alerts);
  }
}
