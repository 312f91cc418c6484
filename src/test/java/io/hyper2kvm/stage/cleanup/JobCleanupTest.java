package io.hyper2kvm.stage.cleanup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.ApplianceEnd;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.load.OutputReservations;
import io.hyper2kvm.stage.publish.Publication;
import io.hyper2kvm.stage.space.SpaceReservations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobCleanupTest {

  @TempDir Path directory;
  private Jobs jobs;
  private final JobCleanup cleanup =
      new JobCleanup(new OutputReservations(), new SpaceReservations());

  @BeforeEach
  void jobs() throws IOException {
    jobs = new Jobs(directory.toRealPath()).withRawSource();
  }

  @Test
  void aJobThatNeverBeganLeavesNothingToClean() {
    VmJob job = jobs.job();

    cleanup.run(job);
    cleanup.run(job);

    assertThat(job.directory()).doesNotExist();
  }

  @Test
  void whatWasNotPublishedGoesAndTheSourceStays() throws IOException {
    VmJob job = jobs.loaded();
    Files.createDirectories(job.directory().resolve("kernel0"));
    Files.writeString(job.directory().resolve("kernel0/initramfs"), "x");

    cleanup.run(job);

    assertThat(job.directory()).doesNotExist();
    assertThat(LoadResult.of(job).disks().get(0).part()).doesNotExist();
    assertThat(jobs.source).exists();
    assertThat(jobs.root.resolve("out")).isEmptyDirectory();
  }

  @Test
  void whatWasPublishedStays() throws IOException {
    VmJob job = jobs.converted();
    new Publication().publish(job);

    cleanup.run(job);

    assertThat(jobs.output).hasContent("disk 0");
  }

  @Test
  void linksInTheJobsDirectoryAreRemovedAndNotFollowed() throws IOException {
    VmJob job = jobs.loaded();
    Path elsewhere = jobs.folder("elsewhere");
    Files.writeString(elsewhere.resolve("precious"), "x");
    Files.createSymbolicLink(job.directory().resolve("link"), elsewhere);

    cleanup.run(job);

    assertThat(job.directory()).doesNotExist();
    assertThat(elsewhere.resolve("precious")).exists();
  }

  @Test
  void theApplianceAndItsChildrenEnd() throws Exception {
    VmJob job = jobs.loaded();
    Process appliance = new ProcessBuilder("/bin/sh", "-c", "sleep 300 & echo up; wait").start();
    assertThat(appliance.inputReader().readLine()).isEqualTo("up");
    var child = appliance.toHandle().descendants().findFirst().orElseThrow();
    job.appliance().started(appliance.pid());

    cleanup.run(job);

    await().atMost(Duration.ofSeconds(30)).until(() -> !appliance.isAlive() && !child.isAlive());
    assertThat(job.appliance().pid()).isEmpty();
  }

  @Test
  void anApplianceThatIsGoneIsNoProblem() throws Exception {
    VmJob job = jobs.loaded();
    Process gone = new ProcessBuilder("true").start();
    job.appliance().started(gone.pid());
    gone.waitFor();

    cleanup.run(job);

    assertThat(job.directory()).doesNotExist();
  }

  @Test
  void theEndOfAnApplianceIsAwaited() throws Exception {
    VmJob job = jobs.loaded();
    Process ending = new ProcessBuilder("cat").start();
    job.appliance().started(ending.pid());
    ApplianceEnd end = new ApplianceEnd();
    assertThat(end.exit(job).arguments()).containsExactly("--remote=" + ending.pid());

    ending.getOutputStream().close();
    end.awaitExit(job);

    assertThat(ending.isAlive()).isFalse();
    assertThat(end.isNeeded(job)).isFalse();
  }
}
