package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.hyper2kvm.daemon.TraceCollector.Answer;
import io.hyper2kvm.daemon.TraceCollector.SentSpan;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.spi.CamelTracingService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a collector gets, and that a bad one holds up nothing. */
@Tag("daemon")
@Timeout(120)
class TracesTest {

  /** What was sent of a batch of which one VM fails. */
  private static List<SentSpan> batch;

  @TempDir Path root;
  private RunningDaemon daemon;

  @BeforeAll
  static void aBatchHasRun(@TempDir Path root) throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(root);
        TraceCollector collector = new TraceCollector(Answer.TAKES)) {
      daemon.disk("web01");
      daemon.traces = Optional.of(collector.address());
      daemon.start();
      daemon.drop("night.json", daemon.batch("", "web01", "web02"));
      daemon.error("night.json");
      daemon.stop();
      batch = collector.spans();
    }
  }

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(root);
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  /** Runs manifests until they have ended, stops the daemon, and returns what was sent. */
  private List<SentSpan> traced(Run run) throws Exception {
    try (TraceCollector collector = new TraceCollector(Answer.TAKES)) {
      daemon.traces = Optional.of(collector.address());
      daemon.start();
      run.run();
      daemon.stop();
      return collector.spans();
    }
  }

  @FunctionalInterface
  private interface Run {
    void run() throws Exception;
  }

  private static List<SentSpan> named(List<SentSpan> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).toList();
  }

  private static SentSpan vm(List<SentSpan> spans, String vm) {
    return named(spans, "vm").stream()
        .filter(span -> span.attribute("vm").equals(vm))
        .findFirst()
        .orElseThrow();
  }

  /** The names of the spans around it, from the outermost on. */
  private static String way(List<SentSpan> spans, SentSpan of) {
    Map<String, SentSpan> byId =
        spans.stream().collect(Collectors.toMap(SentSpan::id, Function.identity()));
    String way = of.name();
    for (SentSpan up = byId.get(of.parent()); up != null; up = byId.get(up.parent())) {
      way = up.name() + " > " + way;
    }
    return way;
  }

  @Test
  void eachManifestIsOneTraceFromItsManifestOn() throws Exception {
    Path disk = daemon.disk("web01");
    List<SentSpan> spans =
        traced(
            () -> {
              daemon.drop("one.json", daemon.single(disk, "one"));
              daemon.report("one.json");
              daemon.drop("two.json", daemon.single(disk, "two"));
              daemon.report("two.json");
            });

    List<SentSpan> manifests = named(spans, "manifest");
    assertThat(manifests)
        .extracting(span -> span.attribute("manifest"), SentSpan::parent)
        .containsExactlyInAnyOrder(tuple("one", ""), tuple("two", ""));
    assertThat(spans.stream().map(SentSpan::trace).distinct().toList())
        .containsExactlyInAnyOrderElementsOf(manifests.stream().map(SentSpan::trace).toList());
  }

  @Test
  void aToolIsInItsStageInItsVmInItsManifest() throws Exception {
    assertThat(named(batch, "tool qemu-img"))
        .extracting(span -> way(batch, span))
        .contains(
            "manifest > manifest-vms > vm > stage load > tool qemu-img",
            "manifest > manifest-vms > vm > stage convert > tool qemu-img",
            "manifest > manifest-vms > vm > stage validate > tool qemu-img")
        .allMatch(way -> way.startsWith("manifest > manifest-vms > vm > stage "));
  }

  @Test
  void aToolHasItsNamesExitCodeAndSizeOfItsOutput() throws Exception {
    SentSpan tool = named(batch, "tool qemu-img").get(0);

    assertThat(tool.attributes())
        .containsEntry("hyper2kvm.manifest", "night")
        .containsEntry("hyper2kvm.vm", "web01")
        .containsEntry("hyper2kvm.stage", "load")
        .containsEntry("hyper2kvm.tool", "qemu-img")
        .containsEntry("hyper2kvm.exit_code", "0");
    assertThat(tool.attribute("stdout_bytes")).matches("\\d+");
    assertThat(tool.failed()).isFalse();
  }

  @Test
  void aVmThatSucceededHasTheSizeOfItsOutput() throws Exception {
    SentSpan vm = vm(batch, "web01");

    assertThat(vm.attribute("outcome")).isEqualTo("completed");
    assertThat(Long.parseLong(vm.attribute("output_bytes"))).isPositive();
    assertThat(vm.failed()).isFalse();
  }

  @Test
  void aVmThatFailedIsAnErrorWithCodeAndStage() throws Exception {
    SentSpan vm = vm(batch, "web02");

    assertThat(vm.failed()).isTrue();
    assertThat(vm.attribute("outcome")).isEqualTo("failed");
    assertThat(vm.attribute("failure_code")).isEqualTo("SOURCE_NOT_FOUND");
    assertThat(vm.attribute("stage")).isEqualTo("load");
  }

  @Test
  void theStageThatFailedAndTheManifestAreErrorsToo() throws Exception {
    List<SentSpan> failed = batch.stream().filter(SentSpan::failed).toList();

    assertThat(failed)
        .extracting(SentSpan::name)
        .containsExactlyInAnyOrder("manifest", "vm", "stage load");
    assertThat(failed).allMatch(span -> span.attribute("failure_code").equals("SOURCE_NOT_FOUND"));
  }

  @Test
  void aToolThatFailsHasItsExitCodeAndNothingOfItsMessage() throws Exception {
    Path disk = daemon.disk("web01");
    daemon.tools.before("convert", "echo 'cannot write s3cr3t' >&2; exit 3");
    try (TraceCollector collector = new TraceCollector(Answer.TAKES)) {
      daemon.traces = Optional.of(collector.address());
      daemon.start();
      daemon.drop("one.json", daemon.single(disk, "one"));
      daemon.error("one.json");
      daemon.stop();

      assertThat(collector.spans())
          .filteredOn(span -> span.failed() && span.name().startsWith("tool"))
          .singleElement()
          .satisfies(
              tool -> {
                assertThat(tool.attribute("exit_code")).isEqualTo("3");
                assertThat(tool.attribute("tool_failure")).isEqualTo("exited_nonzero");
              });
      assertThat(collector.raw()).doesNotContain("s3cr3t");
    }
  }

  @Test
  void aManifestThatIsRefusedIsAnError() throws Exception {
    List<SentSpan> spans =
        traced(
            () -> {
              daemon.drop("bad.json", "{\"version\": \"9\"}");
              daemon.error("bad.json");
            });

    assertThat(spans)
        .singleElement()
        .satisfies(
            span -> {
              assertThat(span.name()).isEqualTo("manifest");
              assertThat(span.failed()).isTrue();
              assertThat(span.attribute("failure_code")).isEqualTo("MANIFEST_INVALID");
            });
  }

  @Test
  void aRouteOfAHookIsInTheSameTraceWithoutTheAddressesItCalls() throws Exception {
    Path disk = daemon.disk("web01");
    try (TraceCollector collector = new TraceCollector(Answer.TAKES)) {
      daemon.route(
          "note.camel.yaml",
          """
          - route:
              id: note
              from:
                uri: direct:after-load
                steps:
                  - log: {message: "s3cr3t-in-a-log"}
                  - to: {uri: "%s/v1/traces/s3cr3t-path?apiKey=s3cr3t-key&httpMethod=POST"}
          """
              .formatted(collector.address()));
      daemon.traces = Optional.of(collector.address());
      daemon.start();
      daemon.drop("one.json", daemon.single(disk, "one"));
      daemon.report("one.json");
      daemon.stop();

      List<SentSpan> spans = collector.spans();
      assertThat(named(spans, "after-load"))
          .singleElement()
          .satisfies(
              route -> {
                assertThat(way(spans, route))
                    .isEqualTo("manifest > manifest-vms > vm > stage load > after-load");
                assertThat(route.attribute("vm")).isEqualTo("one");
              });
      assertThat(spans)
          .anyMatch(span -> way(spans, span).contains("after-load > "))
          .allMatch(span -> span.events() == 0);
      assertThat(collector.raw()).doesNotContain("s3cr3t");
    }
  }

  @Test
  void aSpanHasOnlyTheAttributesOfTheDocument() throws Exception {
    String document = Files.readString(Path.of("docs/metrics.md"));

    assertThat(batch)
        .flatExtracting(span -> span.attributes().keySet())
        .isNotEmpty()
        .allMatch(attribute -> document.contains("| `" + attribute + "` |"));
  }

  @ParameterizedTest
  @EnumSource(names = "TAKES", mode = EnumSource.Mode.EXCLUDE)
  void aBadCollectorHoldsUpNeitherJobNorStop(Answer answer) throws Exception {
    Path disk = daemon.disk("web01");
    try (TraceCollector collector = new TraceCollector(answer)) {
      daemon.traces = Optional.of(collector.address());
      daemon.start();
      daemon.drop("one.json", daemon.single(disk, "one"));
      daemon.report("one.json");
      await().atMost(RunningDaemon.LIMIT).until(() -> collector.requests() > 0);
      daemon.drop("two.json", daemon.single(disk, "two"));

      assertThat(daemon.report("two.json").path("status").asText()).isEqualTo("completed");
      daemon.stop();
    }
  }

  @Test
  void aCollectorThatIsGoneHoldsUpNeitherJobNorStop() throws Exception {
    Path disk = daemon.disk("web01");
    URI address;
    try (TraceCollector collector = new TraceCollector(Answer.TAKES)) {
      address = collector.address();
    }
    daemon.traces = Optional.of(address);
    daemon.start();
    daemon.drop("one.json", daemon.single(disk, "one"));

    assertThat(daemon.report("one.json").path("status").asText()).isEqualTo("completed");
    daemon.stop();
  }

  @Test
  void withoutACollectorCamelHasNoTracer() throws Exception {
    daemon.start();

    assertThat(daemon.context().hasService(CamelTracingService.class)).isNull();
  }
}
