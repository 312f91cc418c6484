package io.hyper2kvm.signature;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A file that a statement is about.
 *
 * @param name its name, without a folder: it lies beside the statement
 * @param sha256 of all its bytes, in lower-case hexadecimal digits
 * @param size in bytes; empty where a statement does not say it
 */
public record Subject(String name, String sha256, Optional<Long> size) {

  private static final int LONGEST_NAME = 255;
  private static final String SHA256 = "sha256";

  public Subject {
    Objects.requireNonNull(size, "size");
    if (!isName(name)) {
      throw new IllegalArgumentException("not the name of a file");
    }
    if (!Sha256Hex.isOne(sha256)) {
      throw new IllegalArgumentException("not the digits of a SHA-256: " + sha256);
    }
  }

  /** A file of the given bytes. */
  public static Subject of(String name, byte[] content) {
    return new Subject(name, Sha256Hex.of(content), Optional.of((long) content.length));
  }

  /** Whether a text names a file in one folder and nothing else anywhere. */
  private static boolean isName(String text) {
    return !text.isEmpty()
        && text.length() <= LONGEST_NAME
        && !text.equals(".")
        && !text.equals("..")
        && text.chars().noneMatch(c -> c == '/' || c == 0 || c == 0xfffd);
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("digest", Map.of(SHA256, sha256));
    size.ifPresent(bytes -> json.put("annotations", Map.of("size_bytes", bytes)));
    return json;
  }

  /** Reads a resource descriptor of in-toto. */
  static Subject parse(JsonNode json) throws MalformedException {
    JsonNode name = json.path("name");
    JsonNode sha256 = json.path("digest").path(SHA256);
    JsonNode size = json.path("annotations").path("size_bytes");
    if (!name.isTextual() || !isName(name.textValue())) {
      throw new MalformedException("a subject's name is not that of a file beside it");
    }
    if (!sha256.isTextual() || !Sha256Hex.isOne(sha256.textValue())) {
      throw new MalformedException("a subject has no sha256");
    }
    if (!size.isMissingNode() && !(size.canConvertToLong() && size.isIntegralNumber())) {
      throw new MalformedException("a subject's size is no number");
    }
    return new Subject(
        name.textValue(),
        sha256.textValue(),
        size.isMissingNode() ? Optional.empty() : Optional.of(size.longValue()));
  }
}
