package io.hyper2kvm.stage.domain.kubevirt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Holds objects against the published API of KubeVirt and CDI, and against the rules for values;
 * see {@code src/test/resources/kubevirt}.
 */
public final class KubevirtSchema {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchema VIRTUAL_MACHINE = schema("virtualmachine");
  private static final JsonSchema DATA_VOLUME = schema("datavolume");
  private static final JsonSchema VALUES = schema("values");

  private KubevirtSchema() {}

  private static JsonSchema schema(String name) {
    String resource = "/kubevirt/%s.schema.json".formatted(name);
    try (InputStream in = KubevirtSchema.class.getResourceAsStream(resource)) {
      return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(JSON.readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is wrong with an object; empty when nothing is. */
  public static List<String> problems(Object object) {
    JsonNode json = JSON.valueToTree(object);
    List<String> problems = new ArrayList<>();
    boolean machine = json.path("kind").asText().equals("VirtualMachine");
    (machine ? VIRTUAL_MACHINE : DATA_VOLUME)
        .validate(json)
        .forEach(message -> problems.add(message.getMessage()));
    VALUES.validate(json).forEach(message -> problems.add(message.getMessage()));
    if (machine) {
      problems.addAll(references(json.at("/spec/template/spec")));
    }
    return problems;
  }

  /** What the admission webhooks of KubeVirt ask for beyond a schema. */
  private static List<String> references(JsonNode instance) {
    List<String> problems = new ArrayList<>();
    JsonNode devices = instance.at("/domain/devices");
    same("disks", names(devices.path("disks")), names(instance.path("volumes")), problems);
    same(
        "interfaces",
        names(devices.path("interfaces")),
        names(instance.path("networks")),
        problems);
    Set<Integer> orders = new HashSet<>();
    devices
        .path("disks")
        .forEach(
            disk -> {
              if (!orders.add(disk.path("bootOrder").asInt())) {
                problems.add("two disks have one boot order");
              }
            });
    int pod = 0;
    for (JsonNode network : instance.path("networks")) {
      pod += network.has("pod") ? 1 : 0;
    }
    if (pod > 1) {
      problems.add("more than one card is on the pod's network");
    }
    return problems;
  }

  private static void same(
      String what, List<String> names, List<String> others, List<String> problems) {
    if (!names.equals(others) || new HashSet<>(names).size() != names.size()) {
      problems.add("%s %s have %s".formatted(what, names, others));
    }
  }

  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.forEach(item -> names.add(item.path("name").asText()));
    return names;
  }
}
