package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.daemon.routes.RouteProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;

/**
 * The check of the route files, on a thread of its own while Camel reads the same files: it takes a
 * tenth of a start. No route starts before its end.
 */
final class RoutesVerdict extends MainListenerSupport {

  private final CompletableFuture<List<RouteProblem>> problems;

  private RoutesVerdict(CompletableFuture<List<RouteProblem>> problems) {
    this.problems = problems;
  }

  /** Begins the check. */
  static RoutesVerdict begin(Supplier<List<RouteProblem>> check) {
    return new RoutesVerdict(
        CompletableFuture.supplyAsync(check, run -> new Thread(run, "routes-check").start()));
  }

  @Override
  public void beforeStart(BaseMainSupport main) {
    try {
      require();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /**
   * Waits for the end of the check.
   *
   * @throws IOException with all errors; warnings are shown only by the command that asks for them
   */
  void require() throws IOException {
    List<RouteProblem> errors = problems.join().stream().filter(RouteProblem::isError).toList();
    if (!errors.isEmpty()) {
      throw new IOException(
          "the routes have %s: %s"
              .formatted(
                  errors.size() == 1 ? "a problem" : errors.size() + " problems",
                  errors.stream().map(RouteProblem::toString).collect(Collectors.joining("; "))));
    }
  }
}
