package io.hyper2kvm.daemon.intake;

import java.util.HashSet;
import java.util.Set;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceSupport;

/**
 * The manifests that the file consumer holds, from its look into the drop zone until after the move
 * to the end. It takes no more of them than there may be; the others wait where they are.
 */
public final class ManifestsInFlight extends ServiceSupport implements IdempotentRepository {

  private final int most;
  private final Set<String> held = new HashSet<>();
  private volatile Runnable onIdle = () -> {};

  /**
   * An empty repository.
   *
   * @param most how many manifests may be held at a time; at least 1
   */
  public ManifestsInFlight(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most is not at least 1: " + most);
    }
    this.most = most;
  }

  @Override
  public synchronized boolean add(String file) {
    return held.size() < most && held.add(file);
  }

  @Override
  public synchronized boolean contains(String file) {
    return held.contains(file);
  }

  @Override
  public boolean remove(String file) {
    boolean removed;
    boolean idle;
    synchronized (this) {
      removed = held.remove(file);
      idle = removed && held.isEmpty();
    }
    if (idle) {
      onIdle.run();
    }
    return removed;
  }

  /** What to do each time when the last manifest has come to its end. */
  public void onIdle(Runnable action) {
    onIdle = action;
  }

  @Override
  public boolean confirm(String file) {
    return true;
  }

  @Override
  public synchronized void clear() {
    held.clear();
  }

  /** Whether there is no place for another one. */
  public synchronized boolean isFull() {
    return held.size() >= most;
  }

  /** Whether no manifest is held. */
  public synchronized boolean isEmpty() {
    return held.isEmpty();
  }
}
