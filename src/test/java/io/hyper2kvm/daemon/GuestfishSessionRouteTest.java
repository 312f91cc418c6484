package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.tool.ToolFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.component.exec.ExecException;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Route guestfish-session, with a guestfish that answers every question with its name. */
@Tag("daemon")
class GuestfishSessionRouteTest {

  @TempDir Path folder;
  private final GuestfishSession session = new GuestfishSession();
  private final List<String> order = new ArrayList<>();
  private RunningDaemon daemon;
  private VmJob job;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(Files.createDirectory(folder.resolve("daemon")));
    daemon.tools.executable(
        "guestfish",
        """
        #!/bin/sh
        [ "$1" != --version ] || { echo 'guestfish 1.50.1'; exit; }
        echo "$@" >>'%s'
        sed -n 's/^echo "\\(.*\\)"$/\\1/p'
        """
            .formatted(calls()));
    job = new Jobs(folder).job();
    Files.createDirectories(job.directory());
    job.enter(StageName.INSPECT);
    job.appliance().started(ProcessHandle.current().pid());
    job.appliance().begin(session);
  }

  private Path calls() {
    return folder.resolve("calls");
  }

  private GuestfishSession turn(String name) {
    return session.then(() -> new GuestfishScript().ask(name, "ls"), answers -> order.add(name));
  }

  private Exchange talk() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      Exchange exchange = new DefaultExchange(running.context());
      exchange.setVariable("vmJob", job);
      return running.context().createProducerTemplate().send("direct:guestfish-session", exchange);
    }
  }

  @Test
  void everyTurnIsOneCallInItsOrder() throws Exception {
    session.then(
        () -> new GuestfishScript().ask("a", "ls"),
        answers -> {
          order.add("a");
          turn("follows from a");
        });
    session.then(GuestfishScript::new, answers -> order.add("nothing to send"));
    turn("b");

    assertThat(talk().getException()).isNull();
    assertThat(order).containsExactly("a", "follows from a", "nothing to send", "b");
    assertThat(Files.readAllLines(calls()))
        .hasSize(3)
        .containsOnly("--remote=" + ProcessHandle.current().pid());
  }

  @Test
  void aSessionWithoutAScriptCallsNothing() throws Exception {
    session.then(GuestfishScript::new, answers -> order.add("nothing to send"));

    assertThat(talk().getException()).isNull();
    assertThat(order).containsExactly("nothing to send");
    assertThat(calls()).doesNotExist();
  }

  @Test
  void aGuestfishThatFailsEndsTheSession() throws Exception {
    daemon.tools.executable("guestfish", "#!/bin/sh\nexit 1\n");
    turn("a");
    turn("b");

    assertThat(talk().getException())
        .isInstanceOf(ExecException.class)
        .hasCauseInstanceOf(ToolFailedException.class);
    assertThat(order).isEmpty();
  }
}
