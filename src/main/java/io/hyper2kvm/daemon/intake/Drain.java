package io.hyper2kvm.daemon.intake;

import io.hyper2kvm.workflow.DrainFile;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Whether nothing new begins: no manifest is taken, and no VM begins. It is so for as long as the
 * file of the request is there, whoever put it there; what runs goes on to its end.
 */
public final class Drain {

  private static final Logger LOG = LogManager.getLogger(Drain.class);

  private final DrainFile file;
  private volatile boolean on;
  private volatile Consumer<Boolean> listener = begun -> {};

  /** That of the request in a file, which may be there from before the daemon's start. */
  public Drain(DrainFile file) {
    this.file = file;
    this.on = file.isThere();
    if (on) {
      LOG.info("drain-goes-on file={}", file.file());
    }
  }

  /** Looks whether the request is there. */
  public synchronized void look() {
    boolean wanted = file.isThere();
    if (on != wanted) {
      on = wanted;
      LOG.info(wanted ? "drain-begun" : "drain-ended");
      listener.accept(wanted);
    }
  }

  /**
   * Makes or ends the request, as the commands do.
   *
   * @throws IOException when its file cannot be written or removed
   */
  public void request(boolean wanted) throws IOException {
    if (wanted) {
      file.write();
    } else {
      file.remove();
    }
    look();
  }

  /** Whether nothing new begins. */
  public boolean isOn() {
    return on;
  }

  /** Sets what is told of each change, and now if nothing new begins. */
  public synchronized void onChange(Consumer<Boolean> told) {
    listener = told;
    if (on) {
      told.accept(true);
    }
  }
}
