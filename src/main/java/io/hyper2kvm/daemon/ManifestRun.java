package io.hyper2kvm.daemon;

import io.hyper2kvm.manifest.Manifest;
import io.hyper2kvm.report.LiveStatus;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.workflow.ManifestFile;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One manifest on its way from {@code processing/} to its end; travels as exchange property. */
final class ManifestRun {

  static final String PROPERTY = "h2kManifestRun";

  private final ManifestFile original;
  private final Path place;
  private final OffsetDateTime startedAt;
  private Optional<Manifest> manifest = Optional.empty();
  private Optional<LiveStatus> status = Optional.empty();
  private List<VmJob> jobs = List.of();
  private Optional<Path> finalPlace = Optional.empty();
  private boolean putBack;
  private volatile boolean stays;
  private final Set<Thread> threads = new HashSet<>();
  private volatile boolean stopped;
  private volatile boolean cancelled;

  ManifestRun(ManifestFile original, Path place, OffsetDateTime startedAt) {
    this.original = original;
    this.place = place;
    this.startedAt = startedAt;
  }

  ManifestFile original() {
    return original;
  }

  Path place() {
    return place;
  }

  OffsetDateTime startedAt() {
    return startedAt;
  }

  Optional<Manifest> manifest() {
    return manifest;
  }

  Optional<LiveStatus> status() {
    return status;
  }

  List<VmJob> jobs() {
    return jobs;
  }

  void begin(Manifest read, LiveStatus live, List<VmJob> vms) {
    manifest = Optional.of(read);
    status = Optional.of(live);
    jobs = List.copyOf(vms);
  }

  Optional<Path> finalPlace() {
    return finalPlace;
  }

  void finalPlace(Path where) {
    finalPlace = Optional.of(where);
  }

  /** Whether it goes back to the drop zone, to run again at the next start. */
  boolean putBack() {
    return putBack;
  }

  void putBack(Path where) {
    putBack = true;
    finalPlace(where);
  }

  /** Whether it is in {@code processing/} until there is room, be it for the next start. */
  boolean stays() {
    return stays;
  }

  void stay() {
    stays = true;
  }

  /** Whether no further VM shall begin. */
  boolean stopped() {
    return stopped;
  }

  void stop() {
    stopped = true;
  }

  /** Whether somebody asked that the manifest be given up. */
  boolean cancelled() {
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
   * @return whether it may; not when the manifest was given up
   */
  synchronized boolean enter() {
    return !cancelled && threads.add(Thread.currentThread());
  }

  /** This thread is not interrupted by {@link #cancel} any more; an interrupt before stays set. */
  synchronized void leave() {
    threads.remove(Thread.currentThread());
  }
}
