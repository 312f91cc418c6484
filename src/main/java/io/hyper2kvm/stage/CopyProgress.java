package io.hyper2kvm.stage;

import io.hyper2kvm.report.StageName;

/** The progress of CONVERT with the copy of each disk; any thread may write and read it. */
public final class CopyProgress {

  private volatile StageName stage = StageName.LOAD;
  private volatile int copying;
  private volatile double percent;

  void entered(StageName next) {
    percent = 0;
    copying = 0;
    stage = next;
  }

  void progressed(double now) {
    percent = now;
  }

  /** The disk is the one that is being copied now. */
  public void begin(int disk) {
    percent = 0;
    copying = disk;
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
