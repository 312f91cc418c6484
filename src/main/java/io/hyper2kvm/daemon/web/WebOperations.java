package io.hyper2kvm.daemon.web;

import java.io.IOException;
import java.util.List;

/** The operations of the HTTP API, each with its path. */
final class WebOperations {

  /** Before every path of the API's first version. */
  static final String BASE = "/api/v1";

  private final List<Operation> all;
  private final StaticFiles page = new StaticFiles();

  WebOperations(
      StateAnswers state, HistoryAnswers history, FileAnswers files, ChangeAnswers changes) {
    all =
        List.of(
            read("/overview", state::overview),
            read("/manifests", state::list),
            read("/manifests/{id}", state::one),
            read("/manifests/{id}/report", files::report),
            read("/manifests/{id}/manifest", files::manifest),
            read("/manifests/{id}/retry-manifest", files::retryManifest),
            read("/manifests/{id}/vms/{n}/screen", files::screen),
            read("/days", history::days),
            read("/throughput", history::throughput),
            read("/schema/manifest", files::schema),
            read("/openapi.yaml", files::description),
            withManifest("/validate", changes::validate),
            withManifest("/manifests", changes::submit),
            change("POST", "/manifests/{id}/retry", changes::retry),
            change("POST", "/manifests/{id}/cancel", changes::cancel),
            change("POST", "/drain", changes::drain),
            change("DELETE", "/drain", changes::endDrain));
  }

  private static Operation read(String path, Operation.Handler handler) {
    return new Operation("GET", BASE + path, Operation.Kind.READ, handler);
  }

  private static Operation change(String method, String path, Operation.Handler handler) {
    return new Operation(method, BASE + path, Operation.Kind.CHANGE, handler);
  }

  private static Operation withManifest(String path, Operation.Handler handler) {
    return new Operation("POST", BASE + path, Operation.Kind.CHANGE_WITH_MANIFEST, handler);
  }

  /** All of them. */
  List<Operation> all() {
    return all;
  }

  /** A file of the page. */
  WebAnswer page(WebRequest request) throws IOException, WebProblem {
    return page.find(request.parameter("path"))
        .orElseThrow(() -> WebProblem.notFound("the page has no such file"));
  }
}
