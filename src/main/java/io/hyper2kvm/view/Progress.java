package io.hyper2kvm.view;

import io.hyper2kvm.report.LiveView;
import java.util.List;
import java.util.Map;

/** How far VMs have come in all: an estimate from the stages' usual share of the time. */
public final class Progress {

  private static final List<String> STAGES =
      List.of("load", "inspect", "fix", "convert", "validate");
  private static final Map<String, Integer> SHARE =
      Map.of("load", 5, "inspect", 15, "fix", 20, "convert", 40, "validate", 20);

  private Progress() {}

  /** A VM's progress over all stages, from 0 to 100. */
  public static double of(LiveView.Vm vm) {
    if (vm.ended()) {
      return 100;
    }
    int at = STAGES.indexOf(vm.stage().orElse(""));
    if (at < 0) {
      return 0;
    }
    double before = STAGES.subList(0, at).stream().mapToInt(SHARE::get).sum();
    double within = vm.percent().map(percent -> Math.max(0, Math.min(100, percent))).orElse(0.0);
    return before + within * SHARE.get(STAGES.get(at)) / 100;
  }

  /** The mean of all VMs, from 0 to 100; 0 of none. */
  public static double of(List<LiveView.Vm> vms) {
    return vms.stream().mapToDouble(Progress::of).average().orElse(0);
  }
}
