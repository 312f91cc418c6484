package io.hyper2kvm.daemon;

import io.hyper2kvm.stage.FakeGuest;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.Inspection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.PropertiesFunction;

/** A daemon with examples of routes, installed as their READMEs say: each is one file, copied. */
public final class InstalledExamples {

  static final Path FOLDER = Path.of("examples/routes");

  private final RunningDaemon daemon;
  private final Map<String, String> environment = new LinkedHashMap<>();

  /** Copies the files of the examples into the daemon's folder of further routes. */
  InstalledExamples(RunningDaemon daemon, String... names) throws IOException {
    this.daemon = daemon;
    Files.createDirectories(daemon.routesD());
    for (String name : names) {
      Path file = file(name);
      Files.copy(file, daemon.routesD().resolve(file.getFileName()));
    }
  }

  /** The one file of an example. */
  static Path file(String name) {
    return FOLDER.resolve(name).resolve(name + ".camel.yaml");
  }

  /** The names of all examples. */
  static List<String> all() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /** The daemon starts with this environment variable. */
  InstalledExamples with(String variable, Object value) {
    environment.put(variable, value.toString());
    return this;
  }

  RunningDaemon start() throws IOException {
    return daemon.start(prepare());
  }

  /** The daemon starts with a guest that stands for the appliance and the disks of every VM. */
  RunningDaemon start(FakeGuest guest) throws Exception {
    Main main = prepare();
    main.init();
    AdviceWith.adviceWith(
        daemon.context(),
        "stage-inspect",
        advice -> {
          advice.weaveById("listen-call").remove();
          advice.weaveById("listen").remove();
          advice.weaveById("accept-listener").replace().process(this::look);
          advice
              .weaveById("session")
              .replace()
              .process(exchange -> guest.talk(job(exchange).appliance().session()));
        });
    return daemon.start(main);
  }

  private static VmJob job(Exchange exchange) {
    return exchange.getVariable("vmJob", VmJob.class);
  }

  private void look(Exchange exchange) throws IOException {
    job(exchange).appliance().begin(new Inspection(job(exchange), daemon.settings()).session());
  }

  private Main prepare() throws IOException {
    Main main = daemon.prepare();
    // A JVM cannot change its environment: {{env:…}} is answered from here.
    UnaryOperator<String> lookup = environment::get;
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeConfigure(BaseMainSupport prepared) {
            CamelContext context = prepared.getCamelContext();
            context.getPropertiesComponent().addPropertiesFunction(new Environment(lookup));
          }
        });
    return main;
  }

  /** Camel's function {@code env}, on another environment than the process's. */
  private record Environment(UnaryOperator<String> lookup) implements PropertiesFunction {

    @Override
    public String getName() {
      return "env";
    }

    @Override
    public String apply(String remainder) {
      int colon = remainder.indexOf(':');
      String name = colon < 0 ? remainder : remainder.substring(0, colon);
      String value = lookup.apply(name);
      return value != null || colon < 0 ? value : remainder.substring(colon + 1);
    }
  }
}
