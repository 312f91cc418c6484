package io.hyper2kvm.cli.display;

import io.hyper2kvm.report.ProgressListener;

/** Shows how the VMs come along until it is closed. */
interface VmProgress extends ProgressListener, AutoCloseable {

  /** Shows nothing. */
  VmProgress NONE = () -> {};

  @Override
  void close();
}
