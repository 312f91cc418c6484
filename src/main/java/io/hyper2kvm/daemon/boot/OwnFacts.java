package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.daemon.completion.WaitingEnds;
import io.hyper2kvm.daemon.intake.Drain;
import io.hyper2kvm.daemon.intake.IntakePolls;
import io.hyper2kvm.daemon.intake.ManifestIntake;
import io.hyper2kvm.daemon.intake.ManifestsInFlight;
import io.hyper2kvm.daemon.intake.WaitingQueue;
import io.hyper2kvm.daemon.web.DaemonFacts;
import io.hyper2kvm.manifest.schedule.Timing;
import io.hyper2kvm.tool.ToolRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** This daemon, as its web page shows it. */
final class OwnFacts implements DaemonFacts {

  private final ToolRunner runner;
  private final ManifestIntake intake;
  private final Drain drain;
  private final WaitingQueue queue;
  private final ManifestsInFlight inFlight;
  private final IntakePolls polls;
  private final WaitingEnds ends;

  OwnFacts(
      ToolRunner runner,
      ManifestIntake intake,
      Drain drain,
      WaitingQueue queue,
      ManifestsInFlight inFlight,
      IntakePolls polls,
      WaitingEnds ends) {
    this.runner = runner;
    this.intake = intake;
    this.drain = drain;
    this.queue = queue;
    this.inFlight = inFlight;
    this.polls = polls;
    this.ends = ends;
  }

  @Override
  public int toolsRunning() {
    return runner.running().values().stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public boolean isDraining() {
    return drain.isOn();
  }

  @Override
  public void drain(boolean on) throws IOException {
    drain.request(on);
  }

  @Override
  public boolean isStopping() {
    return intake.stopping();
  }

  @Override
  public int freePlaces() {
    return inFlight.free();
  }

  @Override
  public Duration sinceLook() {
    return polls.sinceSign();
  }

  @Override
  public Timing timing(String file) {
    return queue.timing(file);
  }

  @Override
  public long scheduled() {
    return queue.scheduled();
  }

  @Override
  public Optional<String> reportsWait() {
    return ends.obstacle();
  }
}
