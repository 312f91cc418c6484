package io.hyper2kvm.stage.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.Sha256;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicationTest {

  @TempDir Path directory;
  private Jobs jobs;
  private VmJob job;
  private final Publication publication = new Publication();

  @BeforeEach
  void load() throws IOException {
    jobs = new Jobs(directory.toRealPath()).withRawSource();
    jobs.additional = List.of(Files.write(jobs.root.resolve("in/data.img"), new byte[1 << 20]));
    job = jobs.converted();
  }

  private Path record() {
    return jobs.root.resolve("out/web.qcow2.provenance.json");
  }

  private Path second() {
    return jobs.root.resolve("out/web-disk2.qcow2");
  }

  private void assertNotPublished(FailureCode code) {
    assertThatThrownBy(() -> publication.publish(job))
        .isInstanceOfSatisfying(
            StageFailedException.class, e -> assertThat(e.code()).isEqualTo(code));
    assertThat(LoadResult.of(job).disks()).allSatisfy(disk -> assertThat(disk.part()).exists());
    assertThat(JobOutcome.of(job).outputs()).isEmpty();
  }

  @Test
  void aSourceThatGrewWasChanged() throws IOException {
    Files.write(jobs.source, new byte[(1 << 20) + 512]);

    assertNotPublished(FailureCode.SOURCE_CHANGED);
    assertThat(jobs.output).doesNotExist();
  }

  @Test
  void aSourceWrittenToWithoutGrowingWasChanged() throws IOException {
    Files.setLastModifiedTime(jobs.additional.get(0), FileTime.fromMillis(1));

    assertNotPublished(FailureCode.SOURCE_CHANGED);
    assertThat(jobs.output).doesNotExist();
  }

  @Test
  void aSourceThatIsGoneWasChanged() throws IOException {
    Files.delete(jobs.source);

    assertNotPublished(FailureCode.SOURCE_CHANGED);
  }

  @Test
  void aSourceOfTheSameSizeAndTimeWithAnotherSumWasChanged() throws IOException {
    jobs.sha256 = Optional.of(Sha256.of(jobs.source));
    jobs.output = jobs.root.resolve("out/other.qcow2");
    job = jobs.converted();
    FileTime time = Files.getLastModifiedTime(jobs.source);
    byte[] other = new byte[1 << 20];
    other[77] = 1;
    Files.write(jobs.source, other);
    Files.setLastModifiedTime(jobs.source, time);

    assertNotPublished(FailureCode.SOURCE_CHANGED);
  }

  @Test
  void aTargetThatAppearedIsNotOverwritten() throws IOException {
    Files.writeString(second(), "somebody's");

    assertNotPublished(FailureCode.OUTPUT_EXISTS);
    assertThat(second()).hasContent("somebody's");
    assertThat(jobs.output).doesNotExist();
  }

  @Test
  void whenOneDiskCannotBePublishedNoneIs() throws IOException {
    jobs.overwrite = true;
    job = jobs.converted();
    Files.createDirectories(second().resolve("in the way"));

    assertThatThrownBy(() -> publication.publish(job)).isInstanceOf(IOException.class);

    assertThat(jobs.output).doesNotExist();
    assertThat(record()).doesNotExist();
    assertThat(LoadResult.of(job).disks())
        .allSatisfy(disk -> assertThat(disk.part()).hasContent("disk " + disk.index()));
    assertThat(JobOutcome.of(job).outputs()).isEmpty();
  }

  @Test
  void withoutItsRecordNoOutputAppears() throws IOException {
    Files.createDirectories(record().resolve("in the way"));

    assertThatThrownBy(() -> publication.publish(job)).isInstanceOf(IOException.class);

    assertThat(jobs.output).doesNotExist();
    assertThat(second()).doesNotExist();
  }

  @Test
  void everyOutputGetsItsName() throws IOException {
    publication.publish(job);

    assertThat(jobs.output).hasContent("disk 0");
    assertThat(second()).hasContent("disk 1");
    try (Stream<Path> files = Files.list(jobs.root.resolve("out"))) {
      assertThat(files).containsExactlyInAnyOrder(jobs.output, second(), record());
    }
    assertThat(JobOutcome.of(job).outputs()).containsExactly(jobs.output, second());
  }

  @Test
  void overwriteReplacesTheOldOutput() throws IOException {
    jobs.overwrite = true;
    jobs.additional = List.of();
    Files.writeString(jobs.output, "old");
    job = jobs.converted();

    publication.publish(job);

    assertThat(jobs.output).hasContent("disk 0");
  }
}
