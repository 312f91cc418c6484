package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.daemon.boot.FatalErrors;
import io.hyper2kvm.daemon.completion.VmOutcomes;
import io.hyper2kvm.daemon.intake.ManifestIntake;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.tool.ToolCall;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands on an exchange just before a tool is run, and how a broken stage travels. */
@Tag("daemon")
class RouteStepsTest {

  private static final List<String> EXECS =
      List.of(
          "stage-load/overlay",
          "stage-load/info",
          "stage-convert/qemu-img",
          "stage-validate/info",
          "stage-validate/compare");

  @TempDir Path folder;
  RunningDaemon daemon;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(folder);
  }

  @Test
  void everyToolGetsItsCall() throws Exception {
    Main main = daemon.prepare();
    main.init();
    CamelContext context = daemon.context();
    // Not yet started, the steps have their ids without the route's prefix.
    for (String step : EXECS) {
      String[] routeAndId = step.split("/");
      AdviceWith.adviceWith(
          context,
          routeAndId[0],
          advice -> advice.weaveById(routeAndId[1]).before().to("mock:" + step));
    }
    try (RunningDaemon running = daemon.start(main)) {
      running.drop("web.json", running.single(running.disk("web disk"), "web"));
      running.report("web.json");

      List<String> commands = new ArrayList<>();
      for (String id : EXECS) {
        MockEndpoint mock = context.getEndpoint("mock:" + id, MockEndpoint.class);
        assertThat(mock.getReceivedExchanges()).as(id).hasSize(1);
        Exchange exchange = mock.getReceivedExchanges().get(0);
        assertThat(exchange.getMessage().getBody()).as(id).isInstanceOf(ToolCall.class);
        ToolCall call = exchange.getMessage().getBody(ToolCall.class);
        assertThat(call.input()).as("standard input at %s", id).isEmpty();
        commands.add(call.arguments().get(0));
      }
      assertThat(commands).containsExactly("create", "info", "convert", "info", "compare");
    }
  }

  @Test
  void stageThatBreaksInAnUnforeseenWayFailsItsVmAlone() throws Exception {
    Main main = daemon.prepare();
    main.init();
    AdviceWith.adviceWith(
        daemon.context(),
        "stage-validate",
        advice ->
            advice
                .weaveById("finish")
                .replace()
                .process(
                    exchange -> {
                      if (exchange
                          .getVariable("vmJob", io.hyper2kvm.stage.VmJob.class)
                          .name()
                          .equals("a")) {
                        throw new IllegalStateException("a defect of this program");
                      }
                    }));
    daemon.disk("a");
    daemon.disk("b");
    try (RunningDaemon running = daemon.start(main)) {
      running.drop("two.json", running.batch("", "a", "b"));

      var error = running.error("two.json");
      assertThat(error.path("code").asText()).isEqualTo("INTERNAL_ERROR");
      assertThat(error.path("error").asText()).contains("a defect of this program");
      assertThat(RunningDaemon.images(running.output())).containsExactly("b-converted.raw");
    }
  }

  /** A bean with a defect worse than an exception. */
  public static final class Bottomless {
    /** Fails. */
    public void fall() {
      throw new StackOverflowError("deep");
    }
  }

  @ParameterizedTest
  @CsvSource({"stage-validate,finish", "vm-pipeline,outcome", "vm-pipeline,begin"})
  void errorOfABeanLosesNoVm(String route, String step) throws Exception {
    Main main = daemon.prepare();
    main.init();
    AdviceWith.adviceWith(
        daemon.context(),
        route,
        advice -> advice.weaveById(step).replace().bean(new Bottomless(), "fall"));
    try (RunningDaemon running = daemon.start(main)) {
      running.drop("web.json", running.single(running.disk("web"), "web"));

      var error = running.error("web.json");
      assertThat(error.path("vm").asText()).isEqualTo("web");
      assertThat(error.path("code").asText()).isEqualTo("INTERNAL_ERROR");
      assertThat(RunningDaemon.names(running.work())).isEmpty();
    }
  }

  /** An Error, such as a class that is missing, is no Exception: nothing may hang on it. */
  @ParameterizedTest
  @CsvSource({
    "stage-load,prepare",
    "stage-convert,finish",
    "vm-pipeline,clean-up",
    "vm-pipeline,outcome"
  })
  void anErrorOfABeanFailsItsVmAndNothingHangs(String route, String step) throws Exception {
    Main main = daemon.prepare();
    main.init();
    AdviceWith.adviceWith(
        daemon.context(),
        route,
        advice -> advice.weaveById(step).before().bean(new Broken(), "run"));
    try (RunningDaemon running = daemon.start(main)) {
      running.drop("web.json", running.single(running.disk("web"), "web"));

      assertThat(running.error("web.json").path("code").asText()).isEqualTo("INTERNAL_ERROR");
      assertThat(RunningDaemon.names(running.directories.processing())).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"stage-load,info", "stage-convert,qemu-img", "vm-pipeline,way"})
  void anErrorOfAQuestionFailsItsVmAndNothingHangs(String route, String step) throws Exception {
    Main main = daemon.prepare();
    main.init();
    AdviceWith.adviceWith(
        daemon.context(),
        route,
        advice -> advice.weaveById(step).before().setHeader("x").method(new Broken(), "ask"));
    try (RunningDaemon running = daemon.start(main)) {
      running.drop("web.json", running.single(running.disk("web"), "web"));

      assertThat(running.error("web.json").path("code").asText()).isEqualTo("INTERNAL_ERROR");
    }
  }

  @Test
  void anErrorWhereOutcomesAreCollectedEndsTheProcessInsteadOfHanging() throws Exception {
    CompletableFuture<Integer> exit = new CompletableFuture<>();
    Exchange collected = new DefaultExchange(new DefaultCamelContext());
    collected
        .getMessage()
        .setBody(
            new AbstractList<VmOutcome>() {
              @Override
              public VmOutcome get(int index) {
                throw new NoClassDefFoundError("io/hyper2kvm/Missing");
              }

              @Override
              public int size() {
                return 1;
              }
            });
    Thread worker =
        new Thread(() -> new VmOutcomes().aggregate(collected, collected), "vm-under-test");
    worker.setUncaughtExceptionHandler(new FatalErrors(exit::complete, () -> {}));
    worker.start();

    assertThat(exit.get(20, TimeUnit.SECONDS)).isEqualTo(FatalErrors.EXIT);
  }

  @ParameterizedTest
  @CsvSource({"read", "judge"})
  void anErrorOfTheIntakeLeavesTheDaemonAtWork(String step) throws Exception {
    Main main = daemon.prepare();
    main.init();
    AdviceWith.adviceWith(
        daemon.context(),
        "manifest-intake",
        advice ->
            advice
                .weaveById(step)
                .before()
                .process(
                    exchange -> {
                      if (ManifestIntake.run(exchange).original().name().equals("web.json")) {
                        throw new NoClassDefFoundError("io/hyper2kvm/Missing");
                      }
                    }));
    try (RunningDaemon running = daemon.start(main)) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      running.drop("next.json", running.single(running.disk("next"), "next"));

      running.report("next.json");
      running.awaitFailed("web.json");
    }
  }

  /** A bean whose class does not come up. */
  public static final class Broken {
    /** As a step. */
    public void run() {
      throw new NoClassDefFoundError("io/hyper2kvm/Missing");
    }

    /** As a question of a route. */
    public boolean ask() {
      throw new NoClassDefFoundError("io/hyper2kvm/Missing");
    }
  }
}
