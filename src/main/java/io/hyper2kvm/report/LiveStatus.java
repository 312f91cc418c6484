package io.hyper2kvm.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.hyper2kvm.manifest.schedule.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The live state of one manifest in {@code processing/<file>.status.json}. Changes of stage are
 * written at once, percentages at most twice a second.
 */
public final class LiveStatus {

  private static final Logger LOG = LogManager.getLogger(LiveStatus.class);
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String WAITING_FOR = "waiting_for";
  private static final String BEGINS_AT = "begins_at";
  private static final String SPEED = "bytes_per_second";
  private static final String LEFT = "seconds_left";

  /** A speed of a shorter time says nothing. */
  private static final Duration MEASURABLE = Duration.ofSeconds(1);

  private static final Duration MIN_GAP = Duration.ofMillis(500);

  private final Path file;
  private final Clock clock;
  private final ProgressListener listener;
  private final Map<String, Object> head = new LinkedHashMap<>();
  private final Map<String, Map<String, Object>> vms = new LinkedHashMap<>();
  private final Map<String, Copy> copies = new HashMap<>();
  private OffsetDateTime lastWrite = OffsetDateTime.MIN;
  private boolean closed;
  private boolean unwritten;

  /**
   * A disk that is being copied.
   *
   * @param bytes its size
   * @param later the size of the VM's disks after it
   * @param since when its copy began
   */
  private record Copy(long bytes, long later, OffsetDateTime since) {}

  /** Starts the status of a manifest, and tells nobody else in this process. */
  public LiveStatus(
      Path file, String jobId, String originalName, List<String> vmNames, Clock clock) {
    this(file, jobId, originalName, vmNames, clock, ProgressListener.NONE);
  }

  /**
   * Starts the status of a manifest.
   *
   * @param file the status file
   * @param jobId the manifest's name
   * @param originalName the file as it was dropped
   * @param vmNames its VMs
   * @param listener is told the same in this process
   */
  public LiveStatus(
      Path file,
      String jobId,
      String originalName,
      List<String> vmNames,
      Clock clock,
      ProgressListener listener) {
    this.listener = listener;
    this.file = file;
    this.clock = clock;
    head.put("job_id", jobId);
    head.put("original_name", originalName);
    head.put("status", "processing");
    head.put("started_at", ReportJson.timestamp(OffsetDateTime.now(clock)));
    for (String name : vmNames) {
      Map<String, Object> vm = new LinkedHashMap<>();
      vm.put("name", name);
      vm.put("status", "waiting");
      vms.put(name, vm);
    }
    write();
    listener.begun(vmNames);
  }

  /** Says when the manifest's VMs may begin, and before which others; to be called once. */
  public synchronized void timing(Timing timing) {
    if (!timing.equals(Timing.NONE)) {
      head.put("schedule", timing.schedule().json());
      head.put("priority", timing.priority());
      write();
    }
  }

  /**
   * The VMs that have not begun are held, or not any more.
   *
   * @param reason why they do not begin; empty if they may
   * @param until when that ends, if that is known
   */
  public synchronized void holds(Optional<String> reason, Optional<Instant> until) {
    boolean changed = false;
    for (Map<String, Object> vm : vms.values()) {
      if (vm.get("status").equals("waiting")) {
        changed |= put(vm, WAITING_FOR, reason);
      }
    }
    Optional<String> time =
        until.map(at -> ReportJson.timestamp(at.atZone(clock.getZone()).toOffsetDateTime()));
    changed |= put(head, BEGINS_AT, time);
    if (changed) {
      write();
    }
  }

  private static boolean put(Map<String, Object> json, String key, Optional<String> value) {
    Object before = value.isPresent() ? json.put(key, value.get()) : json.remove(key);
    return !Optional.ofNullable(before).equals(value);
  }

  /**
   * What the rest of a VM's work is expected to take.
   *
   * @param estimate empty where there are too few earlier VMs to tell
   */
  public synchronized void expects(String vm, Optional<Estimate> estimate) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("vms", 0);
    estimate.ifPresent(
        found -> {
          json.putAll(found.json());
          OffsetDateTime end =
              OffsetDateTime.now(clock).plus(Duration.ofMillis(Math.round(found.total() * 1000)));
          json.put("ends_at", ReportJson.timestamp(end));
        });
    vms.get(vm).put("estimate", json);
    write();
  }

  /** A VM has entered a stage. */
  public synchronized void entered(String vm, StageName stage) {
    listener.entered(vm, stage);
    Map<String, Object> entry = vms.get(vm);
    OffsetDateTime now = OffsetDateTime.now(clock);
    if ("waiting".equals(entry.put("status", "running"))) {
      head.remove(BEGINS_AT); // Whoever still waits for it says so again.
    }
    entry.put("stage", stage.text());
    entry.put("percent", 0);
    entry.remove(WAITING_FOR);
    endCopy(vm);
    entry.putIfAbsent("started_at", ReportJson.timestamp(now));
    entry.put("stage_started_at", ReportJson.timestamp(now));
    write();
  }

  /**
   * The copy of a VM's disk begins.
   *
   * @param bytes the disk's size as the guest sees it, in bytes
   * @param later the size of the VM's disks that are copied after it, in bytes
   */
  public synchronized void copies(String vm, long bytes, long later) {
    copies.put(vm, new Copy(bytes, later, OffsetDateTime.now(clock)));
  }

  private void endCopy(String vm) {
    copies.remove(vm);
    vms.get(vm).remove(SPEED);
    vms.get(vm).remove(LEFT);
  }

  private void measure(String vm, double percent) {
    Copy copy = copies.get(vm);
    if (copy == null) {
      return;
    }
    Duration took = Duration.between(copy.since(), OffsetDateTime.now(clock));
    double copied = copy.bytes() * percent / 100;
    if (copied > 0 && took.compareTo(MEASURABLE) >= 0) {
      double speed = copied / ReportJson.seconds(took);
      vms.get(vm).put(SPEED, Math.round(speed));
      vms.get(vm).put(LEFT, Math.round((copy.bytes() - copied + copy.later()) / speed));
    }
  }

  /** A VM stands still until others have left room, or goes on. */
  public synchronized void waitsForSpace(String vm, boolean waits) {
    Object before = waits ? vms.get(vm).put(WAITING_FOR, "space") : vms.get(vm).remove(WAITING_FOR);
    if (waits != (before != null)) {
      write();
    }
  }

  /** A VM's stage has come so far; {@code percent} from 0 to 100. */
  public synchronized void progressed(String vm, double percent) {
    listener.progressed(vm, percent);
    Object before = vms.get(vm).put("percent", Math.round(percent * 10) / 10.0);
    measure(vm, percent);
    boolean due = Duration.between(lastWrite, OffsetDateTime.now(clock)).compareTo(MIN_GAP) >= 0;
    // After a disk's last percentage nothing may follow for long: it is not held back.
    boolean last = percent >= 100 && !Double.valueOf(100).equals(before);
    if (due || last) {
      write();
    }
  }

  /**
   * Keeps the last screen of a VM's boot test; one that cannot be kept is missed by nobody else.
   *
   * @param png the picture
   */
  public synchronized void keepScreen(String vm, byte[] png) {
    String name = file.getFileName().toString();
    Path manifest = file.resolveSibling(name.substring(0, name.lastIndexOf(".status.json")));
    try {
      ScreenFiles.keep(manifest, List.copyOf(vms.keySet()).indexOf(vm) + 1, png);
    } catch (IOException e) {
      LOG.warn("screen-not-kept vm={} reason={}", vm, e.toString());
    }
  }

  /** A VM's pipeline has ended. */
  public synchronized void ended(VmOutcome outcome) {
    Map<String, Object> entry = vms.get(outcome.name());
    entry.put("status", outcome.succeeded() ? "completed" : "failed");
    Object before = entry.put("completed_at", ReportJson.timestamp(outcome.completedAt()));
    if (before == null) {
      listener.ended(outcome); // Once, also for a VM whose route broke after its end.
    }
    entry.remove(WAITING_FOR);
    endCopy(outcome.name());
    outcome.reusedFrom().ifPresent(from -> entry.put("reused", true));
    outcome.failure().ifPresent(failure -> entry.put("code", failure.code().name()));
    write();
  }

  /** The manifest leaves {@code processing/}: its status goes. */
  public synchronized void close() {
    closed = true;
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("status-not-removed file={} reason={}", file, e.toString());
    }
  }

  private void write() {
    if (closed) {
      return;
    }
    lastWrite = OffsetDateTime.now(clock);
    Map<String, Object> json = new LinkedHashMap<>(head);
    json.put("updated_at", ReportJson.timestamp(lastWrite));
    json.put("vms", vms.values());
    Path beside = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      // Renamed but not synced: after a loss of power nobody asks for the percentage.
      Files.write(beside, JSON.writeValueAsBytes(json));
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      if (unwritten) {
        unwritten = false;
        LOG.info("status-written-again file={}", file);
      }
    } catch (IOException e) {
      // No reason to fail a conversion; the reports are written with more care.
      if (!unwritten) {
        unwritten = true; // It is tried again with every change; one line says it all.
        LOG.warn("status-not-written file={} reason={}", file, e.toString());
      }
      removeHalf(beside);
    }
  }

  private static void removeHalf(Path beside) {
    try {
      Files.deleteIfExists(beside);
    } catch (IOException e) {
      LOG.debug("status-half-not-removed file={} reason={}", beside, e.toString());
    }
  }
}
