package io.hyper2kvm.stage.space;

import io.hyper2kvm.report.StageName;
import io.hyper2kvm.tool.QemuImg;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is known of the space that a VM needs, and how much of it is used already. */
public final class JobSpace {

  private final Map<Integer, QemuImg.Measure> measures = new HashMap<>();
  private List<SpaceFinding> findings = List.of();
  private volatile StageName stage = StageName.LOAD;
  private volatile int converting;
  private volatile double percent;

  public void measured(int disk, QemuImg.Measure measure) {
    measures.put(disk, measure);
  }

  /** How much of a disk there is to copy; empty when nobody asked. */
  public Optional<QemuImg.Measure> measured(int disk) {
    return Optional.ofNullable(measures.get(disk));
  }

  public void findings(List<SpaceFinding> found) {
    findings = List.copyOf(found);
  }

  /** The needs and the room that LOAD found; empty before its end. */
  public List<SpaceFinding> findings() {
    return findings;
  }

  public void entered(StageName next) {
    percent = 0;
    converting = 0;
    stage = next;
  }

  public void progressed(double now) {
    percent = now;
  }

  /** The disk is the one that is being copied now. */
  public void converting(int disk) {
    percent = 0;
    converting = disk;
  }

  /** How much of a disk is copied, 0 to 1; may be asked by any thread. */
  double converted(int disk) {
    StageName now = stage;
    if (now.compareTo(StageName.CONVERT) < 0) {
      return 0;
    }
    if (now == StageName.CONVERT && disk >= converting) {
      return disk == converting ? percent / 100 : 0;
    }
    return 1;
  }
}
