package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.daemon.completion.WaitingEnds;
import io.hyper2kvm.daemon.intake.IntakePolls;
import io.hyper2kvm.daemon.intake.ManifestIntake;
import io.hyper2kvm.daemon.intake.ManifestsInFlight;
import io.hyper2kvm.daemon.web.DaemonFacts;
import io.hyper2kvm.tool.ToolRunner;
import java.time.Duration;
import java.util.Optional;

/** This daemon, as its web page shows it. */
final class OwnFacts implements DaemonFacts {

  private final ToolRunner runner;
  private final ManifestIntake intake;
  private final ManifestsInFlight inFlight;
  private final IntakePolls polls;
  private final WaitingEnds ends;

  OwnFacts(
      ToolRunner runner,
      ManifestIntake intake,
      ManifestsInFlight inFlight,
      IntakePolls polls,
      WaitingEnds ends) {
    this.runner = runner;
    this.intake = intake;
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
    return intake.draining();
  }

  @Override
  public void drain(boolean on) {
    intake.drain(on);
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
  public Optional<String> reportsWait() {
    return ends.obstacle();
  }
}
