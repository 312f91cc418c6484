package io.hyper2kvm.cli.display;

import io.hyper2kvm.cli.job.JobLines;
import io.hyper2kvm.view.JobReading;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Draws the manifests anew over what was drawn before, on a terminal. */
final class LiveDisplay implements Watch.Display {

  private static final String UP = "\u001b[%dA";
  private static final String TO_THE_END = "\u001b[J";

  // A line that wraps would be two to go up.
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";
  private static final int MOST_VMS = 12;
  private static final int MOST_LINES = 20;

  private final PrintWriter out;
  private final JobLines lines;
  private int drawn;

  LiveDisplay(PrintWriter out, JobLines lines) {
    this.out = out;
    this.lines = lines;
  }

  @Override
  public void show(List<Watched> jobs) {
    List<String> frame = new ArrayList<>();
    for (Watched job : jobs) {
      if (!job.isOver()) {
        frame.addAll(
            switch (job.job().state()) {
              case RUNNING -> lines.running(job.job(), JobReading.live(job.job()), MOST_VMS);
              default -> lines.of(job.job());
            });
      }
    }
    if (frame.size() > MOST_LINES) {
      // More than the screen holds could not be drawn over.
      int more = frame.size() - MOST_LINES + 1;
      frame = new ArrayList<>(frame.subList(0, MOST_LINES - 1));
      frame.add("… and %d more lines".formatted(more));
    }
    StringBuilder text = new StringBuilder(NO_WRAP);
    if (drawn > 0) {
      text.append(UP.formatted(drawn)).append('\r');
    }
    text.append(TO_THE_END);
    frame.forEach(line -> text.append(line).append('\n'));
    out.print(text.append(WRAP));
    out.flush();
    drawn = frame.size();
  }
}
