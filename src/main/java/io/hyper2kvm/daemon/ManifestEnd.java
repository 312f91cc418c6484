package io.hyper2kvm.daemon;

import io.hyper2kvm.daemon.recovery.ManifestRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.Ordered;
import org.apache.camel.support.SynchronizationAdapter;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** What is done after the file component's last move: what was kept for a crash is forgotten. */
final class ManifestEnd extends SynchronizationAdapter {

  private static final Logger LOG = LogManager.getLogger(ManifestEnd.class);

  private final ManifestRun run;
  private final ManifestRecords records;
  private final CancelRequests cancels;

  ManifestEnd(ManifestRun run, ManifestRecords records, CancelRequests cancels) {
    this.run = run;
    this.records = records;
    this.cancels = cancels;
  }

  /** After the move, which is such a synchronization as well. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST;
  }

  @Override
  public void onDone(Exchange exchange) {
    Path end = run.finalPlace().orElse(run.place());
    if (run.putBack() || !Files.exists(end, LinkOption.NOFOLLOW_LINKS)) {
      return; // It runs again, or the move failed: the next start needs what is known.
    }
    cancels.left(run);
    try {
      records.forget(end);
    } catch (IOException e) {
      // The next start removes what is about no manifest.
      LOG.debug("record-not-removed manifest={} reason={}", run.original().name(), e.toString());
    }
  }
}
