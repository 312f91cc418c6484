package io.hyper2kvm.daemon.intake;

import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.manifest.schedule.Schedule;
import io.hyper2kvm.manifest.schedule.Timing;
import io.hyper2kvm.report.LiveStatus;
import io.hyper2kvm.report.ManifestReport;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.workflow.ManifestFile;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One manifest from its claim to its end; a property of the exchange. */
public final class ManifestRun {

  static final String PROPERTY = "h2kManifestRun";

  private final ManifestFile original;
  private final Path place;
  private final OffsetDateTime startedAt;
  private Optional<Manifest> manifest = Optional.empty();
  private Optional<LiveStatus> status = Optional.empty();
  private List<VmJob> jobs = List.of();
  private Optional<Path> finalPlace = Optional.empty();
  private Optional<ManifestReport> report = Optional.empty();
  private Optional<Path> heldEnd = Optional.empty();
  private boolean putBack;
  private volatile boolean stays;
  private final Set<Thread> threads = new HashSet<>();
  private volatile boolean stopped;
  private volatile boolean cancelled;

  public ManifestRun(ManifestFile original, Path place, OffsetDateTime startedAt) {
    this.original = original;
    this.place = place;
    this.startedAt = startedAt;
  }

  public ManifestFile original() {
    return original;
  }

  public Path place() {
    return place;
  }

  public OffsetDateTime startedAt() {
    return startedAt;
  }

  public Optional<Manifest> manifest() {
    return manifest;
  }

  /** When its VMs may begin; at any time before it was read. */
  public Schedule schedule() {
    return manifest.map(Manifest::timing).orElse(Timing.NONE).schedule();
  }

  /** Before which others its VMs begin; 0 before it was read. */
  int priority() {
    return manifest.map(Manifest::timing).orElse(Timing.NONE).priority();
  }

  public Optional<LiveStatus> status() {
    return status;
  }

  public List<VmJob> jobs() {
    return jobs;
  }

  void begin(Manifest read, LiveStatus live, List<VmJob> vms) {
    manifest = Optional.of(read);
    status = Optional.of(live);
    jobs = List.copyOf(vms);
  }

  public Optional<Path> finalPlace() {
    return finalPlace;
  }

  public void finalPlace(Path where) {
    finalPlace = Optional.of(where);
  }

  /** The reserved place that its record names as its end, while the report is not written. */
  public Optional<Path> heldEnd() {
    return heldEnd;
  }

  public void holdEnd(Optional<Path> place) {
    heldEnd = place;
  }

  /** The report that was written; empty before. */
  public Optional<ManifestReport> report() {
    return report;
  }

  public void report(ManifestReport written) {
    report = Optional.of(written);
  }

  /** Whether it goes back to the drop zone, to run again at the next start. */
  public boolean putBack() {
    return putBack;
  }

  public void putBack(Path where) {
    putBack = true;
    finalPlace(where);
  }

  /**
   * Whether it stays in {@code processing/} until there is space, if need be until the next start.
   */
  public boolean stays() {
    return stays;
  }

  public void stay() {
    stays = true;
  }

  /** Whether no further VM shall begin. */
  public boolean stopped() {
    return stopped;
  }

  public void stop() {
    stopped = true;
  }

  /** Whether somebody cancelled the manifest. */
  public boolean cancelled() {
    return cancelled;
  }

  /** No further VM begins, and those at work are interrupted, which ends their tools. */
  synchronized void cancel() {
    if (!cancelled) {
      cancelled = true;
      threads.forEach(Thread::interrupt);
    }
  }

  /**
   * This thread works on one of the VMs from now on.
   *
   * @return whether it may; false when the manifest was cancelled
   */
  public synchronized boolean enter() {
    return !cancelled && threads.add(Thread.currentThread());
  }

  /** Whether none of its VMs is at work. */
  synchronized boolean isIdle() {
    return threads.isEmpty();
  }

  /** This thread is not interrupted by {@link #cancel} any more; an interrupt before stays set. */
  public synchronized void leave() {
    threads.remove(Thread.currentThread());
  }
}
