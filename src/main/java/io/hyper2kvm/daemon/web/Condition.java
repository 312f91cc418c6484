package io.hyper2kvm.daemon.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Something that an operator should know.
 *
 * @param severity {@code error}, {@code warning} or {@code info}
 * @param code the kind, or the failure code of a manifest
 * @param title what is wrong, in a few words
 * @param detail what was found
 * @param hint what to do
 * @param since since when, ISO 8601; empty where it is not known
 * @param manifest the id of the manifest that it is about
 */
record Condition(
    String severity,
    String code,
    String title,
    String detail,
    String hint,
    Optional<String> since,
    Optional<String> manifest) {

  static final String ERROR = "error";
  static final String WARNING = "warning";
  static final String INFO = "info";

  static Condition of(String severity, String code, String title, String detail, String hint) {
    return new Condition(severity, code, title, detail, hint, Optional.empty(), Optional.empty());
  }

  Condition about(String id, Optional<String> at) {
    return new Condition(severity, code, title, detail, hint, at, Optional.of(id));
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("severity", severity);
    json.put("code", code);
    json.put("title", title);
    json.put("detail", detail);
    json.put("hint", hint);
    json.put("since", since);
    json.put("manifest_id", manifest);
    return json;
  }
}
