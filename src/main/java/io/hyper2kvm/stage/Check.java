package io.hyper2kvm.stage;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One check of a result.
 *
 * @param name what was checked, e.g. {@code image_integrity}
 * @param status how it ended
 * @param detail what was seen
 */
public record Check(String name, Status status, String detail) {

  /** How a check ends. */
  public enum Status {
    PASSED,
    /** It does not hold, and nobody asked for what it needs; an operator should look at it. */
    WARNING,
    FAILED
  }

  /** A check that holds. */
  public static Check passed(String name, String detail) {
    return new Check(name, Status.PASSED, detail);
  }

  /** A check that does not hold. */
  public static Check failed(String name, String detail) {
    return new Check(name, Status.FAILED, detail);
  }

  /** A check that does not hold but fails nobody. */
  public static Check warning(String name, String detail) {
    return new Check(name, Status.WARNING, detail);
  }

  /** The check as the report shows it. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("status", status.name().toLowerCase(Locale.ROOT));
    json.put("detail", detail);
    return json;
  }
}
