package io.hyper2kvm.daemon.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Decides what a request's head asks for and whether it may; reads no body and no file. */
final class WebGate {

  private static final int MOST_PARAMETERS = 20;
  private static final int MOST_TAGS = 20;
  private static final int LONGEST_PART = 2_000;

  /**
   * The head of a request.
   *
   * @param method the HTTP method
   * @param path as sent, with its escapes
   * @param query as sent; null when there is none
   * @param headers the value of a header by its name in lower case
   * @param reached the address of this machine that the connection came to
   */
  record Head(
      String method, String path, String query, Map<String, String> headers, String reached) {

    Head {
      headers = Map.copyOf(headers);
    }

    private String header(String name) {
      return headers.get(name);
    }
  }

  /**
   * An allowed request without its body.
   *
   * @param operation what was asked for
   * @param request the request; its body is empty
   */
  record Allowed(Operation operation, WebRequest request) {}

  private final HostNames hosts;
  private final Optional<WebToken> token;
  private final List<Operation> operations;
  private final Operation.Handler page;

  /**
   * A gate.
   *
   * @param token what a change needs; empty: nothing can be changed
   * @param page answers every other GET; the parameter {@code path} is the path
   */
  WebGate(
      HostNames hosts,
      Optional<WebToken> token,
      List<Operation> operations,
      Operation.Handler page) {
    this.hosts = hosts;
    this.token = token;
    this.operations = List.copyOf(operations);
    this.page = page;
  }

  /** What the request asks for, if it may. */
  Allowed decide(Head head) throws WebProblem {
    if (!hosts.accepts(head.header("host"), head.reached())) {
      throw WebProblem.misdirected();
    }
    List<String> segments = segments(head.path());
    String method = head.method().equals("HEAD") ? "GET" : head.method();
    TreeSet<String> methods = new TreeSet<>();
    for (Operation operation : operations) {
      Optional<Map<String, String>> parameters = operation.match(segments);
      if (parameters.isPresent()) {
        if (operation.method().equals(method)) {
          requireToken(operation, head);
          return new Allowed(operation, request(parameters.get(), head));
        }
        methods.add(operation.method());
      }
    }
    if (methods.isEmpty() && !isOfApi(segments)) {
      if (method.equals("GET")) {
        return new Allowed(
            new Operation("GET", "/{path}", Operation.Kind.READ, page),
            request(Map.of("path", String.join("/", segments)), head));
      }
      methods.add("GET");
    }
    throw methods.isEmpty()
        ? WebProblem.notFound("nothing is at this path")
        : WebProblem.methodNotAllowed(List.copyOf(methods));
  }

  private static boolean isOfApi(List<String> segments) {
    return segments.get(0).equals("api");
  }

  private void requireToken(Operation operation, Head head) throws WebProblem {
    if (operation.kind() == Operation.Kind.READ) {
      return;
    }
    if (token.isEmpty()) {
      throw WebProblem.readOnly();
    }
    if (!token.get().isIn(head.header("authorization"))) {
      throw WebProblem.unauthorized();
    }
  }

  private static WebRequest request(Map<String, String> parameters, Head head) throws WebProblem {
    return new WebRequest(
        parameters,
        query(head.query()),
        tags(head.header("if-none-match")),
        Optional.ofNullable(head.header("content-type"))
            .map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT)),
        new byte[0]);
  }

  private static List<String> segments(String path) throws WebProblem {
    if (path == null || !path.startsWith("/") || path.length() > LONGEST_PART) {
      throw WebProblem.badRequest("the path is wrong", "Use a path that begins with a slash.");
    }
    List<String> segments = new ArrayList<>();
    for (String part : path.substring(1).split("/", -1)) {
      segments.add(decoded(part.replace("+", "%2B")));
    }
    return segments;
  }

  private static Map<String, String> query(String query) throws WebProblem {
    Map<String, String> found = new LinkedHashMap<>();
    if (query == null || query.isEmpty()) {
      return found;
    }
    for (String pair : query.split("&", -1)) {
      if (found.size() == MOST_PARAMETERS) {
        throw WebProblem.badRequest("there are too many query parameters", "Leave some out.");
      }
      String[] both = pair.split("=", 2);
      found.putIfAbsent(decoded(both[0]), both.length == 2 ? decoded(both[1]) : "");
    }
    return found;
  }

  private static String decoded(String text) throws WebProblem {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw WebProblem.badRequest("an escape in the address is wrong", "Write % as %25.");
    }
  }

  private static List<String> tags(String header) {
    if (header == null) {
      return List.of();
    }
    List<String> tags = new ArrayList<>();
    for (String part : header.split(",", MOST_TAGS)) {
      String tag = part.strip();
      // Whether a tag is weak makes no difference here.
      tags.add(tag.startsWith("W/") ? tag.substring(2) : tag);
    }
    return tags;
  }
}
