package io.hyper2kvm.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Texts that a hostile guest or manifest may bring to the page. */
final class Hostile {

  static final List<String> TEXTS =
      List.of(
          "<script>document.title='pwned'</script>",
          "<img src=x onerror=\"document.title='pwned'\">",
          "</code></td><svg onload=document.title='pwned'>",
          "javascript:document.title='pwned'",
          "\u202Etxt.exe\u202C reversed",
          "\u2066isolate\u2068 never closed",
          "w".repeat(600),
          "Z\u0351\u036B\u0343".repeat(80),
          "a\u0000b\u0007c\u001B[31mred\uD800lone",
          "\u0645\u0639 \u0639\u0631\u0628\u064A 123",
          "' onfocus='document.title=1' autofocus='",
          "{{7*7}} ${7*7} %s %n &lt;b&gt;");

  private Hostile() {}

  static ArrayNode asArray() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    TEXTS.forEach(all::add);
    return all;
  }

  /** The same with a hostile text in place of each text. */
  static JsonNode everywhere(JsonNode json) {
    int[] next = {0};
    return everywhere(json, next);
  }

  private static JsonNode everywhere(JsonNode json, int[] next) {
    if (json.isTextual()) {
      return JsonNodeFactory.instance.textNode(TEXTS.get(next[0]++ % TEXTS.size()));
    }
    if (json.isObject()) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      json.properties().forEach(e -> copy.set(e.getKey(), everywhere(e.getValue(), next)));
      return copy;
    }
    if (json.isArray()) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      json.forEach(e -> copy.add(everywhere(e, next)));
      return copy;
    }
    return json;
  }
}
