package io.hyper2kvm.daemon.intake;

import io.hyper2kvm.workflow.CancelRequest;
import io.hyper2kvm.workflow.FileIdentity;
import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.Jobs;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Looks for requests to give up a manifest, and follows them. Every manifest at work is known here
 * from when it is read until it is judged.
 */
public final class CancelRequests {

  private static final Logger LOG = LogManager.getLogger(CancelRequests.class);

  private final WorkflowDirectories directories;
  private final WaitingCancel waiting;
  private final Map<ManifestRun, FileIdentity> runs = new ConcurrentHashMap<>();
  private final Map<ManifestRun, CancelRequest> heard = new ConcurrentHashMap<>();

  /** The manifests in {@code processing/}, from when they are read until they have left it. */
  private final Set<ManifestRun> present = ConcurrentHashMap.newKeySet();

  /** Requests in the given directories. */
  public CancelRequests(WorkflowDirectories directories, WaitingCancel waiting) {
    this.directories = directories;
    this.waiting = waiting;
  }

  /** A manifest is in {@code processing/} now, and may be given up. */
  void begun(ManifestRun run) throws IOException {
    Optional<FileIdentity> manifest = FileIdentity.of(run.place());
    if (manifest.isPresent()) {
      present.add(run);
      runs.put(run, manifest.get());
    }
  }

  /** It is too late to give the manifest up. */
  public void ended(ManifestRun run) {
    runs.remove(run);
  }

  /** The manifest has left {@code processing/}; a request that was heard has done its service. */
  public void left(ManifestRun run) {
    present.remove(run);
    removeHeard(run);
  }

  private void removeHeard(ManifestRun run) {
    CancelRequest request = heard.remove(run);
    if (request != null) {
      remove(request);
    }
  }

  private static void remove(CancelRequest request) {
    try {
      request.remove();
    } catch (IOException e) {
      // It names a file that has ended, so it means nothing, and the next start removes it.
      LOG.warn("cancel-not-removed request={} reason={}", request.file(), e.toString());
    }
  }

  /** Follows every request that is there; what cannot be followed now is tried again. */
  public void look() throws IOException {
    for (CancelRequest request : CancelRequest.pending(directories)) {
      boolean done;
      try {
        done = follow(request);
      } catch (IOException e) {
        // Trying for ever would fill the log; whoever asked sees that nothing ended, and why here.
        LOG.warn("cancel-not-done request={} reason={}", request.file(), e.toString());
        done = true;
      }
      if (done) {
        request.remove();
      }
    }
  }

  private boolean follow(CancelRequest request) throws IOException {
    for (Map.Entry<ManifestRun, FileIdentity> run : runs.entrySet()) {
      if (run.getValue().equals(request.manifest())) {
        LOG.info("manifest-cancelled manifest={}", run.getKey().original().name());
        run.getKey().cancel();
        heard.put(run.getKey(), request.heard());
        if (!present.contains(run.getKey())) {
          removeHeard(run.getKey()); // It left between the two lines, too early to see this.
        }
        return false;
      }
    }
    Jobs jobs = new Jobs(directories);
    Optional<Job> inTheZone = request.among(jobs.waiting());
    if (inTheZone.isPresent()) {
      // If the consumer claims it at this instant, one of the two renames fails; if it is this
      // one, the manifest is at work, and the next look finds it there.
      return waiting.fail(inTheZone.get().manifest());
    }
    // Just taken and not read yet, or judged and not moved yet: the next look knows. One that is
    // not even there has ended, and its request with it.
    return request.among(jobs.running()).isEmpty();
  }
}
