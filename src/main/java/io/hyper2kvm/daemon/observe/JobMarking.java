package io.hyper2kvm.daemon.observe;

import io.hyper2kvm.daemon.intake.ManifestIntake;
import io.hyper2kvm.daemon.intake.ManifestRun;
import io.hyper2kvm.daemon.log.JobMarks;
import io.hyper2kvm.stage.VmJob;
import java.util.Optional;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Marks what a step of a route logs with its manifest and VM, on whichever thread it runs; also
 * what an operator's route logs that a hook calls.
 */
public final class JobMarking extends MainListenerSupport implements InterceptStrategy {

  @Override
  public void beforeConfigure(BaseMainSupport main) {
    main.getCamelContext().getCamelContextExtension().addInterceptStrategy(this);
  }

  @Override
  public Processor wrapProcessorInInterceptors(
      CamelContext context, NamedNode node, Processor target, Processor nextTarget) {
    return new DelegateAsyncProcessor(target) {
      @Override
      public boolean process(Exchange exchange, AsyncCallback callback) {
        Optional<ManifestRun> run = ManifestIntake.runOf(exchange);
        if (run.isEmpty()) {
          return super.process(exchange, callback);
        }
        JobMarks marks = JobMarks.set(run.get().place(), run.get().original().name(), vm(exchange));
        try {
          return super.process(exchange, callback);
        } finally {
          marks.reset();
        }
      }
    };
  }

  private static Optional<String> vm(Exchange exchange) {
    return exchange.getVariable("vmJob") instanceof VmJob job
        ? Optional.of(job.name())
        : Optional.empty();
  }
}
