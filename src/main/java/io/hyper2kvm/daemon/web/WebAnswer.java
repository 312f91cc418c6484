package io.hyper2kvm.daemon.web;

import io.hyper2kvm.view.JsonText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An answer: complete in memory, or an open file.
 *
 * @param status the HTTP status
 * @param headers its own headers; those of every answer are not among them
 * @param body the body; not copied, as the same bytes may answer many clients
 * @param file in place of the body; whoever sends or drops the answer closes it
 */
record WebAnswer(int status, Map<String, String> headers, byte[] body, Optional<OpenFile> file) {

  private static final String TYPE = "Content-Type";
  private static final String ETAG = "ETag";

  WebAnswer {
    headers = Map.copyOf(headers);
  }

  WebAnswer(int status, Map<String, String> headers, byte[] body) {
    this(status, headers, body, Optional.empty());
  }

  /** A file that was opened, with an entity tag. */
  static WebAnswer file(String type, OpenFile file) {
    return new WebAnswer(
        200, Map.of(TYPE, type, ETAG, "\"" + file.tag() + "\""), new byte[0], Optional.of(file));
  }

  /** The size of the body, in bytes. */
  long length() {
    return file.map(OpenFile::size).orElse((long) body.length);
  }

  /** JSON with an entity tag. */
  static WebAnswer json(Map<String, ?> object) {
    return tagged("application/json", bytes(object));
  }

  /** JSON without one, as the answer to a change. */
  static WebAnswer json(int status, Map<String, ?> object) {
    return new WebAnswer(status, Map.of(TYPE, "application/json"), bytes(object));
  }

  /** Content with an entity tag. */
  static WebAnswer tagged(String type, byte[] body) {
    return new WebAnswer(200, Map.of(TYPE, type, ETAG, "\"" + hash(body) + "\""), body);
  }

  /** A refusal or a failure. */
  static WebAnswer problem(WebProblem problem) {
    WebAnswer answer =
        new WebAnswer(
            problem.status(), Map.of(TYPE, "application/problem+json"), bytes(problem.json()));
    return switch (problem.status()) {
      case 401 -> answer.with("WWW-Authenticate", "Bearer");
      case 405 -> answer.with("Allow", String.join(", ", problem.allow()));
      case 503 -> answer.with("Retry-After", "1");
      default -> answer;
    };
  }

  /** The same with one more header. */
  WebAnswer with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new WebAnswer(status, more, body, file);
  }

  /** The same, or that nothing has changed if the client has it. */
  WebAnswer unlessKnown(WebRequest request) {
    String tag = headers.get(ETAG);
    if (tag == null
        || !(request.ifNoneMatch().contains(tag) || request.ifNoneMatch().contains("*"))) {
      return this;
    }
    file.ifPresent(OpenFile::close);
    return new WebAnswer(304, Map.of(ETAG, tag), new byte[0]);
  }

  private static byte[] bytes(Map<String, ?> object) {
    return JsonText.compact(object).getBytes(StandardCharsets.UTF_8);
  }

  private static String hash(byte[] body) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, 22);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
