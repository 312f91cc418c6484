package io.hyper2kvm.daemon.web;

import java.io.IOException;
import java.util.List;

/** The operations of the HTTP API, each with its path. */
final class WebOperations {

  /** Before every path of the API's first version. */
  static final String BASE = "/api/v1";

  private final StateAnswers state;
  private final StaticFiles page = new StaticFiles();

  WebOperations(StateAnswers state) {
    this.state = state;
  }

  /** All of them. */
  List<Operation> all() {
    return List.of(
        read("/overview", state::overview),
        read("/manifests", state::list),
        read("/manifests/{id}", state::one));
  }

  private static Operation read(String path, Operation.Handler handler) {
    return new Operation("GET", BASE + path, Operation.Kind.READ, handler);
  }

  /** A file of the page. */
  WebAnswer page(WebRequest request) throws IOException, WebProblem {
    return page.find(request.parameter("path"))
        .orElseThrow(() -> WebProblem.notFound("the page has no such file"));
  }
}
