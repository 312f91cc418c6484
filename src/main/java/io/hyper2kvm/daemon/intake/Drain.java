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
  private boolean unknown;
  private volatile Consumer<Boolean> listener = begun -> {};

  /** That of the request in a file, which may be there from before the daemon's start. */
  public Drain(DrainFile file) {
    this.file = file;
    this.on = isWanted(true);
    if (on) {
      LOG.info("drain-goes-on file={}", file.file());
    }
  }

  /** Looks whether the request is there. */
  public synchronized void look() {
    boolean wanted = isWanted(on);
    if (on != wanted) {
      on = wanted;
      LOG.info(wanted ? "drain-begun" : "drain-ended");
      listener.accept(wanted);
    }
  }

  /** Whether the request is there; as before while nobody can tell, since it may be. */
  private boolean isWanted(boolean before) {
    try {
      boolean wanted = file.isThere();
      unknown = false;
      return wanted;
    } catch (IOException e) {
      if (!unknown) {
        unknown = true; // Logged once, not four times a second.
        LOG.warn(
            "drain-unknown file={} reason={} meaning={} until it can be looked for",
            file.file(),
            e.toString(),
            before ? "nothing new begins" : "no drain is heard");
      }
      return before;
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
