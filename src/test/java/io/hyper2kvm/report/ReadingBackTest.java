package io.hyper2kvm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.hyper2kvm.TestClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The live status and the files of an end, read back; also when they are half or nonsense. */
@Tag("property")
class ReadingBackTest {

  private static final String ERROR =
      """
      {"job_id": "web", "original_name": "web.json", "failed_at": "2026-01-24T14:30:45Z",
       "status": "failed", "error": "two\\nlines", "code": "CANCELLED", "hint": "again",
       "exception": "x", "started_at": "2026-01-24T14:30:40Z",
       "completed_at": "2026-01-24T14:30:45Z",
       "vms": [
         {"name": "a", "status": "completed", "duration_seconds": 1.5,
          "stages": {"load": {"status": "success", "code": "NOT_THIS"}},
          "artifacts": {"input": "/in/a", "output": "/out/a", "outputs": ["/out/a", "/out/a2"]},
          "warnings": ["look"]},
         {"name": "b", "status": "failed", "stage": "convert", "code": "CANCELLED",
          "error": "b was cancelled", "artifacts": {"input": "/in/b"}, "warnings": []}]}
      """;

  @TempDir Path folder;

  private static EndView end(String json) throws IOException {
    return EndView.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static LiveView live(byte[] json) throws IOException {
    return LiveView.read(new ByteArrayInputStream(json));
  }

  @Test
  void liveStatusIsReadAsItWasWritten() throws IOException {
    Path file = folder.resolve("web.json.status.json");
    LiveStatus status = new LiveStatus(file, "web", "web.json", List.of("a", "b"), new TestClock());
    status.entered("a", StageName.CONVERT);
    status.progressed("a", 12.34);
    status.entered("b", StageName.LOAD);

    LiveView view = live(Files.readAllBytes(file));

    assertThat(view.jobId()).contains("web");
    assertThat(view.vms()).extracting(LiveView.Vm::name).containsExactly("a", "b");
    assertThat(view.vms().get(0).stage()).contains("convert");
    assertThat(view.vms().get(0).percent()).contains(12.3);
    assertThat(view.vms().get(0).stageStartedAt()).isPresent();
    assertThat(view.vms()).noneMatch(LiveView.Vm::ended);
  }

  @Test
  void errorFileOfABatchHasEveryVm() throws IOException {
    EndView view = end(ERROR);

    assertThat(view.failure())
        .contains(new EndView.Reason("CANCELLED", Optional.of("two\nlines"), Optional.of("again")));
    assertThat(view.vms().get(0).outputs()).containsExactly("/out/a", "/out/a2");
    assertThat(view.vms().get(0).completed()).isTrue();
    assertThat(view.vms().get(0).failure()).isEmpty();
    assertThat(view.vms().get(0).seconds()).contains(1.5);
    assertThat(view.vms().get(0).warnings()).containsExactly("look");
    assertThat(view.vms().get(1).stage()).contains("convert");
    assertThat(view.vms().get(1).failure()).map(EndView.Reason::code).contains("CANCELLED");
  }

  @Test
  void reportOfOneVmIsThatVm() throws IOException {
    EndView view =
        end(
            """
            {"manifest": "web", "status": "completed", "duration_seconds": 3,
             "artifacts": {"output": "/out/web"}, "warnings": []}
            """);

    assertThat(view.jobId()).contains("web");
    assertThat(view.failure()).isEmpty();
    assertThat(view.vms())
        .singleElement()
        .satisfies(vm -> assertThat(vm.name()).isEqualTo("web"))
        .satisfies(vm -> assertThat(vm.outputs()).containsExactly("/out/web"));
  }

  @Test
  void halfAFileGivesWhatStandsBefore() throws IOException {
    EndView view = end(ERROR.substring(0, ERROR.indexOf("\"name\": \"b\"") + 5));

    assertThat(view.failure()).map(EndView.Reason::code).contains("CANCELLED");
    assertThat(view.vms()).extracting(EndView.Vm::name).containsExactly("a", "?");
  }

  @Test
  void valuesOfAnotherKindAreNotThere() throws IOException {
    EndView view =
        end("{\"job_id\": [1], \"code\": {}, \"started_at\": \"soon\", \"vms\": [1, {}, null]}");

    assertThat(view.jobId()).isEmpty();
    assertThat(view.startedAt()).isEmpty();
    assertThat(view.vms()).extracting(EndView.Vm::name).containsExactly("?");
  }

  @Test
  void deepNestingIsSkipped() throws IOException {
    String deep = "{\"job_id\": \"web\", \"x\": " + "[".repeat(900) + "]".repeat(900) + "}";

    assertThat(end(deep).jobId()).contains("web");
    assertThatCode(() -> end("{\"x\": " + "[".repeat(1_000_000))).doesNotThrowAnyException();
  }

  @Property
  void noPrefixIsTooMuch(@ForAll int length) {
    byte[] json = ERROR.getBytes(StandardCharsets.UTF_8);
    byte[] prefix = Arrays.copyOf(json, Math.floorMod(length, json.length));

    assertThatCode(() -> EndView.read(new ByteArrayInputStream(prefix))).doesNotThrowAnyException();
  }

  @Property
  void noBytesAreTooMuch(@ForAll byte[] content, @ForAll int at) {
    byte[] json = ERROR.getBytes(StandardCharsets.UTF_8);
    int start = Math.floorMod(at, json.length);
    System.arraycopy(content, 0, json, start, Math.min(content.length, json.length - start));

    assertThatCode(() -> EndView.read(new ByteArrayInputStream(json))).doesNotThrowAnyException();
    assertThatCode(() -> live(json)).doesNotThrowAnyException();
    assertThatCode(() -> live(content)).doesNotThrowAnyException();
  }
}
