package io.hyper2kvm.daemon.routes;

import java.util.Set;

/** Concurrent steps run in a pool that has a limit. */
final class ConcurrencyRule implements RouteRule {

  private static final Set<String> PARALLEL = Set.of("split", "multicast", "recipientList");
  private static final String VM_ENDPOINT = "{{h2k.vm.endpoint}}";

  @Override
  public void check(RouteSet routes, Findings findings) {
    String vmTarget = routes.resolve(VM_ENDPOINT);
    for (RouteFile file : routes.files()) {
      file.root()
          .visit(
              (key, element) -> {
                if (key.equals("threads")) {
                  findings.error(
                      file.path(),
                      element.line(),
                      "threads lets one VM more run than max_concurrent_jobs; use the split's pool");
                }
                if (!PARALLEL.contains(key) || !element.isObject()) {
                  return;
                }
                if (key.equals("split") && sendsTo(routes, element, vmTarget)) {
                  vms(file, element, findings);
                } else if (element.text("parallelProcessing").equals("true")
                    && element.text("executorService").isEmpty()) {
                  findings.error(
                      file.path(),
                      element.line("parallelProcessing"),
                      "%s runs in parallel without executorService, so without a limit"
                          .formatted(key));
                }
              });
    }
  }

  private static boolean sendsTo(RouteSet routes, Element split, String target) {
    boolean[] found = new boolean[1];
    split.visit(
        (key, element) -> {
          if (key.equals("uri") && routes.resolve(element.text()).equals(target)) {
            found[0] = true;
          }
        });
    return found[0];
  }

  private static void vms(RouteFile file, Element split, Findings findings) {
    require(
        file, split, "parallelProcessing", "true", "VMs would run one after the other", findings);
    require(
        file,
        split,
        "executorService",
        "#vmPool",
        "max_concurrent_jobs would not be kept",
        findings);
    require(
        file,
        split,
        "aggregationStrategy",
        "#vmOutcomes",
        "outcomes of VMs would be lost",
        findings);
    if (split.text("stopOnException").equals("true")) {
      findings.error(
          file.path(),
          split.line("stopOnException"),
          "the split of a manifest into its VMs must not stop at one VM");
    }
  }

  private static void require(
      RouteFile file, Element split, String key, String value, String reason, Findings findings) {
    if (!split.text(key).equals(value)) {
      findings.error(
          file.path(),
          split.line(key),
          "the split of a manifest into its VMs has %s: %s; without it, %s"
              .formatted(key, value, reason));
    }
  }
}
