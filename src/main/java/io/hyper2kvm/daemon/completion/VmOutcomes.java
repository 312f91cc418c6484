package io.hyper2kvm.daemon.completion;

import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Collects the outcomes of a manifest's VMs into one list. A VM whose pipeline itself broke counts
 * as failed; it is never lost.
 */
public final class VmOutcomes implements AggregationStrategy {

  private static final Logger LOG = LogManager.getLogger(VmOutcomes.class);

  @Override
  public Exchange aggregate(Exchange collected, Exchange vm) {
    try {
      return collect(collected, vm);
    } catch (RuntimeException e) {
      // Camel would end the manifest while its other VMs still run. The judge counts the missing
      // VMs.
      LOG.error("vm-outcome-lost reason={}", e.toString(), e);
      return with(vm, outcomes(collected));
    } catch (Error e) {
      // Camel would ignore it here, and the manifest would wait for this VM for ever.
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      throw e;
    }
  }

  private static Exchange collect(Exchange collected, Exchange vm) {
    List<VmOutcome> outcomes = outcomes(collected);
    if (vm.getException() == null && vm.getMessage().getBody() instanceof VmOutcome outcome) {
      outcomes.add(outcome);
    } else {
      VmJob job = vm.getVariable("vmJob", VmJob.class);
      if (job != null) {
        Throwable reason =
            vm.getException() != null
                ? vm.getException()
                : new IllegalStateException("route vm-pipeline ended without an outcome");
        job.fail(reason);
        outcomes.add(JobOutcome.of(job));
      }
    }
    return with(vm, outcomes);
  }

  private static List<VmOutcome> outcomes(Exchange collected) {
    List<VmOutcome> outcomes = new ArrayList<>();
    if (collected != null) {
      ((List<?>) collected.getMessage().getBody()).forEach(o -> outcomes.add((VmOutcome) o));
    }
    return outcomes;
  }

  private static Exchange with(Exchange vm, List<VmOutcome> outcomes) {
    vm.setException(null);
    vm.getMessage().setBody(outcomes);
    return vm;
  }
}
