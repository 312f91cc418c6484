package io.hyper2kvm.daemon.boot;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes, names and interrupts the threads that VMs, and the routes at their ends, run on. */
final class VmThreads implements ThreadFactory {

  private final AtomicInteger number = new AtomicInteger();
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();

  @Override
  public Thread newThread(Runnable work) {
    return new Thread(() -> run(work), "vm-" + number.incrementAndGet());
  }

  /** Threads with another name, that are interrupted with the others. */
  ThreadFactory named(String prefix) {
    AtomicInteger own = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(() -> run(work), prefix + own.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private void run(Runnable work) {
    running.add(Thread.currentThread());
    try {
      work.run();
    } finally {
      running.remove(Thread.currentThread());
    }
  }

  /** Interrupts every thread, which ends the tool that it waits for. */
  void interrupt() {
    running.forEach(Thread::interrupt);
  }
}
