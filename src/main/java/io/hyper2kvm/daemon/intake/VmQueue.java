package io.hyper2kvm.daemon.intake;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;

/**
 * The threads that the VMs of all manifests run on, and the VMs that wait for one: those of a
 * manifest with a higher priority go first, and those of a manifest that is held do not begin.
 *
 * <p>The split of a manifest hands over one VM at a time, with the task that hands over the next
 * one. So manifests of one priority take turns, and few tasks wait here however many VMs there are.
 */
public final class VmQueue extends AbstractExecutorService {

  /** How often what is held is looked at; in milliseconds. */
  private static final long LOOK_MILLIS = 250;

  private record Task(Optional<ManifestRun> run, long number, Runnable work) {

    int priority() {
      return run.map(ManifestRun::priority).orElse(0);
    }
  }

  private static final Comparator<Task> ORDER =
      Comparator.comparing(Task::priority).reversed().thenComparing(Task::number);

  private final int most;
  private final ThreadFactory threads;
  private final Function<Optional<ManifestRun>, Optional<Hold>> holds;
  private final ThreadLocal<ManifestRun> current = new ThreadLocal<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Task> waiting = new ArrayList<>();
  private final Set<Thread> workers = new HashSet<>();
  private int idle;
  private int atWork;
  private long next;
  private boolean shut;

  /**
   * A queue without threads; they are made as they are needed.
   *
   * @param most how many VMs run at once
   * @param holds why no VM of a manifest may begin now
   */
  public VmQueue(
      int most, ThreadFactory threads, Function<Optional<ManifestRun>, Optional<Hold>> holds) {
    this.most = most;
    this.threads = threads;
    this.holds = holds;
  }

  /** The VMs that this thread hands over next are those of the exchange's manifest. */
  public void enter(Exchange exchange) {
    current.set(ManifestIntake.run(exchange));
  }

  @Override
  public void execute(Runnable work) {
    lock.lock();
    try {
      if (shut) {
        throw new RejectedExecutionException("the daemon is being stopped");
      }
      waiting.add(new Task(Optional.ofNullable(current.get()), next++, work));
      // A thread that was woken for another VM counts as idle until it takes it.
      if (idle < waiting.size() && workers.size() < most) {
        Thread worker = threads.newThread(this::work);
        workers.add(worker);
        worker.start();
      }
      changed.signal();
      if (!workers.contains(Thread.currentThread())) {
        current.remove(); // The poller's next task may be another manifest's.
      }
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    try {
      for (Optional<Task> task = take(); task.isPresent(); task = take()) {
        task.get().run().ifPresent(current::set);
        try {
          task.get().work().run();
        } finally {
          current.remove();
          ended();
        }
      }
    } finally {
      lock.lock();
      try {
        workers.remove(Thread.currentThread());
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void ended() {
    lock.lock();
    try {
      atWork--;
    } finally {
      lock.unlock();
    }
  }

  /** The task that is next; waits for one; empty when there will be none any more. */
  private Optional<Task> take() {
    lock.lock();
    idle++;
    try {
      while (true) {
        Optional<Task> best =
            waiting.stream().filter(task -> holds.apply(task.run()).isEmpty()).min(ORDER);
        if (best.isPresent() || (shut && waiting.isEmpty())) {
          if (best.isPresent()) {
            waiting.remove(best.get());
            atWork++;
          }
          if (!waiting.isEmpty()) {
            changed.signal(); // What was held may be free now, for a thread that was told nothing.
          }
          return best;
        }
        await();
      }
    } finally {
      idle--;
      lock.unlock();
    }
  }

  private void await() {
    try {
      if (waiting.isEmpty()) {
        changed.await();
      } else {
        changed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      // An interrupt is for the VM that a thread works on, and this one works on none.
    }
  }

  /**
   * Tells the live status of each manifest with VMs that wait whether they are held, and by what.
   */
  public void tell() {
    for (ManifestRun run : held()) {
      Optional<Hold> hold = holds.apply(Optional.of(run));
      run.status()
          .ifPresent(status -> status.holds(hold.map(Hold::reason), hold.flatMap(Hold::until)));
    }
  }

  private Set<ManifestRun> held() {
    lock.lock();
    try {
      return waiting.stream()
          .flatMap(task -> task.run().stream())
          .collect(Collectors.toCollection(LinkedHashSet::new));
    } finally {
      lock.unlock();
    }
  }

  /**
   * How many manifests only wait for their time: none of their VMs is at work. They take no place
   * from others.
   */
  public int parked() {
    return (int)
        held().stream()
            .filter(ManifestRun::isIdle)
            .filter(
                run ->
                    holds
                        .apply(Optional.of(run))
                        .filter(hold -> hold.reason().equals(Hold.SCHEDULE))
                        .isPresent())
            .count();
  }

  /** How many VMs have begun and not ended, with all that their routes do before and after. */
  public int atWork() {
    lock.lock();
    try {
      return atWork;
    } finally {
      lock.unlock();
    }
  }

  /** How many threads wait for a VM. */
  int idle() {
    lock.lock();
    try {
      return idle;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void shutdown() {
    lock.lock();
    try {
      shut = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Runnable> shutdownNow() {
    lock.lock();
    try {
      shut = true;
      List<Runnable> left = waiting.stream().map(Task::work).toList();
      waiting.clear();
      workers.forEach(Thread::interrupt);
      changed.signalAll();
      return left;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isShutdown() {
    lock.lock();
    try {
      return shut;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isTerminated() {
    lock.lock();
    try {
      return shut && workers.isEmpty() && waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean awaitTermination(long time, TimeUnit unit) throws InterruptedException {
    long left = unit.toNanos(time);
    lock.lock();
    try {
      while (!isTerminated()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
