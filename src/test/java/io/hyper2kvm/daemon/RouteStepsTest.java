package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands on an exchange just before a tool is run, and how a broken stage travels. */
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
  void everyToolGetsAListOfArgumentsAndAnEmptyBody() throws Exception {
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
        assertThat(exchange.getMessage().getBody()).as("body at %s", id).isEqualTo("");
        Object arguments = exchange.getMessage().getHeader("CamelExecCommandArgs");
        assertThat(arguments).isInstanceOf(List.class);
        List<?> list = (List<?>) arguments;
        assertThat(list.stream().allMatch(String.class::isInstance)).as(id).isTrue();
        commands.add(list.get(0).toString());
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
  @CsvSource({"stage-validate,finish", "vm-pipeline,outcome", "vm-pipeline,may-begin"})
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
}
