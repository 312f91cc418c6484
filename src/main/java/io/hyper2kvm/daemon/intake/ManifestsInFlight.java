package io.hyper2kvm.daemon.intake;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceSupport;

/**
 * The manifests that the file consumer holds, from the poll that finds them until they have been
 * moved to their end. It takes no more than the limit; the others wait in the drop zone. Those that
 * only wait for their time do not count, as long as they are no more than the limit themselves.
 */
public final class ManifestsInFlight extends ServiceSupport implements IdempotentRepository {

  private final int most;
  private final Set<String> held = new HashSet<>();
  private volatile Runnable onIdle = () -> {};
  private volatile IntSupplier parked = () -> 0;

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
    return free() > 0 && held.add(file);
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
      notifyAll();
    }
    if (idle) {
      onIdle.run();
    }
    return removed;
  }

  /** Sets what is run each time when the last manifest has ended. */
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
    notifyAll();
  }

  /** How many more manifests may be held now. */
  public synchronized int free() {
    return Math.max(0, most - held.size() + Math.min(most, parked.getAsInt()));
  }

  /** Sets what says how many of them only wait for their time. */
  public void parked(IntSupplier count) {
    parked = count;
  }

  /**
   * Waits until half of the places are free, or the time is over, or the thread is interrupted;
   * then its interrupt flag is set.
   *
   * @return how many are free then
   */
  synchronized int awaitFree(Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    try {
      while (2 * free() < most) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          break;
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return free();
  }

  /** How many manifests are held now. */
  public synchronized int count() {
    return held.size();
  }

  /** Whether no manifest is held. */
  public synchronized boolean isEmpty() {
    return held.isEmpty();
  }
}
