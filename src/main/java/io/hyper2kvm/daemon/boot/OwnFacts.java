package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.daemon.web.DaemonFacts;
import io.hyper2kvm.tool.ToolRunner;

/** This daemon, as its web page shows it. */
final class OwnFacts implements DaemonFacts {

  private final ToolRunner runner;

  OwnFacts(ToolRunner runner) {
    this.runner = runner;
  }

  @Override
  public int toolsRunning() {
    return runner.running().values().stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public boolean isDraining() {
    return false;
  }
}
