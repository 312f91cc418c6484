package io.hyper2kvm.daemon.intake;

import io.hyper2kvm.workflow.DrainFile;
import java.io.IOException;
import java.util.function.IntSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Whether nothing new begins: no manifest is taken, and no VM begins. It is so for as long as the
 * file of the request is there, whoever put it there; what runs goes on to its end.
 */
public final class Drain {

  /** Is told of each change. */
  @FunctionalInterface
  public interface Listener {

    /**
     * Nothing new begins, or it does again.
     *
     * @param on whether nothing new begins
     * @param atWork how many VMs have begun and not ended; 0 when not {@code on}
     */
    void drains(boolean on, int atWork);
  }

  private static final Logger LOG = LogManager.getLogger(Drain.class);

  private final DrainFile file;
  private volatile boolean on;
  private boolean unknown;
  private int told;
  private IntSupplier atWork = () -> 0;
  private Listener listener = (begun, vms) -> {};

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
    boolean changed = on != wanted;
    if (changed) {
      on = wanted;
      LOG.info(wanted ? "drain-begun" : "drain-ended");
    }
    // Counted after it is on: the number cannot grow any more.
    int vms = wanted ? atWork.getAsInt() : 0;
    if (changed || vms != told) {
      told = vms;
      listener.drains(wanted, vms);
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
  public synchronized void onChange(Listener listener) {
    this.listener = listener;
    if (on) {
      listener.drains(true, told);
    }
  }

  /** Sets who counts the VMs that have begun and not ended. */
  public synchronized void counts(IntSupplier atWork) {
    this.atWork = atWork;
  }
}
