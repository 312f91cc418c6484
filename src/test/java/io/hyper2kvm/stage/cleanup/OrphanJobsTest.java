package io.hyper2kvm.stage.cleanup;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.stage.JobRecord;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.tool.ProcessIdentity;
import io.hyper2kvm.tool.ToolRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is removed of jobs whose process was killed, what is finished, and what is never touched.
 */
class OrphanJobsTest {

  /** No process: its start lies before this machine's. */
  private static final ProcessIdentity DEAD = new ProcessIdentity(1, 0, "0-0");

  @TempDir Path directory;
  private Path root;
  private Path work;
  private Path job;
  private Path out;
  private OrphanJobs left;

  @BeforeEach
  void prepare() throws IOException {
    root = directory.toRealPath();
    work = Files.createDirectories(root.resolve("work"));
    out = Files.createDirectories(root.resolve("out"));
    job = Files.createDirectories(work.resolve("web.1-1"));
    Files.writeString(job.resolve("disk1.overlay.qcow2"), "overlay");
    left = new OrphanJobs(work);
  }

  private JobRecord.Output output(String name, boolean overwrite) {
    Path target = out.resolve(name);
    return new JobRecord.Output(VmDisk.partOf(target, job), target, overwrite);
  }

  private JobRecord.Output half(String name, String content) throws IOException {
    JobRecord.Output output = output(name, false);
    Files.writeString(output.part(), content);
    return output;
  }

  private void recorded(boolean naming, JobRecord.Output... outputs) throws IOException {
    new JobRecord(DEAD, List.of(outputs), naming).write(job);
  }

  private List<String> outputs() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aHalfOutputGoesAndSoDoesTheDirectory() throws IOException {
    recorded(false, half("web.qcow2", "half"));
    Files.writeString(out.resolve(".web.qcow2.provenance.json.tmp"), "{");
    Files.writeString(out.resolve(".web.qcow2.intoto.jsonl.tmp"), "{");

    left.remove();

    assertThat(outputs()).isEmpty();
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void theNextLoadOfAJobRecordsIt() throws IOException {
    Jobs jobs = new Jobs(root.resolve("jobs")).withRawSource();
    VmJob loaded = jobs.loaded();

    JobRecord record = JobRecord.read(loaded.directory()).orElseThrow();
    assertThat(record.process()).isEqualTo(ProcessIdentity.current());
    assertThat(record.naming()).isFalse();
    assertThat(record.outputs())
        .extracting(JobRecord.Output::part)
        .containsExactly(LoadResult.of(loaded).disks().get(0).part());
  }

  @Test
  void whatAnotherJobMakesThereStays() throws IOException {
    recorded(false, half("web.qcow2", "half"));
    Files.writeString(out.resolve(".web.qcow2.web.2-1.part"), "another job's");
    Files.writeString(out.resolve("web.qcow2"), "an earlier run's");

    left.remove();

    assertThat(outputs()).containsExactly(".web.qcow2.web.2-1.part", "web.qcow2");
  }

  @Test
  void aFileThatIsNotNamedLikeAPartIsNeverRemoved() throws IOException {
    Path precious = Files.writeString(out.resolve("precious"), "x");
    recorded(false, new JobRecord.Output(precious, out.resolve("web.qcow2"), false));

    left.remove();

    assertThat(precious).hasContent("x");
  }

  @Test
  void aLinkInThePlaceOfAPartIsNotFollowedNorRemoved() throws IOException {
    Path precious = Files.writeString(root.resolve("precious"), "x");
    JobRecord.Output output = output("web.qcow2", false);
    Files.createSymbolicLink(output.part(), precious);
    recorded(false, output);

    left.remove();

    assertThat(precious).hasContent("x");
    assertThat(output.part()).isSymbolicLink();
  }

  @Test
  void aFolderThatBecameALinkIsNotFollowed() throws IOException {
    JobRecord.Output output = half("web.qcow2", "half");
    recorded(false, output);
    Path moved = Files.move(out, root.resolve("moved"));
    Files.createSymbolicLink(out, moved);

    left.remove();

    assertThat(moved.resolve(output.part().getFileName())).hasContent("half");
  }

  @Test
  void killedWhileTheDisksOfAVmGotTheirNamesAllGetThem() throws IOException {
    JobRecord.Output first = output("web.qcow2", false);
    Files.writeString(first.target(), "disk 1");
    recorded(true, first, half("web-disk2.qcow2", "disk 2"));

    left.remove();

    assertThat(out.resolve("web.qcow2")).hasContent("disk 1");
    assertThat(out.resolve("web-disk2.qcow2")).hasContent("disk 2");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void aNameThatSomebodyElseTookMeanwhileStaysTheirs() throws IOException {
    JobRecord.Output first = half("web.qcow2", "disk 1");
    Files.writeString(first.target(), "somebody's");
    recorded(true, first, half("web-disk2.qcow2", "disk 2"));

    left.remove();

    assertThat(outputs()).containsExactly("web.qcow2");
    assertThat(out.resolve("web.qcow2")).hasContent("somebody's");
  }

  @Test
  void withOverwriteTheOldOutputIsReplaced() throws IOException {
    JobRecord.Output first = output("web.qcow2", true);
    Files.writeString(first.part(), "new");
    Files.writeString(first.target(), "old");
    recorded(true, first);

    left.remove();

    assertThat(first.target()).hasContent("new");
  }

  @Test
  void aJobOfALivingProcessStays() throws Exception {
    Process other = new ProcessBuilder("sleep", "300").start();
    try {
      JobRecord.Output output = half("web.qcow2", "growing");
      ProcessIdentity alive = ProcessIdentity.of(other.pid()).orElseThrow();
      new JobRecord(alive, List.of(output), false).write(job);
      ToolRecord.write(job, other.pid());

      assertThat(left.tools()).isEmpty();
      left.remove();

      assertThat(output.part()).hasContent("growing");
      assertThat(job).exists();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void theToolsOfDeadJobsAreNamed() throws IOException {
    recorded(false);
    ToolRecord.write(job, ProcessHandle.current().pid());

    assertThat(left.tools()).containsExactly(ProcessIdentity.current());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"process\": 7}", "{\"process\": \"1 1 a\"}"})
  void aDirectoryWithAnUnreadableRecordIsRemovedWhenItsProcessIsGone(String record)
      throws IOException {
    Path other = Files.createDirectories(work.resolve("web.2147483647-1"));
    Files.writeString(other.resolve(JobRecord.FILE), record);

    left.remove();

    assertThat(other).doesNotExist();
  }

  @Test
  void whatIsNoJobStays() throws IOException {
    recorded(false);
    Path notes = Files.createDirectories(work.resolve("notes"));
    Path file = Files.writeString(work.resolve("file.1-1"), "x");
    Path link = Files.createSymbolicLink(work.resolve("link.2147483647-1"), notes);

    left.remove();

    assertThat(notes).exists();
    assertThat(file).exists();
    assertThat(link).isSymbolicLink();
  }
}
