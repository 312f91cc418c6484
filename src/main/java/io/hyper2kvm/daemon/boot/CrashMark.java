package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.daemon.recovery.RunMark;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Sets the mark of a running process before the first manifest is taken, until a stop begins. */
final class CrashMark extends MainListenerSupport {

  private static final Logger LOG = LogManager.getLogger(CrashMark.class);

  private final RunMark mark;

  CrashMark(RunMark mark) {
    this.mark = mark;
  }

  @Override
  public void beforeStart(BaseMainSupport main) {
    try {
      mark.set();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Also when whoever stops it loses patience and kills it: no manifest is to blame for that. */
  @Override
  public void beforeStop(BaseMainSupport main) {
    try {
      mark.clear();
    } catch (IOException e) {
      LOG.warn("run-mark-not-removed reason={}", e.toString());
    }
  }
}
