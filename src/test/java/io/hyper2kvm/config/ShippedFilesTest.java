package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.hyper2kvm.config.value.DurationText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration files, the table and the examples that go out with the program. */
class ShippedFilesTest {

  private static final Path CONFIG = Path.of("config/manifest-daemon.yaml").toAbsolutePath();
  private static final Path OPERATIONS = Path.of("docs/operations.md");

  @TempDir Path root;

  @Test
  void configurationLoads() throws Exception {
    var site = site();
    site.file = Optional.of(CONFIG);
    assertThat(site.problems()).isEmpty();
  }

  @Test
  void configurationNamesEveryKeyWithItsDefault() throws Exception {
    String text = Files.readString(CONFIG);
    for (ConfigKey<?> key : ConfigKeys.all()) {
      String written = "(?m)^(# )?%s: ".formatted(key);
      assertThat(text).containsPattern(written);
      if (Pattern.compile("(?m)^# %s: ".formatted(key)).matcher(text).find()) {
        assertThat(text)
            .contains("\n# %s: %s\n".formatted(key, key.defaultText().orElse("(none)")));
      }
    }
  }

  @Test
  void configurationNamesNothingThatIsNoKey() throws Exception {
    assertThat(Files.readAllLines(CONFIG))
        .filteredOn(line -> line.matches("(# )?[a-z]+(_[a-z]+)+:.*|[a-z]+:.*"))
        .allMatch(
            line ->
                ConfigKeys.named(line.replaceFirst("^# ", "").replaceFirst(":.*", "")).isPresent());
  }

  @Test
  void commentedDefaultsAreTheDefaults() throws Exception {
    var site = site();
    var plain = site.file("").load().config();
    String spelledOut =
        Files.readString(CONFIG)
            .replaceAll("(?m)^(?!# [a-z_]+: [^(<]\\S*$).*$", "")
            .replaceAll("(?m)^# ", "");
    assertThat(spelledOut).contains("poll_interval: 500ms");
    assertThat(site.file(spelledOut).load().config()).isEqualTo(plain);
  }

  @Test
  void exampleConfigurationLoads() throws Exception {
    var site = site();
    site.flags.remove(LogConfig.LOG_DIR);
    site.flags.put(LogConfig.LOG_FILE, List.of("daemon.log"));
    site.file = Optional.of(Path.of("examples/daemon/manifest-daemon.yaml").toAbsolutePath());
    assertThat(site.problems()).isEmpty();
  }

  /** A site whose flags keep the shipped folders, which need not be on this machine, out of it. */
  private Site site() throws Exception {
    var site = new Site(root);
    site.flags.put(WorkflowConfig.MANIFEST_WORKFLOW_DIR, List.of("work"));
    site.flags.put(OutputConfig.OUTPUT_DIR, List.of("out"));
    site.flags.put(LogConfig.LOG_DIR, List.of("log"));
    return site;
  }

  /** With {@code -Dgolden.write=true} the table is written anew. */
  @Test
  void documentedTableIsTheListOfKeys() throws Exception {
    List<String> page = Files.readAllLines(OPERATIONS);
    int first = page.indexOf("| key | default | allowed | meaning |") + 2;
    int end = first;
    while (page.get(end).startsWith("|")) {
      end++;
    }
    List<String> rows = ConfigKeys.all().stream().map(ShippedFilesTest::row).toList();
    if (Boolean.getBoolean("golden.write")) {
      Files.write(
          OPERATIONS,
          Stream.of(page.subList(0, first), rows, page.subList(end, page.size()))
              .flatMap(List::stream)
              .toList());
    } else {
      assertThat(page.subList(first, end)).isEqualTo(rows);
    }
  }

  private static String row(ConfigKey<?> key) {
    String byDefault =
        key.isRequired() ? "required" : key.defaultText().map("`%s`"::formatted).orElse("none");
    String allowed = key.isList() ? "a list; each " + key.allowed() : key.allowed();
    return "| `%s` | %s | %s | %s |".formatted(key, byDefault, allowed, key.description());
  }

  @Test
  void serviceWaitsLongerThanTheDaemonsStop() throws Exception {
    String unit = Files.readString(Path.of("config/hyper2kvm-manifest.service"));
    var stop = Pattern.compile("(?m)^TimeoutStopSec=(\\d+s)$").matcher(unit);
    assertThat(stop.find()).isTrue();
    assertThat(DurationText.parse(stop.group(1)))
        .isGreaterThan(
            DurationText.parse(WorkflowConfig.SHUTDOWN_TIMEOUT.defaultText().orElseThrow()));
  }

  @Test
  void yamlTwinIsTheSameManifest() throws Exception {
    JsonNode json = json("simple-vm/simple-vm-manifest.json");
    JsonNode yaml =
        new YAMLMapper().readTree(Path.of("examples/simple-vm/simple-vm-manifest.yaml").toFile());
    assertThat(yaml).isEqualTo(json);
  }

  @Test
  void photonExampleAsksForEveryFixAndTheCompressedDisk() throws Exception {
    JsonNode pipeline = json("photon/photon-manifest.json").at("/pipeline");
    assertThat(pipeline.at("/load/source_type").asText()).isEqualTo("vmdk");
    assertThat(pipeline.at("/fix").fieldNames())
        .toIterable()
        .containsExactly("fstab", "grub", "initramfs", "network");
    assertThat(pipeline.at("/convert/compress").asBoolean()).isTrue();
  }

  private static JsonNode json(String name) throws Exception {
    return new ObjectMapper().readTree(Path.of("examples", name).toFile());
  }
}
