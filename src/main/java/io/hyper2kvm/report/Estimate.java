package io.hyper2kvm.report;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * What a VM's work will take, as earlier VMs of this machine tell: the median of their times and
 * rates, and nothing else.
 *
 * @param seconds how long each stage takes
 * @param outputBytes the size of the outputs, in bytes
 * @param vms how many earlier VMs the least known of these figures is from
 */
public record Estimate(Map<StageName, Double> seconds, long outputBytes, int vms) {

  /** A median of fewer says nothing. */
  static final int FEWEST = 3;

  /** VMs with so many times more or less data are other VMs, as long as there are nearer ones. */
  private static final double NEAR = 4;

  /** A shorter stage has no rate. */
  private static final double SHORTEST = 0.001;

  /**
   * A VM whose work is to be told.
   *
   * @param stages what will be done
   * @param data the data that there is to copy, in bytes; greater than zero
   * @param output the format and compression of the outputs, as {@link PastVm#output} makes it
   * @param bootTest whether the result will be booted
   */
  public record Work(Set<StageName> stages, long data, String output, boolean bootTest) {

    public Work {
      stages = Set.copyOf(stages);
      if (data <= 0) {
        throw new IllegalArgumentException("data is not positive: " + data);
      }
    }
  }

  public Estimate {
    seconds = Map.copyOf(seconds);
  }

  /**
   * The estimate.
   *
   * @param past what earlier VMs took
   * @return empty where too few of them are like it to tell
   */
  public static Optional<Estimate> of(List<PastVm> past, Work work) {
    List<PastVm> near = past.stream().filter(vm -> isNear(vm, work)).toList();
    List<PastVm> like = near.size() >= FEWEST ? near : past;
    Map<StageName, Double> seconds = new EnumMap<>(StageName.class);
    int fewest = Integer.MAX_VALUE;
    for (StageName stage : work.stages()) {
      List<PastVm> known = like.stream().filter(vm -> tells(vm, stage, work)).toList();
      if (known.size() < FEWEST) {
        return Optional.empty();
      }
      fewest = Math.min(fewest, known.size());
      seconds.put(stage, seconds(known, stage, work));
    }
    List<PastVm> same = like.stream().filter(vm -> vm.output().equals(work.output())).toList();
    if (same.size() < FEWEST) {
      return Optional.empty();
    }
    double share = median(same, vm -> (double) vm.written() / vm.data());
    return Optional.of(
        new Estimate(seconds, Math.round(share * work.data()), Math.min(fewest, same.size())));
  }

  private static boolean isNear(PastVm vm, Work work) {
    double ratio = (double) vm.data() / work.data();
    return ratio <= NEAR && ratio >= 1 / NEAR && vm.output().equals(work.output());
  }

  private static boolean tells(PastVm vm, StageName stage, Work work) {
    return vm.seconds().containsKey(stage)
        && switch (stage) {
          case CONVERT -> vm.output().equals(work.output());
          case VALIDATE -> vm.output().equals(work.output()) && vm.bootTest() == work.bootTest();
          default -> true;
        };
  }

  /** A copy takes its time by the data; what is done in the guest, and its boot, do not. */
  private static double seconds(List<PastVm> known, StageName stage, Work work) {
    boolean byData =
        stage == StageName.CONVERT || (stage == StageName.VALIDATE && !work.bootTest());
    if (!byData) {
      return median(known, vm -> vm.seconds().get(stage));
    }
    double rate = median(known, vm -> vm.data() / Math.max(SHORTEST, vm.seconds().get(stage)));
    return work.data() / rate;
  }

  private static double median(List<PastVm> vms, ToDoubleFunction<PastVm> value) {
    List<Double> sorted =
        vms.stream().map(value::applyAsDouble).sorted(Comparator.naturalOrder()).toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** How long all stages together take. */
  public double total() {
    return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** In the keys of a report and of the live status. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("vms", vms);
    json.put("seconds", rounded(total()));
    Map<String, Object> each = new LinkedHashMap<>();
    for (StageName stage : StageName.values()) {
      if (seconds.containsKey(stage)) {
        each.put(stage.text(), rounded(seconds.get(stage)));
      }
    }
    json.put("stages", each);
    json.put("output_bytes", outputBytes);
    return json;
  }

  /** The same of a VM that has ended, with what it took, and how far off the estimate was. */
  public Map<String, Object> json(Map<StageName, StageReport> stages) {
    Map<String, Object> json = json();
    double took =
        seconds.keySet().stream()
            .mapToDouble(stage -> ReportJson.seconds(stages.get(stage).duration()))
            .sum();
    json.put("took_seconds", rounded(took));
    json.put("off_percent", off(took, total()));
    if (stages.get(StageName.CONVERT).details().get("size_bytes") instanceof Number written) {
      json.put("output_off_percent", off(written.doubleValue(), outputBytes));
    }
    return json;
  }

  /** How much more it was than expected; of an expectation of nothing, none. */
  private static double off(double was, double expected) {
    return expected <= 0 ? 0 : Math.round(1000 * (was - expected) / expected) / 10.0;
  }

  private static double rounded(double seconds) {
    return Math.round(seconds * 10) / 10.0;
  }
}
