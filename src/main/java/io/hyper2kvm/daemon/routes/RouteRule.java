package io.hyper2kvm.daemon.routes;

/** One rule for route files. */
interface RouteRule {

  /** Reports all that breaks the rule. */
  void check(RouteSet routes, Findings findings);
}
