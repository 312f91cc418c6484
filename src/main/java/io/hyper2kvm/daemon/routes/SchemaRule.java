package io.hyper2kvm.daemon.routes;

/** What stands in a file must be Camel's YAML: known keys, with values of their kind. */
final class SchemaRule implements RouteRule {

  @Override
  public void check(RouteSet routes, Findings findings) {
    DslSchema schema = DslSchema.load();
    for (RouteFile file : routes.files()) {
      for (Element entry : file.root().items()) {
        schema.check(entry, (line, message) -> findings.error(file.path(), line, message));
      }
    }
  }
}
