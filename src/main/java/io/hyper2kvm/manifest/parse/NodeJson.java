package io.hyper2kvm.manifest.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A manifest's tree in other shapes. Recursion is as deep as the tree, which is limited. */
public final class NodeJson {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private NodeJson() {}

  /** The tree as the schema validator wants it. */
  public static JsonNode of(Node node) {
    return switch (node.kind()) {
      case OBJECT -> {
        ObjectNode object = JSON.objectNode();
        node.fields().forEach((key, child) -> object.set(key, of(child)));
        yield object;
      }
      case LIST -> {
        ArrayNode list = JSON.arrayNode(node.items().size());
        node.items().forEach(item -> list.add(of(item)));
        yield list;
      }
      case TEXT -> JSON.textNode((String) node.scalar());
      case NUMBER ->
          node.scalar() instanceof Long integer
              ? JSON.numberNode(integer)
              : JSON.numberNode((Double) node.scalar());
      case BOOLEAN -> JSON.booleanNode((Boolean) node.scalar());
      case NULL -> JSON.nullNode();
    };
  }

  /** The tree as plain Java values that cannot be changed. */
  static Object plain(Node node) {
    return switch (node.kind()) {
      case OBJECT -> plainObject(node);
      case LIST -> {
        List<Object> list = new ArrayList<>(node.items().size());
        node.items().forEach(item -> list.add(plain(item)));
        yield Collections.unmodifiableList(list);
      }
      default -> node.scalar();
    };
  }

  /** The fields of an object as plain Java values that cannot be changed. */
  public static Map<String, Object> plainObject(Node object) {
    Map<String, Object> map = new LinkedHashMap<>();
    object.fields().forEach((key, child) -> map.put(key, plain(child)));
    return Collections.unmodifiableMap(map);
  }
}
