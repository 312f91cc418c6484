package io.hyper2kvm.daemon.web;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that can be asked for.
 *
 * @param method the HTTP method
 * @param template the path, with variable parts in braces
 * @param kind who may ask, and with what
 * @param handler makes the answer; runs on a thread that may block
 */
record Operation(String method, String template, Kind kind, Handler handler) {

  /** Who may ask, and with what. */
  enum Kind {
    /** Everybody; nothing is changed. */
    READ,
    /** Whoever has the token. */
    CHANGE,
    /** Whoever has the token, with a manifest as the body. */
    CHANGE_WITH_MANIFEST
  }

  /** Makes an answer. */
  @FunctionalInterface
  interface Handler {
    WebAnswer answer(WebRequest request) throws IOException, WebProblem;
  }

  /**
   * Whether a path is one of this operation.
   *
   * @param segments of the path, decoded
   * @return the variable parts; empty if it is not
   */
  Optional<Map<String, String>> match(List<String> segments) {
    List<String> wanted = List.of(template.substring(1).split("/", -1));
    if (wanted.size() != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new java.util.HashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      String part = wanted.get(i);
      if (part.startsWith("{")) {
        parameters.put(part.substring(1, part.length() - 1), segments.get(i));
      } else if (!part.equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }
}
