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
 * Reads the requests to cancel a manifest and carries them out. It knows every manifest from when
 * it is read until it is judged.
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

  /** A manifest is in {@code processing/} now and may be cancelled. */
  void begun(ManifestRun run) throws IOException {
    Optional<FileIdentity> manifest = FileIdentity.of(run.place());
    if (manifest.isPresent()) {
      present.add(run);
      runs.put(run, manifest.get());
    }
  }

  /** The manifest cannot be cancelled any more. */
  public void ended(ManifestRun run) {
    runs.remove(run);
  }

  /** The manifest has left {@code processing/}: a request that was heard for it is removed. */
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
      // It names a manifest that has ended, so it has no effect. The next start removes it.
      LOG.warn("cancel-not-removed request={} reason={}", request.file(), e.toString());
    }
  }

  /** Carries out every request. One that cannot be carried out yet is tried at the next poll. */
  public void look() throws IOException {
    for (CancelRequest request : CancelRequest.pending(directories)) {
      boolean done;
      try {
        done = follow(request);
      } catch (IOException e) {
        // Further tries would fill the log. The user sees that the manifest goes on; the log says
        // why.
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
          removeHeard(
              run.getKey()); // It left between the two statements, so left() did not see the
          // request.
        }
        return false;
      }
    }
    Jobs jobs = new Jobs(directories);
    Optional<Job> inTheZone = request.among(jobs.waiting());
    if (inTheZone.isPresent()) {
      // If the consumer claims it at this instant, one of the two renames fails. If it is this one,
      // the manifest is in processing/, where the next poll finds it.
      return waiting.fail(inTheZone.get().manifest());
    }
    // It was taken and is not read yet, or it was judged and is not moved yet: the next poll
    // decides. If it is not in processing/ either, it has ended, and the request is removed.
    return request.among(jobs.running()).isEmpty();
  }
}
