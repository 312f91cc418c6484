package io.hyper2kvm.cli.display;

import io.hyper2kvm.cli.job.JobLines;
import io.hyper2kvm.report.LiveView;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.view.JobReading;
import io.hyper2kvm.workflow.JobState;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One line for each change, for what is no terminal: a log, a pipe. */
final class LineDisplay implements Watch.Display {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final PrintWriter out;
  private final Clock clock;
  private final Map<String, String> told = new HashMap<>();

  LineDisplay(PrintWriter out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  @Override
  public void show(List<Watched> jobs) {
    int number = 0;
    for (Watched job : jobs) {
      String key = number++ + "/";
      String name = JobLines.name(job.job());
      if (job.isGone()) {
        tell(key, name + ": gone");
        continue;
      }
      tell(key, name + ": " + job.job().state().text());
      if (job.job().state() == JobState.RUNNING) {
        for (LiveView.Vm vm : JobReading.live(job.job()).vms()) {
          if (!vm.status().equals("waiting")) {
            String what = vm.status().equals("running") ? vm.stage().orElse("?") : vm.status();
            String code = vm.code().map(text -> " " + text).orElse("");
            tell(
                key + vm.name(),
                "%s: %s: %s"
                    .formatted(name, Printable.line(vm.name()), Printable.line(what + code)));
          }
        }
      }
    }
  }

  private void tell(String about, String line) {
    if (!line.equals(told.put(about, line))) {
      out.println(TIME.format(LocalTime.now(clock)) + " " + line);
      out.flush();
    }
  }
}
