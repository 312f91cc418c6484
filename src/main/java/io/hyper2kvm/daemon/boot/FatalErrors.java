package io.hyper2kvm.daemon.boot;

import java.util.function.IntConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Ends the process when an error has ended a thread. Otherwise the manifests that wait for this
 * thread would wait for ever. The supervisor starts the daemon again, and the manifests go on.
 */
public final class FatalErrors implements Thread.UncaughtExceptionHandler {

  /** The process's exit code: an error inside of the program, as in sysexits.h. */
  public static final int EXIT = 70;

  private static final Logger LOG = LogManager.getLogger(FatalErrors.class);

  private final IntConsumer end;
  private final Runnable flushLog;

  /**
   * A handler for all threads.
   *
   * @param end ends the process at once, with the given exit code: an orderly stop could hang, too
   * @param flushLog writes the log's last lines to its file
   */
  public FatalErrors(IntConsumer end, Runnable flushLog) {
    this.end = end;
    this.flushLog = flushLog;
  }

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    try {
      LOG.fatal("thread-ended thread={} reason={}", thread.getName(), thrown.toString(), thrown);
      flushLog.run();
    } finally {
      end.accept(EXIT);
    }
  }
}
