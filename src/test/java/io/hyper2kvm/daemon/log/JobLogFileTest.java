package io.hyper2kvm.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.config.value.DataSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobLogFileTest {

  @TempDir Path folder;

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void eachLineIsInTheFileAtOnce() throws Exception {
    Path file = folder.resolve("a.log");
    try (JobLog log = JobLog.open(file, 100)) {
      log.add(line("one"));
      assertThat(file).hasContent("one\n");
    }
  }

  @Test
  void aFileThatIsThereIsContinuedWithinTheSameBound() throws Exception {
    Path file = Files.writeString(folder.resolve("a.log"), "one\n");
    try (JobLog log = JobLog.open(file, 12)) {
      log.add(line("two"));
      log.add(line("three"));
      log.add(line("four"));
    }

    assertThat(Files.readAllLines(file)).hasSize(3).startsWith("one", "two");
    assertThat(Files.readAllLines(file).get(2)).startsWith("  | the bound of this file");
  }

  @Test
  void aFullFileGetsNoSecondNotice() throws Exception {
    Path file = Files.writeString(folder.resolve("a.log"), "0123456789\n");
    try (JobLog log = JobLog.open(file, 10)) {
      log.add(line("more"));
    }

    assertThat(file).hasContent("0123456789\n");
  }

  @Test
  void theNoticeAmongObjectsIsOne() throws Exception {
    Path file = folder.resolve("a.log");
    try (JobLog log = JobLog.open(file, 3)) {
      log.add(line("{\"message\":\"x\"}"));
    }

    assertThat(Files.readString(file)).startsWith("{\"message\":\"the bound").endsWith("\"}\n");
  }

  @Test
  void aMovedFileIsWrittenOn() throws Exception {
    Path file = folder.resolve("a.log");
    try (JobLog log = JobLog.open(file, 100)) {
      log.add(line("one"));
      Files.move(file, folder.resolve("b.log"));
      log.add(line("two"));
    }

    assertThat(folder.resolve("b.log")).hasContent("one\ntwo\n");
    assertThat(file).doesNotExist();
  }

  @Test
  void aLinkOrAFolderInItsPlaceIsRefused() throws Exception {
    Path target = folder.resolve("target");
    Files.createSymbolicLink(folder.resolve("link.log"), target);
    Files.createDirectory(folder.resolve("folder.log"));

    for (String name : new String[] {"link.log", "folder.log"}) {
      assertThatThrownBy(() -> JobLog.open(folder.resolve(name), 100))
          .isInstanceOf(IOException.class);
    }
    assertThat(target).doesNotExist();
  }

  @Test
  void afterItsEndNothingIsAdded() throws Exception {
    Path file = folder.resolve("a.log");
    JobLog log = JobLog.open(file, 100);
    log.close();
    log.add(line("late"));

    assertThat(file).isEmptyFile();
  }

  @Test
  void marksAreThoseFromBeforeAfterwards() {
    JobMarks outer = JobMarks.set(Path.of("/p/a.json"), "a.json", Optional.empty());
    JobMarks inner = JobMarks.set(Path.of("/p/a.json"), "a.json", Optional.of("web"));
    assertThat(ThreadContext.get("vm")).isEqualTo("web");

    inner.reset();
    assertThat(ThreadContext.get("vm")).isNull();
    assertThat(ThreadContext.get("manifest")).isEqualTo("a.json");

    outer.reset();
    assertThat(ThreadContext.get("manifest")).isNull();
    assertThat(ThreadContext.get("job")).isNull();
  }

  @Test
  void aLineThatIsUnderWayAtTheEndMeetsNoStoppedAppender() {
    var root = LoggerContext.getContext(false).getConfiguration().getRootLogger();
    JobLogs logs = JobLogs.of(DataSize.parse("1MiB"));
    Appender appender = root.getAppenders().get("job-logs");

    logs.close();

    assertThat(root.getAppenders()).doesNotContainValue(appender);
    assertThat(appender.isStarted()).isTrue();
  }
}
