package io.hyper2kvm.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.manifest.model.VmSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterTry;

/** The retry manifest says of its VMs what the batch said, whichever way the batch was written. */
@Tag("property")
class RetryManifestTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final ManifestReader READER = new ManifestReader(Installations.OPEN);
  private final Path file;

  RetryManifestTest() throws IOException {
    file = Files.createTempFile("batch", "");
  }

  @AfterTry
  void remove() throws IOException {
    Files.deleteIfExists(file);
  }

  private Optional<byte[]> retry(String name, byte[] content, long maxBytes, String... wanted)
      throws IOException {
    Files.write(file, content);
    Manifest batch = READER.read(name, content);
    return new RetryManifest(READER, maxBytes).of(file, name, batch, Set.of(wanted), false);
  }

  private JsonNode retry(String name, String content, String... wanted) throws IOException {
    return JSON.readTree(
        retry(name, content.getBytes(StandardCharsets.UTF_8), 1 << 20, wanted).orElseThrow());
  }

  @Property
  void theVmsAndAllElseAreThoseOfTheBatch(
      @ForAll("batches") Map<String, Object> batch, @ForAll boolean yaml, @ForAll int selection)
      throws IOException {
    String name = yaml ? "w.yaml" : "w.json";
    byte[] content = yaml ? YAML.writeValueAsBytes(batch) : JSON.writeValueAsBytes(batch);
    Manifest original = READER.read(name, content);
    List<VmSpec> wanted = new ArrayList<>();
    for (int i = 0; i < original.vms().size(); i++) {
      if ((selection >> i & 1) == 1 || i == 0) {
        wanted.add(original.vms().get(i));
      }
    }

    byte[] retry =
        retry(name, content, 1 << 20, wanted.stream().map(VmSpec::name).toArray(String[]::new))
            .orElseThrow();

    assertThat(READER.read("w.retry.json", retry).vms()).isEqualTo(wanted);
    ObjectNode before = JSON.readTree(JSON.writeValueAsBytes(batch)).deepCopy();
    ObjectNode after = (ObjectNode) JSON.readTree(retry);
    before.remove(List.of("vms", "name"));
    after.remove(List.of("vms", "name"));
    assertThat(after).isEqualTo(before);
  }

  @Provide
  Arbitrary<Map<String, Object>> batches() {
    Arbitrary<Object> free =
        Arbitraries.oneOf(
            Arbitraries.strings()
                .withChars('a', '"', '\\', '\n', '\t', ':', '#', ' ', '\u00fc', '\u0085', '\u2028')
                .ofMaxLength(6)
                .map(text -> (Object) text),
            Arbitraries.of(
                    "2026-01-24", "1.0", "007", "yes", "~", "1e5", "0x1F", "12:30", "", "- a")
                .map(text -> (Object) text),
            Arbitraries.of(0L, -1L, Long.MAX_VALUE, 2.5, 1e22, true, false)
                .map(value -> (Object) value),
            Arbitraries.of(List.of(1L, "1"), Map.of("deep", List.of(Map.of("er", "true")))));
    Arbitrary<Map<String, Object>> pipeline =
        Arbitraries.maps(
                Arbitraries.of("x-note", "validate", "inspect"),
                Arbitraries.just((Object) Map.of("enabled", true)))
            .ofMaxSize(2)
            .map(
                sections -> {
                  sections.remove("x-note");
                  return sections;
                });
    Arbitrary<Map<String, Object>> vm =
        Combinators.combine(pipeline, free, free)
            .as(
                (sections, note, value) -> {
                  sections.put("load", Map.of("source_path", "in/disk 1.vmdk"));
                  return Map.of(
                      "pipeline", sections, "x-note", note, "metadata", Map.of("any", value));
                });
    return Combinators.combine(
            vm.list().ofMinSize(1).ofMaxSize(5),
            free,
            Arbitraries.of("continue", "stop"),
            Arbitraries.of(true, false))
        .as(
            (vms, note, onFailure, dry) -> {
              List<Object> named = new ArrayList<>();
              for (Map<String, Object> one : vms) {
                Map<String, Object> copy = new java.util.LinkedHashMap<>(one);
                copy.put("name", "vm" + named.size());
                named.add(copy);
              }
              Map<String, Object> batch = new java.util.LinkedHashMap<>();
              batch.put("version", "1.0");
              batch.put("batch", true);
              batch.put("on_failure", onFailure);
              batch.put("dry_run", dry);
              batch.put("x-anything", note);
              batch.put("metadata", Map.of("owner", note));
              batch.put("defaults", Map.of("pipeline", Map.of("fix", Map.of("grub", Map.of()))));
              batch.put("vms", named);
              return batch;
            });
  }

  private static final String WRITTEN_BY_HAND =
      """
      # the whole rack
      version: 1.0
      batch: true
      x-fix: &fix {fstab: {}, grub: {serial_console: true}}
      metadata: {when: 2026-01-24, ticket: 0042, big: 123456789012345678901234567890, no: no, tilde: ~}
      defaults:
        pipeline:
          fix: *fix
          convert: {compress: true}
      vms:
        - {name: a, pipeline: {load: {source_path: a.vmdk}}}
        - name: b
          x-rack: 12:30
          pipeline:
            load: {source_path: "b.vmdk", source_type: vmdk}
            convert: {output_path: sub/b.qcow2}
      """;

  @Example
  void aBatchInYamlBecomesJson() throws IOException {
    JsonNode retry = retry("rack.yaml", WRITTEN_BY_HAND, "b");

    assertThat(retry)
        .isEqualTo(
            JSON.readTree(
                """
                {"version": "1.0", "name": "rack", "batch": true,
                 "x-fix": {"fstab": {}, "grub": {"serial_console": true}},
                 "metadata": {"when": "2026-01-24", "ticket": 42,
                   "big": "123456789012345678901234567890", "no": "no", "tilde": null},
                 "defaults": {"pipeline": {
                   "fix": {"fstab": {}, "grub": {"serial_console": true}},
                   "convert": {"compress": true}}},
                 "vms": [{"name": "b", "x-rack": "12:30", "pipeline": {
                   "load": {"source_path": "b.vmdk", "source_type": "vmdk"},
                   "convert": {"output_path": "sub/b.qcow2"}}}]}
                """));
  }

  @Example
  void aNameThatWasWrittenStaysWhereItWas() throws IOException {
    JsonNode retry =
        retry("x.yaml", WRITTEN_BY_HAND.replace("batch: true", "batch: true\nname: all"), "a");

    List<String> keys = new ArrayList<>();
    retry.fieldNames().forEachRemaining(keys::add);
    assertThat(keys).startsWith("version", "batch", "name", "x-fix");
    assertThat(retry.path("name").asText()).isEqualTo("all");
  }

  @Example
  void aControlCharacterStaysAnEscape() throws IOException {
    String batch =
        WRITTEN_BY_HAND.replace("ticket: 0042", "ticket: \"\\u0007\\x7f\\x9b\\uFFFE\\x85end\"");

    assertThat(retry("rack.yaml", batch, "a").at("/metadata/ticket").asText())
        .isEqualTo("\u0007\u007f\u009b\uFFFE\u0085end");
  }

  @Example
  void aBatchThatWasChangedMeanwhileIsNotRetried() throws IOException {
    Manifest read = READER.read("rack.yaml", WRITTEN_BY_HAND.getBytes(StandardCharsets.UTF_8));
    for (String now :
        List.of(
            WRITTEN_BY_HAND.replace("b.vmdk", "other.vmdk"),
            WRITTEN_BY_HAND.replace("name: b", "name: c"),
            WRITTEN_BY_HAND.replace("ticket: 0042", "ticket: 43"),
            "{",
            "",
            "[]")) {
      Files.writeString(file, now);

      assertThat(new RetryManifest(READER, 1 << 20).of(file, "rack.yaml", read, Set.of("b"), false))
          .as(now)
          .isEmpty();
    }
  }

  @Example
  void aBatchThatIsGoneIsAnError() throws IOException {
    Manifest read = READER.read("rack.yaml", WRITTEN_BY_HAND.getBytes(StandardCharsets.UTF_8));
    Files.delete(file);

    assertThatThrownBy(
            () ->
                new RetryManifest(READER, 1 << 20).of(file, "rack.yaml", read, Set.of("b"), false))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Example
  void whatWouldBeTooLargeIsWrittenTightOrNotAtAll() throws IOException {
    byte[] batch = WRITTEN_BY_HAND.getBytes(StandardCharsets.UTF_8);
    byte[] wide = retry("rack.yaml", batch, 1 << 20, "a").orElseThrow();

    byte[] tight = retry("rack.yaml", batch, wide.length - 1, "a").orElseThrow();

    assertThat(JSON.readTree(tight)).isEqualTo(JSON.readTree(wide));
    assertThat(tight.length).isLessThan(wide.length);
    assertThat(retry("rack.yaml", batch, tight.length - 1, "a")).isEmpty();
  }
}
