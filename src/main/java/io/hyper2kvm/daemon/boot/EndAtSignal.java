package io.hyper2kvm.daemon.boot;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Keeps the JVM alive after a signal until the daemon has cleaned up behind itself. Camel's own
 * shutdown hook waits for the end of its context only, and the JVM is gone as soon as all hooks
 * have returned: what comes after the context, such as the removal of the daemon's record, would be
 * a race with the end of the process.
 */
final class EndAtSignal implements AutoCloseable {

  private static final Logger LOG = LogManager.getLogger(EndAtSignal.class);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;

  /**
   * Not waiting for anything yet.
   *
   * @param limit how long a signal waits at most, from the signal on
   */
  EndAtSignal(Duration limit) {
    hook = new Thread(() -> await(limit), "end-at-signal");
  }

  private void await(Duration limit) {
    try {
      boolean inTime = ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!inTime) {
        LOG.warn("daemon-ends-uncleaned reason=its stop took longer than {}", limit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * From now on a signal waits for {@link #close}. Not called before a signal can stop the daemon,
   * since the signal would wait for nothing until then.
   *
   * @throws IllegalStateException after a signal
   */
  void arm() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** The daemon has ended. */
  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException afterSignal) {
      // The hook runs, and returns now.
    }
  }
}
