package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands on an exchange just before a tool is run, and how a broken stage travels. */
class RouteStepsTest {

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
    Map<String, List<String>> execs =
        Map.of(
            "stage-load", List.of("load-info", "load-overlay"),
            "stage-convert", List.of("convert-qemu-img"),
            "stage-validate", List.of("validate-info", "validate-compare"));
    for (var route : execs.entrySet()) {
      AdviceWith.adviceWith(
          context,
          route.getKey(),
          advice -> route.getValue().forEach(id -> advice.weaveById(id).before().to("mock:" + id)));
    }
    try (RunningDaemon running = daemon.start(main)) {
      running.drop("web.json", running.single(running.disk("web disk"), "web"));
      running.report("web.json");

      List<String> commands = new ArrayList<>();
      for (String id :
          List.of(
              "load-info",
              "load-overlay",
              "convert-qemu-img",
              "validate-info",
              "validate-compare")) {
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
      assertThat(commands).containsExactly("info", "create", "convert", "info", "compare");
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
                .weaveById("validate-finish")
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
      assertThat(RunningDaemon.names(running.output())).containsExactly("b-converted.raw");
    }
  }

  @Test
  void pipelineThatEndsInAnErrorLosesNoVm() throws Exception {
    Main main = daemon.prepare();
    main.init();
    AdviceWith.adviceWith(
        daemon.context(),
        "vm-pipeline",
        advice ->
            advice
                .weaveById("pipeline-outcome")
                .replace()
                .process(
                    exchange -> {
                      throw new StackOverflowError("deep");
                    }));
    try (RunningDaemon running = daemon.start(main)) {
      running.drop("web.json", running.single(running.disk("web"), "web"));

      var error = running.error("web.json");
      assertThat(error.path("vm").asText()).isEqualTo("web");
      assertThat(error.path("code").asText()).isEqualTo("INTERNAL_ERROR");
    }
  }
}
