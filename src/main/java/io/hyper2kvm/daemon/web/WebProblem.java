package io.hyper2kvm.daemon.web;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request that cannot be answered as it was meant; becomes {@code application/problem+json}. */
final class WebProblem extends Exception {

  private final int status;
  private final String code;
  private final String title;
  private final String hint;
  private final Map<String, Object> more = new LinkedHashMap<>();

  private WebProblem(int status, String code, String title, String detail, String hint) {
    super(detail);
    this.status = status;
    this.code = code;
    this.title = title;
    this.hint = hint;
  }

  /** Something in the request's path or query is wrong. */
  static WebProblem badRequest(String detail, String hint) {
    return new WebProblem(400, "BAD_REQUEST", "The request is wrong", detail, hint);
  }

  /** A change without the token. */
  static WebProblem unauthorized() {
    return new WebProblem(
        401,
        "TOKEN_WRONG",
        "The token is missing or wrong",
        "a change needs the header Authorization: Bearer TOKEN",
        "Give the token that is in the file that web_token_file names.");
  }

  /** A change where none is allowed. */
  static WebProblem readOnly() {
    return new WebProblem(
        403,
        "READ_ONLY",
        "Nothing can be changed over HTTP",
        "the daemon has no web_token_file",
        "Set web_token_file in the daemon's configuration, or use the command line.");
  }

  /** Nothing is at this path. */
  static WebProblem notFound(String what) {
    return new WebProblem(
        404,
        "NOT_FOUND",
        "There is no such thing",
        what,
        "A manifest's id changes when it moves on; ask for the list again.");
  }

  /** Something is at this path, but not for this method. */
  static WebProblem methodNotAllowed(List<String> allowed) {
    WebProblem problem =
        new WebProblem(
            405,
            "METHOD_NOT_ALLOWED",
            "The method is not allowed here",
            "allowed are " + String.join(", ", allowed),
            "Use one of the allowed methods.");
    problem.allow = allowed;
    return problem;
  }

  private List<String> allow = List.of();

  /** The methods that a 405 names. */
  List<String> allow() {
    return allow;
  }

  /** The state of things does not allow it. */
  static WebProblem conflict(String code, String title, String detail, String hint) {
    return new WebProblem(409, code, title, detail, hint);
  }

  /** The body is larger than allowed. */
  static WebProblem tooLarge(long most) {
    return new WebProblem(
        413,
        "TOO_LARGE",
        "The body is too large",
        "at most %d bytes are read".formatted(most),
        "Send a smaller manifest, or raise max_manifest_size.");
  }

  /** The body is of a kind that is not read. */
  static WebProblem unsupportedType(String allowed) {
    return new WebProblem(
        415,
        "UNSUPPORTED_TYPE",
        "The Content-Type is not supported",
        "the body must be " + allowed,
        "Set the header Content-Type to one of these.");
  }

  /** The request is for another host. */
  static WebProblem misdirected() {
    return new WebProblem(
        421,
        "HOST_UNKNOWN",
        "The host is not known",
        "the header Host names a host that this daemon does not answer for",
        "Ask by the address in web_host or by localhost, or add the name to web_hosts.");
  }

  /** The body cannot be used. */
  static WebProblem unprocessable(String code, String title, String detail, String hint) {
    return new WebProblem(422, code, title, detail, hint);
  }

  /** Something went wrong in the daemon. */
  static WebProblem internal() {
    return new WebProblem(
        500,
        "INTERNAL",
        "The daemon could not answer",
        "an error occurred; the log has it as web-request-failed",
        "Look into the daemon's log.");
  }

  /** Too much is asked at a time. */
  static WebProblem busy() {
    return new WebProblem(
        503,
        "BUSY",
        "Too many requests at a time",
        "the daemon answers others first",
        "Ask again in a second.");
  }

  /** The same with one more key in the answer. */
  WebProblem with(String key, Object value) {
    more.put(key, value);
    return this;
  }

  int status() {
    return status;
  }

  /** The body of the answer. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("title", title);
    json.put("status", status);
    json.put("code", code);
    json.put("detail", getMessage());
    json.put("hint", hint);
    json.putAll(more);
    return json;
  }
}
