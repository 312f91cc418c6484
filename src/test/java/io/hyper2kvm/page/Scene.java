package io.hyper2kvm.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a daemon would answer at one moment. */
interface Scene {

  /** Answers a question to the API. */
  Answer answer(Request request);

  /**
   * A question to the API.
   *
   * @param path below {@code /api/v1}
   * @param token the header with the token, or null
   */
  record Request(String method, String path, URI uri, String token, String body) {

    Optional<String> query(String name) {
      String all = uri.getRawQuery() == null ? "" : uri.getRawQuery();
      for (String part : all.split("&")) {
        if (part.startsWith(name + "=")) {
          String value = part.substring(name.length() + 1);
          return Optional.of(URLDecoder.decode(value, StandardCharsets.UTF_8));
        }
      }
      return Optional.empty();
    }
  }

  /**
   * An answer.
   *
   * @param image a PNG, in place of JSON, if it has any byte
   */
  record Answer(int status, JsonNode json, byte[] image) {

    static Answer ok(JsonNode json) {
      return new Answer(200, json, new byte[0]);
    }

    static Answer picture(byte[] png) {
      return new Answer(200, JsonNodeFactory.instance.nullNode(), png);
    }

    static Answer problem(int status, String code, String detail) {
      return new Answer(
          status,
          JsonNodeFactory.instance
              .objectNode()
              .put("title", code)
              .put("status", status)
              .put("code", code)
              .put("detail", detail)
              .put("hint", ""),
          new byte[0]);
    }
  }
}
