package io.hyper2kvm.daemon.hooks;

import io.hyper2kvm.daemon.exec.ToolComponent;
import io.hyper2kvm.daemon.intake.ManifestIntake;
import io.hyper2kvm.daemon.intake.ManifestRun;
import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.report.ManifestReport;
import io.hyper2kvm.report.ReportJson;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.stage.VmJob;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Calls the routes of a hook, if there are any. Each gets an exchange of its own, so its changes of
 * body, headers and variables do not reach the shipped routes. A route that throws fails the VM if
 * the VM is not published yet; later its failure is only logged.
 */
final class HookProducer extends DefaultAsyncProducer {

  private static final Logger LOG = LogManager.getLogger(HookProducer.class);

  private final HookComponent component;
  private final HookName hook;

  /**
   * The endpoints that the hook's routes begin with. They are looked up at the first call, when all
   * routes have been started.
   */
  private volatile List<String> sources;

  HookProducer(HookEndpoint endpoint, HookComponent component, HookName hook) {
    super(endpoint);
    this.component = component;
    this.hook = hook;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    if (sources == null) {
      sources = sources();
    }
    List<String> called = sources;
    if (!called.isEmpty()) {
      switch (hook.kind()) {
        case BEFORE_STAGE, IN_PIPELINE -> inPipeline(called, exchange);
        case VM_COMPLETED, VM_FAILED -> afterVm(called, exchange);
        case MANIFEST_COMPLETED, MANIFEST_FAILED -> {
          return afterManifest(called, exchange, callback);
        }
      }
    }
    callback.done(true);
    return true;
  }

  /** The endpoints that the routes of this hook begin with, sorted by name. */
  private List<String> sources() {
    return component.getCamelContext().getRoutes().stream()
        .map(route -> route.getEndpoint().getEndpointUri().replaceFirst("\\?.*", ""))
        .map(uri -> uri.replaceFirst("^direct://", "direct:"))
        .filter(source -> HookName.calling(source).filter(hook::equals).isPresent())
        .sorted()
        .toList();
  }

  private void inPipeline(List<String> called, Exchange exchange) {
    VmJob job = exchange.getVariable("vmJob", VmJob.class);
    ManifestRun run = ManifestIntake.run(exchange);
    for (String source : called) {
      Optional<Throwable> thrown = call(source, exchangeFor(exchange, job, run));
      if (thrown.isPresent()) {
        if (hook.kind() == HookName.Kind.BEFORE_STAGE) {
          job.enter(hook.stage().orElseThrow());
        }
        exchange.setException(
            StageFailedException.causedBy(
                FailureCode.HOOK_FAILED,
                "the route of %s failed: %s".formatted(source, reason(thrown.get())),
                thrown.get()));
        return;
      }
      if (run.cancelled()) {
        // A route that waits may have treated the interrupt as the end of its wait.
        exchange.setException(
            StageFailedException.because(FailureCode.CANCELLED, job.name() + " was cancelled"));
        return;
      }
    }
  }

  private void afterVm(List<String> called, Exchange exchange) {
    VmJob job = exchange.getVariable("vmJob", VmJob.class);
    ManifestRun run = ManifestIntake.run(exchange);
    VmOutcome outcome = exchange.getMessage().getBody(VmOutcome.class);
    boolean completed = hook.kind() == HookName.Kind.VM_COMPLETED;
    if (outcome.succeeded() != completed || runsAgain(outcome, run)) {
      return;
    }
    HookFolder folder = HookFolder.make(job);
    try {
      for (String source : called) {
        Exchange own = exchangeFor(exchange, job, run);
        own.getMessage().setBody(ReportJson.vm(outcome));
        callAtTheEnd(source, own, job.manifestName(), job.name());
      }
    } finally {
      folder.remove();
    }
  }

  /** Whether the VM runs again: a stop of the daemon puts its manifest back into the drop zone. */
  private boolean runsAgain(VmOutcome outcome, ManifestRun run) {
    return component.stopping()
        && !run.cancelled()
        && outcome.failure().filter(f -> f.code() == FailureCode.CANCELLED).isPresent();
  }

  /** Calls the routes in another thread: this one may be the thread that polls the drop zone. */
  private boolean afterManifest(List<String> called, Exchange exchange, AsyncCallback callback) {
    ManifestReport report = exchange.getMessage().getBody(ManifestReport.class);
    boolean completed = hook.kind() == HookName.Kind.MANIFEST_COMPLETED;
    if (report.outcome().succeeded() != completed) {
      callback.done(true);
      return true;
    }
    String name = report.outcome().originalName();
    Runnable work =
        () -> {
          for (String source : called) {
            Exchange own = exchange(exchange);
            own.setVariable("manifest", new ManifestView(report));
            own.getMessage().setBody(ReportJson.copy(report.json()));
            callAtTheEnd(source, own, name, "-");
          }
          callback.done(false);
        };
    try {
      component.threads().execute(work);
      return false;
    } catch (RejectedExecutionException e) {
      log(hook.source(), name, "-", e);
      callback.done(true);
      return true;
    }
  }

  /** A new exchange that knows only the trace that it belongs to. */
  private Exchange exchange(Exchange calling) {
    Exchange own = getEndpoint().createExchange();
    Object trace = calling.getProperty(HookComponent.TRACE);
    if (trace != null) {
      own.getMessage().setHeader("traceparent", trace);
    }
    return own;
  }

  private Exchange exchangeFor(Exchange calling, VmJob job, ManifestRun run) {
    Exchange own = exchange(calling);
    own.setVariable("vmJob", new VmView(job, run));
    own.setProperty(ToolComponent.HOOKED_JOB, job);
    return own;
  }

  /**
   * Calls a route and returns what it threw. Errors are caught, too: the manifest would wait for
   * ever.
   */
  private Optional<Throwable> call(String source, Exchange own) {
    try {
      component.template().send(source + "?block=false&failIfNoConsumers=false", own);
      return Optional.ofNullable(own.getException());
    } catch (Throwable e) {
      return Optional.of(e);
    }
  }

  private void callAtTheEnd(String source, Exchange own, String manifest, String vm) {
    call(source, own).ifPresent(thrown -> log(source, manifest, vm, thrown));
    // An interrupt was for the route. If the flag stayed set, the report or the move would fail.
    Thread.interrupted();
  }

  private void log(String source, String manifest, String vm, Throwable thrown) {
    LOG.error(
        "hook-failed route={} manifest={} vm={} reason={}", source, manifest, vm, reason(thrown));
    LOG.debug("hook-failed-because route={} manifest={}", source, manifest, thrown);
  }

  /** The message of the cause: Camel's wrapping exceptions print the whole exchange before it. */
  private static String reason(Throwable thrown) {
    Throwable at = thrown;
    while (at.getCause() != null
        && (at instanceof CamelExecutionException
            || at.getClass() == RuntimeCamelException.class)) {
      at = at.getCause();
    }
    return at.getMessage() == null ? at.toString() : at.getMessage();
  }
}
