package io.hyper2kvm.manifest.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.hyper2kvm.manifest.Installations;
import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.model.Pipeline;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** A batch with defaults means what the same batch means with every pipeline written out. */
@Tag("property")
class PipelineMergeTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Property
  void defaultsMeanTheSameAsWrittenOut(
      @ForAll("pipelines") ObjectNode defaults, @ForAll("pipelines") ObjectNode own) {
    ObjectNode writtenOut = merged(defaults, own);

    assertThat(pipeline(defaults, own)).isEqualTo(pipeline(JSON.createObjectNode(), writtenOut));
  }

  @Property
  void defaultsThatRepeatThePipelineChangeNothing(@ForAll("pipelines") ObjectNode own) {
    assertThat(pipeline(own, own)).isEqualTo(pipeline(JSON.createObjectNode(), own));
  }

  @Property
  void emptyPipelineIsTheDefaults(@ForAll("pipelines") ObjectNode defaults) {
    assertThat(pipeline(defaults, JSON.createObjectNode()))
        .isEqualTo(pipeline(JSON.createObjectNode(), defaults));
  }

  @Property
  void batchWrittenOutFitsTheSchema(
      @ForAll("pipelines") ObjectNode defaults, @ForAll("pipelines") ObjectNode own) {
    ObjectNode batch = batch(JSON.createObjectNode(), merged(defaults, own));
    batch.remove("defaults");

    assertThat(
            JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(ManifestReader.schema())
                .validate(batch))
        .isEmpty();
  }

  @Provide
  Arbitrary<ObjectNode> pipelines() {
    Arbitrary<JsonNode> bool = Arbitraries.of(true, false).map(b -> JSON.valueToTree(b));
    Arbitrary<JsonNode> load =
        section(
            "source_type", words("vmdk", "raw", "auto"),
            "additional_disks",
                Arbitraries.of("[]", "[\"/d/1\"]", "[\"/d/2\", \"/d/3\"]").map(t -> tree(t)),
            "checksum", words("sha256:" + "a".repeat(64), "sha256:" + "B".repeat(64)));
    Arbitrary<JsonNode> fix =
        section(
            "fstab", section("enabled", bool, "mode", words("noop", "bypath-only"), "x-a", bool),
            "grub", section("enabled", bool, "serial_console", bool, "x-a", bool),
            "network", section("enabled", bool, "fix_level", words("full", "none"), "x-a", bool));
    Arbitrary<JsonNode> convert =
        section("compress", bool, "output_path", words("x.img", "y/z.img"), "overwrite", bool);
    Arbitrary<JsonNode> validate = section("enabled", bool, "boot_test", bool, "x-a", bool);
    return Combinators.combine(
            load, fix.optional(0.7), convert.optional(0.7), validate.optional(0.5))
        .as(
            (l, f, c, v) -> {
              ObjectNode pipeline = JSON.createObjectNode();
              pipeline.set("load", ((ObjectNode) l).put("source_path", "/d/0"));
              f.ifPresent(node -> pipeline.set("fix", node));
              c.ifPresent(node -> pipeline.set("convert", node));
              v.ifPresent(node -> pipeline.set("validate", node));
              return pipeline;
            });
  }

  private static Arbitrary<JsonNode> section(
      String a,
      Arbitrary<JsonNode> va,
      String b,
      Arbitrary<JsonNode> vb,
      String c,
      Arbitrary<JsonNode> vc) {
    return Combinators.combine(va.optional(0.6), vb.optional(0.6), vc.optional(0.6))
        .as(
            (x, y, z) -> {
              ObjectNode section = JSON.createObjectNode();
              x.ifPresent(node -> section.set(a, node));
              y.ifPresent(node -> section.set(b, node));
              z.ifPresent(node -> section.set(c, node));
              return section;
            });
  }

  private static Arbitrary<JsonNode> words(String... words) {
    return Arbitraries.of(words).map(word -> JSON.valueToTree(word));
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The rule, written once more: objects merge, everything else replaces. */
  private static ObjectNode merged(ObjectNode under, ObjectNode over) {
    ObjectNode merged = under.deepCopy();
    for (Map.Entry<String, JsonNode> field : over.properties()) {
      JsonNode below = merged.get(field.getKey());
      merged.set(
          field.getKey(),
          below instanceof ObjectNode a && field.getValue() instanceof ObjectNode b
              ? merged(a, b)
              : field.getValue());
    }
    return merged;
  }

  private static ObjectNode batch(ObjectNode defaults, ObjectNode own) {
    ObjectNode batch = JSON.createObjectNode().put("version", "1.0").put("batch", true);
    batch.putObject("defaults").set("pipeline", defaults);
    ObjectNode vm = batch.putArray("vms").addObject().put("name", "a");
    vm.set("pipeline", own);
    return batch;
  }

  private static Pipeline pipeline(ObjectNode defaults, ObjectNode own) {
    return new ManifestReader(Installations.OPEN)
        .read("batch.json", batch(defaults, own).toString().getBytes(StandardCharsets.UTF_8))
        .vms()
        .get(0)
        .pipeline();
  }
}
