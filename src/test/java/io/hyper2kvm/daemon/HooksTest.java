package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyper2kvm.daemon.hooks.HookName;
import io.hyper2kvm.workflow.CancelRequest;
import io.hyper2kvm.workflow.FileIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.main.Main;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes of an operator's on the hooks of the shipped ones. */
@Tag("daemon")
class HooksTest {

  @TempDir Path folder;
  RunningDaemon daemon;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(folder);
  }

  /** A route on a hook, with its steps. */
  private void on(String hook, String... steps) throws Exception {
    String name = hook.replace('/', '-');
    daemon.route(
        "my-%s.camel.yaml".formatted(name),
        """
        - route:
            id: my-%1$s
            description: A route of the operator's
            nodePrefixId: my-%1$s-
            from:
              uri: direct:%2$s
              steps:
                - %3$s
        """
            .formatted(name, hook, String.join("\n        - ", steps)));
  }

  /** Writes a text, with what it reads filled in, into a file. */
  private static String[] writes(Path folder, String file, String text) {
    return new String[] {
      "setBody: {id: text, expression: {simple: {expression: \"%s\"}}}".formatted(text),
      "to: {id: file, uri: \"file:%s\", parameters: {fileName: \"%s\", fileExist: Append, appendChars: \"\\\\n\"}}"
          .formatted(folder, file)
    };
  }

  private Path notes() {
    return daemon.root.resolve("notes");
  }

  private static String raises(String name) {
    return "process: {id: raise, ref: \"#class:%s\"}".formatted(name);
  }

  /** Has a defect that is no exception. */
  public static final class Broken implements Processor {
    @Override
    public void process(Exchange exchange) {
      throw new NoClassDefFoundError("com/example/Missing");
    }
  }

  /** Recurses without an end. */
  public static final class Bottomless implements Processor {
    @Override
    public void process(Exchange exchange) {
      process(exchange);
    }
  }

  /** Refuses, and says why. */
  public static final class Refusing implements Processor {
    @Override
    public void process(Exchange exchange) {
      throw new IllegalStateException("nobody has approved it");
    }
  }

  /** Leaves nothing as it was. */
  public static final class Vandal implements Processor {
    @Override
    public void process(Exchange exchange) {
      exchange.getMessage().setBody("spoilt");
      exchange.getMessage().setHeader("CamelFileName", "spoilt");
      exchange.setVariable("vmJob", "spoilt");
      exchange.setVariable("vmDisk", "spoilt");
      exchange.setVariable("manifest", "spoilt");
      exchange.getProperties().clear();
      exchange.setRouteStop(true);
      exchange.setRollbackOnly(true);
    }
  }

  private String single(String more) throws Exception {
    return daemon.single(daemon.disk("web"), "web").replaceFirst("\\{", "{" + more);
  }

  @Test
  void hooksAreCalledInTheOrderOfTheStages() throws Exception {
    for (HookName hook : HookName.values()) {
      boolean manifest = hook.text().startsWith("on-manifest");
      on(
          hook.text(),
          writes(
              notes(),
              "order.txt",
              hook.text() + (manifest ? "" : " ${variable.vmJob.name} ${variable.vmJob.stage}")));
    }
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single(""));
      running.awaitProcessed("web.json");

      assertThat(Files.readAllLines(notes().resolve("order.txt")))
          .containsExactly(
              "before-load web ",
              "after-load web load",
              "before-convert web load",
              "after-convert web convert",
              "before-validate web convert",
              "after-validate web validate",
              "before-publish web validate",
              "on-vm-completed web validate",
              "on-manifest-completed");
    }
  }

  @Test
  void aVmThatFailedCallsTheHooksUpToItsFailureAndThoseOfFailures() throws Exception {
    for (HookName hook : HookName.values()) {
      on(hook.text(), writes(notes(), "order.txt", hook.text()));
    }
    daemon.tools.before("convert", "exit 1");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single(""));
      running.awaitFailed("web.json");

      assertThat(Files.readAllLines(notes().resolve("order.txt")))
          .containsExactly(
              "before-load", "after-load", "before-convert", "on-vm-failed", "on-manifest-failed");
    }
  }

  @Test
  void aReusedVmCallsNoHookBetweenLoadAndItsEnd() throws Exception {
    for (HookName hook : HookName.values()) {
      on(hook.text(), writes(notes(), "order.txt", hook.text()));
    }
    try (RunningDaemon running = daemon.start()) {
      String manifest = single("");
      running.drop("web.json", manifest);
      running.awaitProcessed("web.json");
      Files.delete(notes().resolve("order.txt"));
      running.drop("again.json", manifest);
      running.awaitProcessed("again.json");

      assertThat(Files.readAllLines(notes().resolve("order.txt")))
          .containsExactly("before-load", "after-load", "on-vm-completed", "on-manifest-completed");
    }
  }

  @Test
  void aHookReadsWhatIsKnownOfItsVm() throws Exception {
    on(
        "before-publish",
        writes(
            notes(),
            "vm.txt",
            "${variable.vmJob.name}|${variable.vmJob.manifestName}|${variable.vmJob.manifestFile}"
                + "|${variable.vmJob.metadata[owner]}|${variable.vmJob.sourceType}"
                + "|${variable.vmJob.outputFormat}|${variable.vmJob.outputs[0]}"
                + "|${variable.vmJob.isDryRun}|${variable.vmJob.os}|"));
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single("\"metadata\": {\"owner\": \"ops\"},"));
      running.awaitProcessed("web.json");

      assertThat(notes().resolve("vm.txt"))
          .hasContent(
              "web|web|web.json|ops|raw|raw|%s|false||"
                  .formatted(running.output().resolve("web-converted.raw")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "before-load, load, ''",
    "after-load, load, ''",
    "before-convert, convert, ''",
    "after-convert, convert, ''",
    "before-validate, validate, ''",
    "after-validate, validate, ''",
    "before-publish, validate, ''"
  })
  void anExceptionBeforeThePublicationFailsTheVmInItsStage(String hook, String stage)
      throws Exception {
    on(hook, raises(Refusing.class.getName()));
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single(""));

      JsonNode error = running.error("web.json");
      assertThat(error.path("code").asText()).isEqualTo("HOOK_FAILED");
      assertThat(error.path("stage").asText()).isEqualTo(stage);
      assertThat(error.path("error").asText())
          .isEqualTo("the route of direct:%s failed: nobody has approved it".formatted(hook));
      assertThat(error.path("stages").path(stage).path("status").asText()).isEqualTo("failed");
      assertThat(RunningDaemon.names(running.output())).isEmpty();
      assertThat(RunningDaemon.names(running.work())).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {Broken.class, Bottomless.class})
  void whatIsNoExceptionFailsTheVmAsWell(Class<?> defect) throws Exception {
    on("before-publish", raises(defect.getName()));
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single(""));

      assertThat(running.error("web.json").path("code").asText()).isEqualTo("HOOK_FAILED");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"on-vm-completed", "on-manifest-completed"})
  void afterThePublicationNothingFailsTheVmAnyMore(String hook) throws Exception {
    for (Class<?> defect : List.of(Refusing.class, Broken.class, Bottomless.class)) {
      Path own = folder.resolve(defect.getSimpleName());
      daemon = new RunningDaemon(Files.createDirectories(own));
      on(hook, raises(defect.getName()));
      try (RunningDaemon running = daemon.start()) {
        running.drop("web.json", single(""));

        assertThat(running.report("web.json").path("status").asText()).isEqualTo("completed");
        assertThat(RunningDaemon.names(running.directories.processing())).isEmpty();
        assertThat(RunningDaemon.images(running.output())).containsExactly("web-converted.raw");
      }
    }
  }

  @Test
  void whatThrowsAtTheEndIsALineOfTheLog() throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    AbstractAppender appender =
        new AbstractAppender("lines", null, null, false, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            lines.add(event.getMessage().getFormattedMessage());
          }
        };
    appender.start();
    LoggerConfig root = LoggerContext.getContext(false).getConfiguration().getRootLogger();
    root.addAppender(appender, Level.ERROR, null);
    on("on-vm-completed", raises(Refusing.class.getName()));
    on("on-manifest-completed", raises(Refusing.class.getName()));
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single(""));
      running.awaitProcessed("web.json");
    } finally {
      root.removeAppender("lines");
    }

    assertThat(lines)
        .contains(
            "hook-failed route=direct:on-vm-completed manifest=web vm=web reason=nobody has approved it",
            "hook-failed route=direct:on-manifest-completed manifest=web.json vm=-"
                + " reason=nobody has approved it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"on-vm-failed", "on-manifest-failed"})
  void anExceptionOfAFailuresHookHidesNotTheFailure(String hook) throws Exception {
    on(hook, raises(Broken.class.getName()));
    daemon.tools.before("convert", "exit 7");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single(""));

      JsonNode error = running.error("web.json");
      assertThat(error.path("code").asText()).isEqualTo("TOOL_EXITED_NONZERO");
      assertThat(error.path("exit_code").asInt()).isEqualTo(7);
      assertThat(RunningDaemon.names(running.directories.processing())).isEmpty();
    }
  }

  @Test
  void whatAHookLeavesBehindChangesNothing() throws Exception {
    for (HookName hook : HookName.values()) {
      on(hook.text(), raises(Vandal.class.getName()));
    }
    daemon.disk("a");
    daemon.disk("b");
    try (RunningDaemon running = daemon.start()) {
      running.drop("two.json", running.batch("", "a", "b"));

      assertThat(running.report("two.json").path("vms")).hasSize(2);
      assertThat(RunningDaemon.images(running.output()))
          .containsExactly("a-converted.raw", "b-converted.raw");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "on-manifest-completed, web.json.report.json",
    "on-manifest-failed, web.json.error.json"
  })
  void theManifestsOutcomeIsTheReport(String hook, String report) throws Exception {
    on(
        hook,
        "marshal: {id: json, json: {}}",
        "to: {id: file, uri: \"file:%s\", parameters: {fileName: outcome.json}}".formatted(notes()),
        "setBody: {id: text, expression: {simple: {expression: \"${variable.manifest.name} ${variable.manifest.file} ${variable.manifest.metadata[owner]} ${variable.manifest.report}\"}}}",
        "to: {id: view, uri: \"file:%s\", parameters: {fileName: view.txt}}".formatted(notes()));
    if (hook.endsWith("failed")) {
      daemon.tools.before("convert", "exit 1");
    }
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single("\"metadata\": {\"owner\": \"ops\", \"n\": [1, null]},"));
      Path manifest =
          hook.endsWith("failed")
              ? running.awaitFailed("web.json")
              : running.awaitProcessed("web.json");

      Path written = manifest.resolveSibling(report);
      assertThat(RunningDaemon.json(notes().resolve("outcome.json")))
          .isEqualTo(RunningDaemon.json(written));
      assertThat(notes().resolve("view.txt")).hasContent("web web.json ops " + written);
    }
  }

  /** Takes everything out of the outcome. */
  public static final class Emptying implements Processor {
    @Override
    public void process(Exchange exchange) {
      exchange.getMessage().getBody(Map.class).clear();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"on-vm-completed", "on-manifest-completed"})
  void everyRouteOfAHookHasAnOutcomeOfItsOwn(String hook) throws Exception {
    on(hook + "/a", raises(Emptying.class.getName()));
    on(hook + "/b", writes(notes(), "status.txt", "${body[status]}"));
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single(""));
      running.awaitProcessed("web.json");

      assertThat(notes().resolve("status.txt")).hasContent("completed");
    }
  }

  @Test
  void theVmsOutcomeIsItsEntryInTheReport() throws Exception {
    String[] steps = {
      "marshal: {id: json, json: {}}",
      "to: {id: file, uri: \"file:%s\", parameters: {fileName: \"${variable.vmJob.name}.json\"}}"
          .formatted(notes())
    };
    on("on-vm-completed", steps);
    on("on-vm-failed", steps);
    daemon.disk("a");
    try (RunningDaemon running = daemon.start()) {
      running.drop("two.json", running.batch("", "a", "b"));

      JsonNode vms = running.error("two.json").path("vms");
      for (JsonNode vm : vms) {
        assertThat(RunningDaemon.json(notes().resolve(vm.path("name").asText() + ".json")))
            .isEqualTo(vm);
      }
      assertThat(vms.get(0).path("status").asText()).isEqualTo("completed");
      assertThat(vms.get(1).path("code").asText()).isEqualTo("SOURCE_NOT_FOUND");
    }
  }

  @Test
  void theReportIsThereAndTheManifestNotYetMoved() throws Exception {
    on(
        "on-manifest-completed",
        "setBody: {id: text, expression: {simple: {expression: \"x\"}}}",
        "to: {id: file, uri: \"file:%s\", parameters: {fileName: seen.txt}}".formatted(notes()),
        "pollEnrich: {id: wait, expression: {constant: {expression: \"file:%s?fileName=go.txt\"}}, timeout: 60000}"
            .formatted(notes()));
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single(""));
      await().atMost(RunningDaemon.LIMIT).until(() -> Files.exists(notes().resolve("seen.txt")));

      Path day = RunningDaemon.day(running.directories.processed());
      assertThat(RunningDaemon.names(day)).containsExactly("web.json.report.json");
      assertThat(running.directories.processing().resolve("web.json")).exists();

      // Another manifest is taken meanwhile.
      running.drop("broken.json", "{");
      running.awaitFailed("broken.json");
      Files.writeString(notes().resolve("go.txt"), "go");
      running.awaitProcessed("web.json");
    }
  }

  @Test
  void aManifestThatCannotBeReadCallsItsHook() throws Exception {
    on("on-manifest-failed", writes(notes(), "codes.txt", "${body[code]}"));
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", "{\"version\": 7}");
      running.awaitFailed("web.json");

      assertThat(notes().resolve("codes.txt")).hasContent("MANIFEST_INVALID");
    }
  }

  @Test
  void cancellingEndsAHookThatWaits() throws Exception {
    on(
        "before-convert",
        "setBody: {id: text, expression: {simple: {expression: \"x\"}}}",
        "to: {id: file, uri: \"file:%s\", parameters: {fileName: waits.txt}}".formatted(notes()),
        "bean: {id: wait, ref: waitFor, method: \"file('%s/go.txt', '1h')\"}".formatted(notes()));
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single(""));
      await().atMost(RunningDaemon.LIMIT).until(() -> Files.exists(notes().resolve("waits.txt")));
      Path manifest = running.directories.processing().resolve("web.json");
      CancelRequest.write(running.directories, "web.json", FileIdentity.of(manifest).orElseThrow());

      JsonNode error = running.error("web.json");
      assertThat(error.path("code").asText()).isEqualTo("CANCELLED");
    }
  }

  /** Says that it has begun, and waits. */
  private void waitsOn(String hook) throws Exception {
    on(
        hook,
        "setBody: {id: text, expression: {simple: {expression: \"x\"}}}",
        "to: {id: file, uri: \"file:%s\", parameters: {fileName: waits.txt}}".formatted(notes()),
        "bean: {id: wait, ref: waitFor, method: \"file('%s/go.txt', '1h')\"}".formatted(notes()));
  }

  private void stopOnceItWaits(String manifest) throws Exception {
    daemon.shutdownTimeout = Duration.ofMillis(200);
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", manifest);
      await().atMost(RunningDaemon.LIMIT).until(() -> Files.exists(notes().resolve("waits.txt")));
    }
  }

  @Test
  void aStopEndsAHookThatWaitsAndTheManifestRunsAgain() throws Exception {
    waitsOn("before-convert");
    on("on-vm-failed", writes(notes(), "failed.txt", "x"));
    stopOnceItWaits(single(""));

    assertThat(RunningDaemon.names(daemon.directories.toBeProcessed())).containsExactly("web.json");
    assertThat(notes().resolve("failed.txt")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"on-vm-completed", "on-manifest-completed"})
  void aStopEndsAHookThatWaitsAtTheEnd(String hook) throws Exception {
    waitsOn(hook);
    stopOnceItWaits(single(""));

    assertThat(daemon.report("web.json").path("status").asText()).isEqualTo("completed");
    assertThat(RunningDaemon.names(daemon.directories.processing())).isEmpty();
  }

  @Test
  void aHookGoesOnWhenItsFileComes() throws Exception {
    Files.createDirectories(notes());
    on(
        "before-convert",
        "bean: {id: wait, ref: waitFor, method: \"file('%s/${variable.vmJob.name}.ok', '1h')\"}"
            .formatted(notes()));
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single(""));
      Files.writeString(notes().resolve("web.ok"), "");

      running.awaitProcessed("web.json");
    }
  }

  @Test
  void aHookThatWaitedTooLongFailsItsVm() throws Exception {
    on("before-convert", "bean: {id: wait, ref: waitFor, method: \"file('/no/such', '1ms')\"}");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single(""));

      JsonNode error = running.error("web.json");
      assertThat(error.path("code").asText()).isEqualTo("HOOK_FAILED");
      assertThat(error.path("error").asText()).endsWith("/no/such did not come within 1ms");
    }
  }

  @Test
  void aToolOfTheOperatorsRunsInAHook() throws Exception {
    daemon.tools.executable("copy-away", "#!/bin/sh\nexec cp \"$1\" \"$2\"\n");
    Files.createDirectories(notes());
    on(
        "before-publish",
        "bean: {id: call, ref: toolCalls, method: \"of(${variable.vmJob.parts[0]}, '%s/second.raw')\"}"
            .formatted(notes()),
        "to: {id: copy, uri: exec:copy-away, parameters: {timeout: 60000}}");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single(""));
      running.awaitProcessed("web.json");

      assertThat(notes().resolve("second.raw"))
          .hasSameBinaryContentAs(running.output().resolve("web-converted.raw"));
    }
  }

  @Test
  void noToolRunsWhereTheVmHasNoFolder() throws Exception {
    on(
        "before-load",
        "bean: {id: call, ref: toolCalls, method: \"of('x')\"}",
        "to: {id: tool, uri: exec:true}");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single(""));

      assertThat(running.error("web.json").path("error").asText())
          .contains("the folder of web is not there");
    }
  }

  @ParameterizedTest
  @CsvSource({"on-vm-completed, true", "on-vm-failed, false"})
  void aToolOfTheOperatorsRunsInAnEmptyFolderWhenTheVmHasEnded(String hook, boolean completed)
      throws Exception {
    daemon.tools.executable("look", "#!/bin/sh\nls >%s/seen; touch left\n".formatted(notes()));
    Files.createDirectories(notes());
    if (!completed) {
      daemon.tools.before("convert", "exit 1");
    }
    on(
        hook,
        "bean: {id: call, ref: toolCalls, method: \"of('x')\"}",
        "to: {id: tool, uri: exec:look}");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single(""));
      if (completed) {
        running.awaitProcessed("web.json");
      } else {
        running.error("web.json");
      }

      assertThat(notes().resolve("seen")).hasContent("");
      assertThat(RunningDaemon.names(running.work())).noneMatch(name -> name.startsWith("web."));
    }
  }

  private JsonNode steered(String name, String manifest, String... steps) throws Exception {
    on("before-load", steps);
    Main main = daemon.prepare();
    try (RunningDaemon running = daemon.start(main)) {
      running.drop(name + ".json", manifest);
      return running.report(name + ".json");
    }
  }

  private String qcow2() throws Exception {
    return single("")
        .replace("\"output_format\": \"raw\"", "\"output_format\": \"qcow2\", \"compress\": true");
  }

  @Test
  void compressionIsSteeredAndTold() throws Exception {
    daemon.tools.before("check", "exit 0");
    JsonNode report =
        steered(
            "web",
            qcow2(),
            "bean: {id: zlib, ref: vmSteering, method: \"compression(${variable.vmJob}, 'zlib')\"}");

    assertThat(report.path("stages").path("convert").path("compression_type").asText())
        .isEqualTo("zlib");
    assertThat(report.path("warnings").toString())
        .contains("a route in direct:before-load sets the compression to zlib");
    JsonNode provenance =
        RunningDaemon.json(daemon.output().resolve("web-converted.qcow2.provenance.json"));
    assertThat(provenance.path("pipeline").path("convert").path("compression_type").asText())
        .isEqualTo("zlib");
  }

  @Test
  void aSteeredVmIsReusedAndTellsItOnce() throws Exception {
    on(
        "before-load",
        "bean: {id: zlib, ref: vmSteering, method: \"compression(${variable.vmJob}, 'zlib')\"}");
    try (RunningDaemon running = daemon.start()) {
      String manifest = qcow2();
      running.drop("web.json", manifest);
      running.awaitProcessed("web.json");
      running.drop("again.json", manifest);

      ObjectNode report = (ObjectNode) running.report("again.json");
      assertThat(report.path("reused").asBoolean()).isTrue();
      assertThat(report.path("warnings")).hasSize(1);
    }
  }

  @Test
  void aBootTestIsLeftOutByALabel() throws Exception {
    daemon.tools.executable("guestfish", "#!/bin/sh\nexit 1\n");
    String manifest =
        single("\"metadata\": {\"skip_boot_test\": true},")
            .replace("\"convert\":", "\"validate\": {\"boot_test\": true}, \"convert\":");
    JsonNode report =
        steered(
            "web",
            manifest,
            """
            filter:
                    id: labelled
                    expression: {simple: {expression: "${variable.vmJob.metadata[skip_boot_test]} == true"}}
                    steps:
                      - bean: {id: skip, ref: vmSteering, method: "skipBootTest(${variable.vmJob}, 'label')"}"""
                .indent(8)
                .strip());

    assertThat(report.path("stages").path("validate").path("status").asText()).isEqualTo("success");
    assertThat(report.path("stages").path("inspect").path("status").asText()).isEqualTo("skipped");
    assertThat(report.path("warnings").toString()).contains("leaves the boot test out: label");
  }

  @ParameterizedTest
  @CsvSource({
    "zlib, raw cannot be compressed",
    "lz4, 'compression is one of none, zlib, zstd, not lz4'"
  })
  void compressionThatCannotBeFailsTheVm(String type, String reason) throws Exception {
    on(
        "before-load",
        "bean: {id: compress, ref: vmSteering, method: \"compression(${variable.vmJob}, '%s')\"}"
            .formatted(type));
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", single(""));

      JsonNode error = running.error("web.json");
      assertThat(error.path("code").asText()).isEqualTo("HOOK_FAILED");
      assertThat(error.path("error").asText()).endsWith(reason);
    }
  }

  @Test
  void afterLoadNothingIsSteered() throws Exception {
    on(
        "after-load",
        "bean: {id: zlib, ref: vmSteering, method: \"compression(${variable.vmJob}, 'none')\"}");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", qcow2());

      assertThat(running.error("web.json").path("error").asText())
          .contains("what web asks for can be changed before LOAD only");
    }
  }
}
