package io.hyper2kvm.cli.display;

import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.VmOutcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;

/**
 * A bar for each VM that has begun, on a terminal. Every stage is a fifth of it: nobody knows
 * beforehand how long one takes.
 */
final class ProgressBars implements VmProgress {

  private static final int STAGE_STEPS = 100;
  private static final int STEPS = StageName.values().length * STAGE_STEPS;
  private static final int BAR_WIDTH = 30;

  private final Map<String, ProgressBar> bars = new LinkedHashMap<>();

  /** When each VM began and ended, by the clock of {@link System#nanoTime}. */
  private final Map<String, Long> begun = new ConcurrentHashMap<>();

  private final Map<String, Long> ended = new ConcurrentHashMap<>();
  private volatile int nameWidth;
  private boolean closed;

  @Override
  public synchronized void begun(List<String> vms) {
    nameWidth = Math.min(40, vms.stream().mapToInt(String::length).max().orElse(0));
  }

  @Override
  public synchronized void entered(String vm, StageName stage) {
    if (!closed) {
      ProgressBar bar = bars.computeIfAbsent(vm, this::bar);
      bar.setExtraMessage(stage.text());
      bar.stepTo((long) stage.ordinal() * STAGE_STEPS);
    }
  }

  @Override
  public synchronized void progressed(String vm, double percent) {
    ProgressBar bar = bars.get(vm);
    if (bar != null && !closed) {
      long stage = bar.getCurrent() / STAGE_STEPS;
      bar.stepTo(stage * STAGE_STEPS + Math.min(STAGE_STEPS - 1, (long) percent));
    }
  }

  @Override
  public synchronized void ended(VmOutcome outcome) {
    if (!closed) {
      ProgressBar bar = bars.computeIfAbsent(outcome.name(), this::bar);
      if (outcome.succeeded()) {
        bar.stepTo(STEPS);
      }
      bar.setExtraMessage(
          outcome.failure().map(failure -> "failed: " + failure.code()).orElse("completed"));
      ended.put(outcome.name(), System.nanoTime());
      bar.refresh();
    }
  }

  private ProgressBar bar(String vm) {
    begun.put(vm, System.nanoTime());
    return new ProgressBarBuilder()
        .setTaskName(vm)
        .setInitialMax(STEPS)
        .setUpdateIntervalMillis(250)
        .continuousUpdate()
        .setRenderer(this::render)
        .build();
  }

  private String render(ProgressState state, int width) {
    long percent = Math.round(100 * state.getNormalizedProgress());
    int full = (int) (BAR_WIDTH * percent / 100);
    String vm = state.getTaskName();
    long end = ended.getOrDefault(vm, System.nanoTime());
    Duration time = Duration.ofNanos(end - begun.getOrDefault(vm, end));
    String line = "%-" + Math.max(1, nameWidth) + "s [%s%s] %3d%% %3d:%02d  %s";
    String text =
        line.formatted(
            vm,
            "#".repeat(full),
            ".".repeat(BAR_WIDTH - full),
            percent,
            time.toMinutes(),
            time.toSecondsPart(),
            state.getExtraMessage());
    return text.length() <= width ? text : text.substring(0, Math.max(0, width));
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      bars.values().forEach(ProgressBar::close);
    }
  }
}
