package io.hyper2kvm.daemon.web;

import io.hyper2kvm.view.Ended;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What was converted in each step of the last day. Since the daemon's start it is measured; before,
 * it is what reports say of the VMs that ended, spread evenly over the time of their work.
 */
final class ThroughputRing {

  /** The length of a step, in seconds. */
  static final int STEP = 300;

  private static final int STEPS = 24 * 3600 / STEP;

  /**
   * A step.
   *
   * @param at its beginning
   * @param bytesPerSecond the mean
   * @param completed how many VMs succeeded in it
   * @param failed how many VMs failed in it
   */
  record Point(Instant at, long bytesPerSecond, int completed, int failed) {}

  private final long measuredSince;
  private final long[] steps = new long[STEPS];
  private final double[] sums = new double[STEPS];
  private final int[] counts = new int[STEPS];

  /** Nothing is measured yet. */
  ThroughputRing(Instant now) {
    measuredSince = now.getEpochSecond();
  }

  /** So many bytes a second are converted now. */
  synchronized void sample(Instant now, double bytesPerSecond) {
    long step = now.getEpochSecond() / STEP;
    int slot = (int) (step % STEPS);
    if (steps[slot] != step) {
      steps[slot] = step;
      sums[slot] = 0;
      counts[slot] = 0;
    }
    sums[slot] += bytesPerSecond;
    counts[slot]++;
  }

  /** The steps of the last day, the oldest first. */
  synchronized List<Point> points(Instant now, List<Ended.VmEnd> ends) {
    long last = now.getEpochSecond() / STEP;
    long first = last - STEPS + 1;
    double[] bytes = new double[STEPS];
    int[] completed = new int[STEPS];
    int[] failed = new int[STEPS];
    for (Ended.VmEnd end : ends) {
      long step = end.at() / STEP;
      if (step >= first && step <= last) {
        (end.completed() ? completed : failed)[(int) (step - first)]++;
      }
      spread(end, first, last, bytes);
    }
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      long step = first + i;
      int slot = (int) (step % STEPS);
      boolean measured = step * STEP >= measuredSince;
      double mean =
          measured
              ? (steps[slot] == step && counts[slot] > 0 ? sums[slot] / counts[slot] : 0)
              : bytes[i] / STEP;
      points.add(
          new Point(Instant.ofEpochSecond(step * STEP), Math.round(mean), completed[i], failed[i]));
    }
    return points;
  }

  private static void spread(Ended.VmEnd end, long first, long last, double[] bytes) {
    long seconds = Math.max(1, end.seconds());
    double rate = (double) end.bytes() / seconds;
    long begin = end.at() - seconds;
    for (long step = Math.max(first, begin / STEP);
        step <= Math.min(last, end.at() / STEP);
        step++) {
      long from = Math.max(begin, step * STEP);
      long to = Math.min(end.at(), (step + 1) * STEP);
      if (to > from) {
        bytes[(int) (step - first)] += rate * (to - from);
      }
    }
  }
}
