package io.hyper2kvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.cli.output.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * The help text of every command, against golden files. After a change that is meant, run with
 * {@code -Dgolden.write=true} and read the difference.
 */
class HelpTest {

  private static final Path GOLDEN = Path.of("src/test/resources/io/hyper2kvm/cli");

  static Stream<String> commands() {
    Path anywhere = Path.of("/");
    return words(
        Hyper2Kvm.commandLine(
            new Surroundings(Map.of(), anywhere, Optional.empty(), anywhere), config -> 0));
  }

  private static Stream<String> words(CommandLine command) {
    String own = command.getCommandSpec().qualifiedName().replaceFirst("^hyper2kvm ?", "");
    return Stream.concat(
        Stream.of(own), command.getSubcommands().values().stream().flatMap(HelpTest::words));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help(String command) throws Exception {
    CommandRun run = new CommandRun(Path.of("/"));
    assertThat(run.execute((command + " --help").trim().split(" "))).isZero();

    Path golden = GOLDEN.resolve(("help " + command).trim().replace(' ', '-') + ".txt");
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(golden, run.out());
    }
    assertThat(run.out()).isEqualTo(Files.readString(golden));
  }
}
