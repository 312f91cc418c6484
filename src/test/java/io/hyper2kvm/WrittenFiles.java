package io.hyper2kvm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.rules.ManifestContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Holds the files that the program has written against the schemas that it publishes, and looks for
 * {@link SilentAnswers} in them.
 */
public final class WrittenFiles {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> KINDS = List.of("report", "error", "status", "provenance");
  private static final Map<String, JsonSchema> SCHEMAS = schemas();

  private WrittenFiles() {}

  private static Map<String, JsonSchema> schemas() {
    Map<String, String> texts = new HashMap<>();
    for (String kind : List.of("vm", "report", "error", "status", "provenance")) {
      texts.put("urn:hyper2kvm:%s:1.0".formatted(kind), text(kind));
    }
    JsonSchemaFactory factory =
        JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            builder -> builder.schemaLoaders(loaders -> loaders.schemas(texts)));
    SchemaValidatorsConfig config =
        SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    Map<String, JsonSchema> schemas = new TreeMap<>();
    for (String kind : KINDS) {
      JsonSchema schema =
          factory.getSchema(SchemaLocation.of("urn:hyper2kvm:%s:1.0".formatted(kind)), config);
      schema.initializeValidators();
      schemas.put(kind, schema);
    }
    return schemas;
  }

  /** A published schema's text. */
  public static String text(String kind) {
    String resource = "/schema/%s.schema.json".formatted(kind);
    try (InputStream in = WrittenFiles.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What is wrong with a file's content.
   *
   * @param kind {@code report}, {@code error}, {@code status} or {@code provenance}
   */
  public static List<String> problems(String kind, JsonNode content) {
    return SCHEMAS.get(kind).validate(content).stream().map(Object::toString).toList();
  }

  /**
   * Asserts that every file below the folders that bears the name of one of ours is as its schema
   * says. A file that goes away meanwhile is passed over: it is a live status. So is what lies in a
   * drop zone: the program writes nothing there.
   *
   * @return how many of each kind there were
   */
  public static Map<String, Integer> check(Path... folders) throws IOException {
    Map<String, Integer> seen = new TreeMap<>();
    for (Path folder : folders) {
      for (Path file : files(folder)) {
        String name = file.getFileName().toString();
        for (String kind : KINDS) {
          if (name.endsWith(".%s.json".formatted(kind))) {
            check(kind, file).ifPresent(done -> seen.merge(done, 1, Integer::sum));
          }
        }
        if (name.endsWith(".retry.json") && file.toString().contains("/failed/")) {
          checkRetry(file, folder);
          seen.merge("retry", 1, Integer::sum);
        }
      }
    }
    return seen;
  }

  private static List<Path> files(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(folder)) {
      tree.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .filter(file -> !file.toString().contains("/to_be_processed/"))
          .forEach(found::add);
    } catch (UncheckedIOException e) {
      // Something went away while it was listed; what is left is seen next time.
    }
    return found;
  }

  private static Optional<String> check(String kind, Path file) throws IOException {
    JsonNode content;
    try {
      content = JSON.readTree(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    assertThat(problems(kind, content)).as("%s:\n%s", file, content.toPrettyString()).isEmpty();
    assertThat(SilentAnswers.in(content)).as("%s", file).isEmpty();
    return Optional.of(kind);
  }

  /** A retry manifest is one that the reader takes. */
  private static void checkRetry(Path file, Path folder) throws IOException {
    ManifestContext anywhere =
        new ManifestContext(
            Optional.of(Path.of("/relative")),
            List.of(),
            folder,
            List.of(Path.of("/")),
            DomainSpec.NOTHING);
    assertThat(new ManifestReader(anywhere).read(file).batch()).as("%s", file).isTrue();
  }
}
