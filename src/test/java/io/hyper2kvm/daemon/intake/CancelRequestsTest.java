package io.hyper2kvm.daemon.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.workflow.CancelRequest;
import io.hyper2kvm.workflow.FileIdentity;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the file of a request to cancel a manifest that is at work. */
class CancelRequestsTest {

  @TempDir private Path folder;
  private WorkflowDirectories directories;
  private CancelRequests requests;
  private ManifestRun run;

  @BeforeEach
  void begin() throws IOException {
    directories = new WorkflowDirectories(folder);
    directories.create();
    Path place = Files.writeString(directories.processing().resolve("web.json"), "{}");
    requests =
        new CancelRequests(
            directories, new WaitingCancel(directories, new ManifestPlaces(), Clock.systemUTC()));
    run = new ManifestRun(new ManifestFile("web.json"), place, OffsetDateTime.now());
    requests.begun(run);
    CancelRequest.write(directories, "web.json", FileIdentity.of(place).orElseThrow());
  }

  private List<String> left() throws IOException {
    return CancelRequest.all(directories).stream()
        .map(request -> request.file().getFileName().toString())
        .toList();
  }

  @Test
  void itStaysUntilTheManifestHasLeft() throws IOException {
    requests.look();

    assertThat(run.cancelled()).isTrue();
    assertThat(left()).containsExactly(".web.json.heard");

    requests.ended(run);
    requests.left(run);

    assertThat(left()).isEmpty();
  }

  /** A thread of the manifest, which ends and leaves as soon as it is interrupted. */
  private final class Ending extends Thread {

    @Override
    public void run() {
      assertThat(run.enter()).isTrue();
    }

    @Override
    public void interrupt() {
      requests.ended(run);
      requests.left(run);
    }
  }

  @Test
  void itDoesNotStayWhenTheManifestLeavesWhileItIsHeard() throws Exception {
    Thread ending = new Ending();
    ending.start();
    ending.join();

    requests.look();

    assertThat(run.cancelled()).isTrue();
    assertThat(left()).isEmpty();
  }
}
