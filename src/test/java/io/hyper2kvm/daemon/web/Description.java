package io.hyper2kvm.daemon.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The OpenAPI description, and what a validator of JSON Schema says of answers by it. */
public final class Description {

  private static final String URI = "urn:hyper2kvm:openapi";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode root;
  private final JsonSchemaFactory schemas;

  /** What was asked and answered in this test run, by method and path of the description. */
  final Map<String, Set<Integer>> seen = new TreeMap<>();

  public Description() throws IOException {
    try (InputStream in = Description.class.getResourceAsStream("/io/hyper2kvm/web/openapi.yaml")) {
      root = new YAMLMapper().readTree(in);
    }
    schemas =
        JsonSchemaFactory.getInstance(
            VersionFlag.V202012,
            builder ->
                builder.schemaLoaders(loaders -> loaders.schemas(Map.of(URI, root.toString()))));
  }

  JsonNode root() {
    return root;
  }

  /** Every operation, as method and path. */
  Set<String> operations() {
    Set<String> all = new TreeSet<>();
    root.at("/paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        name -> {
                          if (!name.equals("parameters")) {
                            all.add(name.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
                          }
                        }));
    return all;
  }

  JsonNode operation(String method, String path) {
    JsonNode operation =
        root.at("/paths/" + escaped(path) + "/" + method.toLowerCase(java.util.Locale.ROOT));
    assertThat(operation.isObject()).as("%s %s is described", method, path).isTrue();
    return operation;
  }

  private static String escaped(String path) {
    return path.replace("~", "~0").replace("/", "~1");
  }

  /** Holds an answer against the description. */
  void check(String method, String path, HttpResponse<String> answer) throws IOException {
    seen.computeIfAbsent(method + " " + path, key -> new TreeSet<>()).add(answer.statusCode());
    operation(method, path);
    String at = "/paths/" + escaped(path) + "/" + method.toLowerCase(java.util.Locale.ROOT);
    JsonNode responses = root.at(at + "/responses");
    String status = String.valueOf(answer.statusCode());
    String key = responses.has(status) ? status : "default";
    String pointer = at + "/responses/" + key;
    if (responses.path(key).has("$ref")) {
      pointer = responses.path(key).path("$ref").asText().substring(1);
    }
    if (key.equals("default")) {
      assertThat(answer.statusCode()).as("an undescribed status").isGreaterThanOrEqualTo(400);
    }
    JsonNode content = root.at(pointer + "/content");
    if (content.isMissingNode()) {
      assertThat(answer.body()).isEmpty();
      return;
    }
    String type = answer.headers().firstValue("Content-Type").orElseThrow().replaceFirst(";.*", "");
    assertThat(content.has(type))
        .as("%s is described for %s %s %s", type, method, path, status)
        .isTrue();
    JsonNode value =
        type.endsWith("json") ? JSON.readTree(answer.body()) : TextNode.valueOf(answer.body());
    assertThat(errors(pointer + "/content/" + escaped(type) + "/schema", value))
        .as("%s %s %s: %s", method, path, status, answer.body())
        .isEmpty();
  }

  /** What a value is not, by the schema at a place of the description. */
  public Set<?> errors(String pointer, JsonNode value) {
    JsonSchema schema =
        schemas.getSchema(
            SchemaLocation.of(URI + "#" + pointer),
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
    return schema.validate(value);
  }

  /** The same object with a key that is not described. */
  static ObjectNode withMore(JsonNode object) {
    ObjectNode copy = ((ObjectNode) object).deepCopy();
    return copy.put("undescribed", true);
  }
}
