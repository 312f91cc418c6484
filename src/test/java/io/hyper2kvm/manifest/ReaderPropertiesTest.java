package io.hyper2kvm.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.manifest.parse.ManifestInvalidException;
import io.hyper2kvm.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Whatever the bytes, the reader answers with a manifest or with problems, never otherwise. */
@Tag("property")
class ReaderPropertiesTest {

  private static final ManifestReader READER = new ManifestReader(Installations.OPEN);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(ManifestReader.schema());

  private static final String SINGLE =
      """
      {
        "version": "1.0", "name": "web", "dry_run": false, "metadata": {"owner": "me"},
        "pipeline": {
          "load": {"source_type": "vmdk", "source_path": "/data/a.vmdk",
                   "additional_disks": ["/data/b.vmdk"]},
          "inspect": {"enabled": true, "detect_os": true},
          "fix": {"fstab": {"mode": "noop"}, "grub": {"serial_console": true},
                  "initramfs": {"regenerate": true}, "network": {"fix_level": "full"}},
          "convert": {"output_format": "qcow2", "compress": true, "output_path": "a.qcow2"},
          "validate": {"boot_test": false}
        }
      }
      """;

  private static final String BATCH =
      """
      version: 1.0
      batch: true
      on_failure: stop
      x-fix: &fix {fstab: {}, grub: {}}
      defaults:
        pipeline:
          fix: *fix
          convert: {compress: true}
      vms:
        - name: a
          pipeline:
            load: {source_path: /data/a.vmdk}
        - name: b
          metadata: {labels: [x, "y", 'z', 1, 2.5, true, ~]}
          pipeline:
            load: {source_path: "b.vmdk"} # relative
            convert:
              compress: false
              output_format: raw
      """;

  /** Pieces that a manifest is made of, and some that it must not be made of. */
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ":",
          ": ",
          ",",
          "\"",
          "'",
          "\n",
          "  ",
          "- ",
          "? ",
          "|",
          ">",
          "&a ",
          "*a",
          "<<: ",
          "!!str ",
          "!x ",
          "%TAG ! x\n",
          "---\n",
          "...\n",
          "# c\n",
          "\t",
          "\\",
          "\\u0000",
          "\"\\UFFFFFFFF\"",
          "\"\\ud800\"",
          "1e999",
          "-",
          "0",
          "1.0",
          "true",
          "null",
          "~",
          "yes",
          "version",
          "\"version\": \"1.0\"",
          "batch: true",
          "pipeline",
          "vms",
          "load",
          "source_path",
          "/data/a.vmdk",
          "..",
          "convert",
          "\u0000",
          "\ufeff",
          "\u2028",
          "\u0085",
          "\ud83d\ude00",
          "ä");

  @Property
  void anyBytes(@ForAll byte[] content, @ForAll boolean json) {
    accepts(json ? "a.json" : "a.yaml", content);
  }

  @Property
  void anyPieces(@ForAll("pieces") String text, @ForAll boolean json) {
    accepts(json ? "a.json" : "a.yaml", text.getBytes(StandardCharsets.UTF_8));
  }

  @Property
  void anyFileName(@ForAll String fileName) {
    accepts(fileName, SINGLE.getBytes(StandardCharsets.UTF_8));
    accepts(
        fileName + ".json",
        SINGLE.replace("\"name\": \"web\",", "").getBytes(StandardCharsets.UTF_8));
  }

  @Property
  void damagedJson(@ForAll("damage") List<Damage> damage) {
    accepts("a.json", damaged(SINGLE, damage).getBytes(StandardCharsets.UTF_8));
  }

  @Property
  void damagedYaml(@ForAll("damage") List<Damage> damage) {
    accepts("a.yaml", damaged(BATCH, damage).getBytes(StandardCharsets.UTF_8));
  }

  @Property
  void whatBothAcceptMeansTheSame(@ForAll("damage") List<Damage> damage) {
    byte[] content = damaged(SINGLE, damage).getBytes(StandardCharsets.UTF_8);

    Optional<Manifest> fromJson = accepts("a.json", content);
    Optional<Manifest> fromYaml = accepts("a.yaml", content);

    // Flow style is JSON's. What one of them refuses the other may take: YAML a bare word, JSON a
    // tab where YAML wants its indentation.
    if (fromJson.isPresent() && fromYaml.isPresent()) {
      assertThat(fromYaml).isEqualTo(fromJson);
    }
  }

  @Property
  void whatTheSchemaRefusesIsRefused(@ForAll("values") List<Damage> damage) throws IOException {
    String text = damaged(SINGLE, damage);
    JsonNode tree;
    try {
      tree = JSON.readTree(text);
    } catch (IOException e) {
      return; // not JSON any more
    }
    boolean fits = SCHEMA.validate(tree).isEmpty();

    boolean accepted = accepts("a.json", text.getBytes(StandardCharsets.UTF_8)).isPresent();

    assertThat(fits || !accepted).as(text).isTrue();
  }

  /**
   * One change of a text.
   *
   * @param at where, in parts of a thousand of its length
   * @param length how many characters go
   * @param piece what comes instead
   */
  record Damage(int at, int length, String piece) {}

  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.of(PIECES).list().ofMaxSize(40).map(list -> String.join("", list));
  }

  @Provide
  Arbitrary<List<Damage>> damage() {
    Arbitrary<String> piece =
        Arbitraries.oneOf(
            Arbitraries.just(""), Arbitraries.of(PIECES), Arbitraries.strings().ofMaxLength(3));
    return Combinators.combine(
            Arbitraries.integers().between(0, 1000), Arbitraries.integers().between(0, 8), piece)
        .as(Damage::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<Damage>> values() {
    Arbitrary<String> piece =
        Arbitraries.of(
            "", "x", "\"x\"", "true", "null", "[]", "{}", "7", "\"batch\": true,", "\"vms\": [],");
    return Combinators.combine(
            Arbitraries.integers().between(0, 1000), Arbitraries.integers().between(0, 12), piece)
        .as(Damage::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(2);
  }

  private static String damaged(String text, List<Damage> damage) {
    StringBuilder damaged = new StringBuilder(text);
    for (Damage one : new ArrayList<>(damage)) {
      int at = damaged.length() * one.at() / 1001;
      damaged.replace(at, Math.min(damaged.length(), at + one.length()), one.piece());
    }
    return damaged.toString();
  }

  /** The manifest; empty when it is refused with problems that can be shown. */
  private static Optional<Manifest> accepts(String fileName, byte[] content) {
    try {
      return Optional.of(READER.read(fileName, content));
    } catch (ManifestInvalidException e) {
      assertThat(e.problems()).isNotEmpty();
      assertThat(e.getMessage().lines().count()).isEqualTo(e.problems().size());
      assertThat(e.getMessage().codePoints().filter(c -> c != '\n').noneMatch(Printable::isUnsafe))
          .as(e.getMessage())
          .isTrue();
      return Optional.empty();
    }
  }
}
