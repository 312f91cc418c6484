package io.hyper2kvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.report.AtomicFile;
import io.hyper2kvm.workflow.DaemonRecord;
import io.hyper2kvm.workflow.DrainFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hyper2kvm drain} and {@code hyper2kvm resume}. */
class DrainCommandTest {

  @TempDir Path folder;
  private ClientFixture client;
  private DrainFile drain;

  @BeforeEach
  void directories() throws IOException {
    client = new ClientFixture(folder);
    drain = DrainFile.of(client.directories);
  }

  private void announce(boolean draining, int vms) throws IOException {
    client.announceDaemon();
    DaemonRecord record = DaemonRecord.read(client.directories).orElseThrow();
    AtomicFile.write(
        DaemonRecord.file(client.directories), record.withDraining(draining, vms).toJson());
  }

  /** As a daemon does that was started before it counted. */
  private void announceWithoutCount() throws IOException {
    announce(true, 0);
    Path file = DaemonRecord.file(client.directories);
    String json = Files.readString(file);
    String without = json.replaceFirst("\\s*\"vms_at_work\" : 0,", "");
    assertThat(without).isNotEqualTo(json);
    Files.writeString(file, without);
  }

  private static String status(String first) {
    return """
        {"job_id": "all", "original_name": "all.json", "status": "processing",
         "vms": [{"name": "a", "status": "%s"}, {"name": "b", "status": "waiting"}]}
        """
        .formatted(first);
  }

  @Test
  void drainIsAskedForByAFileAlsoWithoutADaemon() throws IOException {
    assertThat(client.run("drain")).isZero();
    assertThat(drain.isThere()).isTrue();
    assertThat(client.out()).contains("no daemon is running");

    assertThat(client.run("drain")).as("once more").isZero();
  }

  @Test
  void drainTellsWhatRunsOn() throws IOException {
    announce(true, 1);

    assertThat(client.run("drain")).isZero();
    assertThat(client.out()).contains("nothing new begins", "1 VM runs on");
  }

  @Test
  void drainWaitsUntilNothingRuns() throws IOException {
    announce(true, 0);
    client.running("all.json", status("completed"));

    assertThat(client.run("drain", "--wait")).isZero();
    assertThat(client.out()).contains("0 VMs run on", "no VM runs any more");
  }

  @Test
  void drainOfADaemonThatDoesNotCountAsksTheStatusFiles() throws IOException {
    announceWithoutCount();
    client.running("all.json", status("running"));

    assertThat(client.run("drain")).isZero();
    assertThat(client.out()).contains("1 VM runs on");
  }

  @Test
  void drainWaitsAlsoForAVmThatHasBegunNoStage() throws IOException {
    announce(true, 1);
    client.running("all.json", status("waiting"));

    assertThat(client.run("drain", "--wait", "--timeout", "1s")).isEqualTo(3);
    assertThat(client.out()).contains("1 VM still runs");
  }

  @Test
  void drainThatWaitsTooLongSaysSo() throws IOException {
    announce(true, 2);
    client.running("all.json", status("running"));

    assertThat(client.run("drain", "--wait", "--timeout", "1s")).isEqualTo(3);
    assertThat(client.out()).contains("the daemon stays drained");
  }

  @Test
  void resumeEndsIt() throws IOException {
    announce(false, 0);
    drain.write();

    assertThat(client.run("resume")).isZero();
    assertThat(drain.isThere()).isFalse();
    assertThat(client.out()).contains("resumed");

    assertThat(client.run("resume")).isZero();
    assertThat(client.out()).contains("nothing was drained");
  }

  @Test
  void timeoutWithoutWaitIsRefused() throws IOException {
    assertThat(client.run("drain", "--timeout", "1s")).isEqualTo(2);
    assertThat(drain.isThere()).isFalse();
  }

  @Test
  void statusSaysThatItIsDrainedAndWhatWaitsForItsTime() throws IOException {
    announce(true, 0);
    drain.write();
    Files.writeString(
        client.directories.toBeProcessed().resolve("web.yaml"),
        "priority: 5\nschedule: {not_before: 2999-01-01T00:00:00Z}\n");

    assertThat(client.run("status")).isZero();
    assertThat(client.out())
        .contains("drained: nothing new begins until hyper2kvm resume")
        .contains("web.yaml  until TIME by its schedule (from TIME on), priority 5");

    assertThat(client.run("status", "--output", "json")).isZero();
    assertThat(client.out()).contains("\"drained\" : true", "\"begins_at\"", "\"priority\" : 5");
  }
}
