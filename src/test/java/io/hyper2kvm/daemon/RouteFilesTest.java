package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.daemon.boot.Beans;
import io.hyper2kvm.daemon.boot.RouteProperties;
import io.hyper2kvm.daemon.hooks.HookName;
import io.hyper2kvm.tool.ToolCall;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Component;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped route files keep the rules that make them safe to read and to change. */
class RouteFilesTest {

  private static final Path ROUTES = Path.of("routes");
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}]*)}}");
  private static final Pattern BEAN = Pattern.compile("\\$\\{bean:(\\w+)\\.(\\w+)}");

  private static JsonSchema schema() {
    try (InputStream in = RouteFilesTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<Path> files() throws IOException {
    try (Stream<Path> list = Files.list(ROUTES)) {
      List<Path> files = list.sorted().toList();
      assertThat(files).hasSizeGreaterThan(5);
      return files;
    }
  }

  private static List<JsonNode> routes(Path file) throws IOException {
    List<JsonNode> routes = new ArrayList<>();
    for (JsonNode entry : YAML.readTree(file.toFile())) {
      if (entry.has("route")) {
        routes.add(entry.get("route"));
      }
    }
    return routes;
  }

  /** Calls the visitor with every object below a node, and with the node. */
  private static void visit(JsonNode node, Consumer<JsonNode> visitor) {
    if (node.isObject()) {
      visitor.accept(node);
    }
    node.forEach(child -> visit(child, visitor));
  }

  private static List<JsonNode> all(Path file, String key) throws IOException {
    List<JsonNode> found = new ArrayList<>();
    visit(
        YAML.readTree(file.toFile()),
        node -> {
          if (node.has(key)) {
            found.add(node);
          }
        });
    return found;
  }

  /** One test for all files: the schema takes 260 MB and shall not outlive it. */
  @Test
  void filesAreValidYamlDslAndNonsenseIsNot() throws IOException {
    JsonSchema schema = schema();
    for (Path file : files()) {
      assertThat(file.getFileName().toString()).matches("[a-z]+(-[a-z]+)*\\.camel\\.yaml");
      assertThat(schema.validate(YAML.readTree(file.toFile()))).as(file.toString()).isEmpty();
    }
    assertThat(schema.validate(YAML.readTree("- route: {from: {uri: 'direct:a', stepz: []}}")))
        .isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("files")
  void routeHasIdDescriptionAndPrefix(Path file) throws IOException {
    for (JsonNode route : routes(file)) {
      String id = route.path("id").asText();
      assertThat(id).matches("[a-z]+(-[a-z]+)*");
      String from = route.path("from").path("uri").asText();
      if (from.startsWith("direct:")) {
        assertThat(from).isEqualTo("direct:" + id);
      }
      assertThat(route.path("description").asText())
          .as("one sentence for %s", id)
          .matches("[A-Z][^.]{10,120}\\.?");
      String prefix = route.path("nodePrefixId").asText();
      assertThat(prefix).endsWith("-");
      assertThat(List.of(id.split("-"))).contains(prefix.substring(0, prefix.length() - 1));
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void fileIsNamedLikeItsFirstRoute(Path file) throws IOException {
    List<JsonNode> routes = routes(file);
    if (routes.isEmpty()) {
      assertThat(all(file, "routeConfiguration")).hasSize(1);
    } else {
      assertThat(file.getFileName()).hasToString(routes.get(0).path("id").asText() + ".camel.yaml");
    }
  }

  @Test
  void routeIdsAndPrefixesAreUnique() throws IOException {
    List<String> ids = new ArrayList<>();
    List<String> prefixes = new ArrayList<>();
    for (Path file : files()) {
      for (JsonNode route : routes(file)) {
        ids.add(route.path("id").asText());
        prefixes.add(route.path("nodePrefixId").asText());
      }
    }
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(prefixes).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("files")
  void stepIsWrittenOutAndHasAnIdOfItsOwn(Path file) throws IOException {
    for (JsonNode route : routes(file)) {
      List<String> ids = new ArrayList<>();
      visit(
          route,
          node -> {
            for (JsonNode step : node.path("steps")) {
              for (var entry : step.properties()) {
                assertThat(entry.getValue().isObject())
                    .as("long form of %s in %s", entry.getKey(), file)
                    .isTrue();
                ids.add(entry.getValue().path("id").asText("none: " + entry));
              }
            }
            node.path("doCatch").forEach(caught -> ids.add(caught.path("id").asText("none")));
            if (node.has("doFinally")) {
              ids.add(node.path("doFinally").path("id").asText("none"));
            }
          });
      assertThat(ids).isNotEmpty().allMatch(id -> id.matches("[a-z]+(-[a-z0-9]+)*"));
      assertThat(ids).doesNotHaveDuplicates();
    }
  }

  @Test
  void execHasNoParameterAndItsCallComesFromTheBeanBeforeIt(@TempDir Path folder)
      throws IOException {
    RunningDaemon daemon = new RunningDaemon(folder);
    List<String> tools = new ArrayList<>();
    try (Beans beans = daemon.beans()) {
      for (Path file : files()) {
        for (JsonNode holder : all(file, "steps")) {
          JsonNode steps = holder.path("steps");
          for (int i = 0; i < steps.size(); i++) {
            JsonNode to = steps.get(i).path("to");
            if (to.path("uri").asText().startsWith("exec:")) {
              tools.add(to.path("uri").asText());
              assertThat(to.properties()).as("id and uri of %s", to).hasSize(2);
              JsonNode call = steps.get(i - 1).path("bean");
              assertThat(resultOf(beans, call)).as("%s", call).isEqualTo(ToolCall.class);
            }
          }
        }
      }
    }
    assertThat(tools).hasSizeGreaterThan(10).contains("exec:qemu-img", "exec:guestfish");
  }

  @ParameterizedTest
  @ValueSource(strings = {"load", "inspect", "fix", "convert", "validate"})
  void hooksAreTheFirstAndTheLastStepOfAStage(String stage) throws IOException {
    Path file = ROUTES.resolve("stage-%s.camel.yaml".formatted(stage));
    JsonNode steps = all(file, "steps").get(1).path("steps");

    assertThat(steps.get(0).path("to").path("uri").asText()).isEqualTo("hook:before-" + stage);
    assertThat(steps.get(steps.size() - 1).path("to").path("uri").asText())
        .isEqualTo("hook:after-" + stage);
  }

  @Test
  void everyHookIsCalledOnce() throws IOException {
    List<String> called = new ArrayList<>();
    for (Path file : files()) {
      Matcher matcher = Pattern.compile("hook:([a-z-]+)").matcher(Files.readString(file));
      while (matcher.find()) {
        called.add(matcher.group(1));
      }
    }
    assertThat(called)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(HookName.values()).map(HookName::text).toList());
  }

  private static Class<?> resultOf(Beans beans, JsonNode call) {
    String name = call.path("method").asText().replaceFirst("\\(.*", "");
    return Stream.of(beans.all().get(call.path("ref").asText()).getClass().getMethods())
        .filter(method -> method.getName().equals(name))
        .findFirst()
        .orElseThrow()
        .getReturnType();
  }

  @ParameterizedTest
  @MethodSource("files")
  void noStepHoldsAScript(Path file) throws IOException {
    assertThat(Files.readString(file))
        .doesNotContain("groovy:", "jsh:", "java:", "script:", "joor:", "mvel:", "ognl:");
    for (JsonNode node : all(file, "simple")) {
      assertThat(node.path("simple").path("expression").asText()).isEqualTo("${body}");
    }
  }

  @Test
  void propertiesAreDefinedOnes(@TempDir Path folder) throws IOException {
    Set<String> used = new TreeSet<>();
    for (Path file : files()) {
      Matcher matcher = PLACEHOLDER.matcher(Files.readString(file));
      while (matcher.find()) {
        used.add(matcher.group(1));
      }
    }
    RunningDaemon daemon = new RunningDaemon(folder);
    DaemonConfig config = daemon.config();
    Set<String> defined =
        RouteProperties.of(daemon.directories, config.intake(), config.stages(), config.bootTest())
            .keySet();
    assertThat(defined).containsAll(used);
    // The others are there for the time limits of an operator's own steps.
    assertThat(defined)
        .filteredOn(name -> !used.contains(name))
        .allMatch(name -> name.matches("h2k\\.stage\\.[a-z]+\\.(boot-)?timeout"));
  }

  @Test
  void beansAndMethodsExistAndEveryBeanIsUsed(@TempDir Path folder) throws IOException {
    RunningDaemon daemon = new RunningDaemon(folder);
    try (Beans beans = daemon.beans()) {
      Set<String> used = new HashSet<>();
      for (Path file : files()) {
        for (JsonNode node : all(file, "ref")) {
          used.add(node.path("ref").asText());
          requireMethod(beans.all(), node.path("ref").asText(), node.path("method").asText());
        }
        Matcher inline = BEAN.matcher(Files.readString(file));
        while (inline.find()) {
          used.add(inline.group(1));
          requireMethod(beans.all(), inline.group(1), inline.group(2));
        }
        for (JsonNode node : all(file, "uri")) {
          String scheme = node.path("uri").asText().replaceFirst(":.*", "");
          if (beans.all().get(scheme) instanceof Component) {
            used.add(scheme);
          }
        }
        Matcher reference = Pattern.compile("\"#(\\w+)\"").matcher(Files.readString(file));
        while (reference.find()) {
          used.add(reference.group(1));
        }
      }
      // Those that are there for routes of operators alone.
      used.addAll(List.of("toolCalls", "vmSteering", "waitFor"));
      assertThat(used).isEqualTo(beans.all().keySet());
    }
  }

  /** A bare name needs one method of that name; with arguments, one that takes so many. */
  private static void requireMethod(Map<String, Object> beans, String bean, String call) {
    assertThat(beans).containsKey(bean);
    int open = call.indexOf('(');
    String name = open < 0 ? call : call.substring(0, open);
    String inside = open < 0 ? "" : call.substring(open + 1, call.length() - 1);
    int arguments = inside.isEmpty() ? 0 : inside.split(", ").length;
    assertThat(beans.get(bean).getClass().getMethods())
        .as("%s.%s", bean, call)
        .filteredOn(method -> method.getName().equals(name))
        .filteredOn(method -> open < 0 || method.getParameterCount() == arguments)
        .hasSize(1);
  }
}
