package io.hyper2kvm.daemon;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Names the threads that VMs run on. */
final class VmThreads implements ThreadFactory {

  private final AtomicInteger number = new AtomicInteger();

  @Override
  public Thread newThread(Runnable work) {
    return new Thread(work, "vm-" + number.incrementAndGet());
  }
}
