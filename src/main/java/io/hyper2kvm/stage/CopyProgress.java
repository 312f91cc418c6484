package io.hyper2kvm.stage;

import io.hyper2kvm.report.StageName;

/** The progress of CONVERT with the copy of each disk; any thread may write and read it. */
public final class CopyProgress {

  /** Is told of each copy that begins. */
  @FunctionalInterface
  interface Listener {
    /**
     * A disk is copied from now on.
     *
     * @param bytes its size as the guest sees it, in bytes
     * @param later the size of the disks that are copied after it, in bytes
     */
    void begun(long bytes, long later);
  }

  private final Listener listener;
  private volatile StageName stage = StageName.LOAD;
  private volatile int copying;
  private volatile double percent;

  CopyProgress(Listener listener) {
    this.listener = listener;
  }

  void entered(StageName next) {
    percent = 0;
    copying = 0;
    stage = next;
  }

  void progressed(double now) {
    percent = now;
  }

  /**
   * The disk is the one that is being copied now.
   *
   * @param bytes its size as the guest sees it, in bytes
   * @param later the size of the disks that are copied after it, in bytes
   */
  public void begin(int disk, long bytes, long later) {
    percent = 0;
    copying = disk;
    listener.begun(bytes, later);
  }

  /** How much of a disk is copied, 0 to 1. */
  public double copied(int disk) {
    StageName now = stage;
    if (now.compareTo(StageName.CONVERT) < 0) {
      return 0;
    }
    if (now == StageName.CONVERT && disk >= copying) {
      return disk == copying ? percent / 100 : 0;
    }
    return 1;
  }
}
