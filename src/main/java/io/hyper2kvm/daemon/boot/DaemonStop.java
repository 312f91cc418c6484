package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.daemon.completion.WaitingEnds;
import io.hyper2kvm.daemon.intake.ManifestIntake;
import io.hyper2kvm.daemon.intake.ManifestsInFlight;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The steps of a stop, before Camel stops its routes. Nothing more begins. The running VMs may
 * finish within the time-out. The others are then interrupted, which ends their tools, and their
 * manifests go back to the drop zone.
 */
public final class DaemonStop extends MainListenerSupport {

  /** What the end of the tools and the moves back may take; systemd's default is 90 s. */
  public static final Duration GRACE = Duration.ofSeconds(20);

  private static final Logger LOG = LogManager.getLogger(DaemonStop.class);
  private static final long LOOK_MILLIS = 50;

  private final ManifestIntake intake;
  private final ManifestsInFlight inFlight;
  private final VmThreads threads;
  private final WaitingEnds ends;
  private final Duration timeout;

  DaemonStop(
      ManifestIntake intake,
      ManifestsInFlight inFlight,
      VmThreads threads,
      WaitingEnds ends,
      Duration timeout) {
    this.intake = intake;
    this.inFlight = inFlight;
    this.threads = threads;
    this.ends = ends;
    this.timeout = timeout;
  }

  @Override
  public void beforeStop(BaseMainSupport main) {
    intake.stop();
    LOG.info("daemon-stopping timeout={}", timeout);
    // There may never be space: what waits for it does not delay the stop, and goes on at the next
    // start.
    ends.close();
    if (!holds(inFlight::isEmpty, timeout)) {
      LOG.warn("daemon-stop-interrupts reason=VMs are still at work after {}", timeout);
      threads.interrupt();
      if (!holds(inFlight::isEmpty, GRACE)) {
        LOG.warn("daemon-stop-leaves reason=a manifest stays in processing/ for the next start");
      }
    }
  }

  private static boolean holds(BooleanSupplier condition, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (!condition.getAsBoolean() && System.nanoTime() < end) {
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return condition.getAsBoolean();
  }
}
