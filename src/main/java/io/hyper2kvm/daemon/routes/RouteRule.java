package io.hyper2kvm.daemon.routes;

/** One thing that route files must keep to. */
interface RouteRule {

  /** Reports all that breaks the rule. */
  void check(RouteSet routes, Findings findings);
}
