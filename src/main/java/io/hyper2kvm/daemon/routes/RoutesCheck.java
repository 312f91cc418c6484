package io.hyper2kvm.daemon.routes;

import java.util.List;
import java.util.Map;

/** Checks all route files against the program that is to run them. */
public final class RoutesCheck {

  private static final List<RouteRule> RULES =
      List.of(
          new NamesRule(),
          new PlaceholderRule(),
          new BeanRule(),
          new TargetRule(),
          new HookRule(),
          new IntakeRule(),
          new ExecRule(),
          new ConcurrencyRule(),
          new FailureRule(),
          new ScriptRule());

  private final Map<String, Object> beans;
  private final Map<String, String> properties;

  /**
   * A check.
   *
   * @param beans the program's beans, by the names that the routes use
   * @param properties the program's properties, by the names that the routes use
   */
  public RoutesCheck(Map<String, Object> beans, Map<String, String> properties) {
    this.beans = Map.copyOf(beans);
    this.properties = Map.copyOf(properties);
  }

  /** All problems, sorted by file and line. Nothing is started, and no folder is touched. */
  public List<RouteProblem> check(RouteFolders folders) {
    Findings findings = new Findings();
    RouteSet routes = read(folders, findings);
    new SchemaRule().check(routes, findings);
    RULES.forEach(rule -> rule.check(routes, findings));
    // The last: it leaves out what is known to be broken.
    new ScratchContextRule().check(routes, findings);
    return findings.all();
  }

  /**
   * The problems that Camel would not find by itself when it starts the routes. That it does find
   * the others is why a daemon that is about to start them need not take the time.
   */
  public List<RouteProblem> checkBeforeStart(RouteFolders folders) {
    Findings findings = new Findings();
    RouteSet routes = read(folders, findings);
    RULES.forEach(rule -> rule.check(routes, findings));
    return findings.all();
  }

  private RouteSet read(RouteFolders folders, Findings findings) {
    return new RouteSet(folders.shipped(), RouteFile.readAll(folders, findings), beans, properties);
  }
}
