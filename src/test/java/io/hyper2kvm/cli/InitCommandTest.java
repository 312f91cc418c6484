package io.hyper2kvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.config.ConfigKeys;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The doctor that runs at the end has its own tests; here it only has to be run. */
class InitCommandTest {

  @TempDir Path folder;
  private Path config;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void site() throws Exception {
    folder = folder.toRealPath();
    config = folder.resolve("etc/daemon.yaml");
    // The doctor looks at the routes of the program's folder.
    Files.createSymbolicLink(folder.resolve("routes"), Path.of("routes").toAbsolutePath());
  }

  @AfterEach
  void propertiesOfThisProcess() {
    List.of("h2k.asks", LogSettings.LEVEL, LogSettings.LIBRARY_LEVEL, LogSettings.FILE)
        .forEach(System::clearProperty);
  }

  /** Runs it as bin/hyper2kvm would where somebody types these lines. */
  private int typed(String lines, String... arguments) {
    System.setProperty("h2k.asks", "true");
    return run(lines, arguments);
  }

  private int run(String stdin, String... arguments) {
    var surroundings =
        new Surroundings(
            // Where KVM is there and hangs, each doctor would wait for it.
            Map.of("HYPER2KVM_KVM", "off"),
            folder,
            Optional.of(folder),
            folder.resolve("etc/installed.yaml"));
    var in = new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8));
    return Hyper2Kvm.commandLine(surroundings, daemon -> 0, in)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .execute(arguments);
  }

  private String[] flags(String... more) {
    List<String> all =
        new java.util.ArrayList<>(
            List.of(
                "init",
                "--quick",
                "--config",
                config.toString(),
                "--manifest-workflow-dir",
                folder.resolve("srv/flow").toString(),
                "--output-dir",
                folder.resolve("srv/out put").toString(),
                "--log-dir",
                "none"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private String written() throws Exception {
    return Files.readString(config);
  }

  @Test
  void folderOfTheOptionsIsInTheConfiguration() throws Exception {
    run("", flags());
    assertThat(written())
        .contains("\nmanifest_workflow_dir: " + folder + "/srv/flow\n")
        .contains("\noutput_dir: \"" + folder + "/srv/out put\"\n")
        .contains("\n# log_dir: (none)\n")
        .contains("\n# source_dir: (none)\n");
  }

  @Test
  void daemonTakesTheConfiguration() throws Exception {
    run("", flags());
    assertThat(run("", "daemon", "--config", config.toString(), "--print-config")).isZero();
    assertThat(out.toString()).contains("output_dir").contains(folder + "/srv/out put");
  }

  @Test
  void everyKeyIsExplained() throws Exception {
    run("", flags());
    String text = written();
    assertThat(ConfigKeys.all())
        .allMatch(
            key ->
                text.contains("\n" + key.name() + ": ")
                    || text.contains("\n# " + key.name() + ": "));
  }

  @Test
  void foldersAreMadeForTheirOwnerAndGroup() throws Exception {
    run("", flags());
    for (String each :
        List.of("to_be_processed", "processing", "processed", "failed", "../out put")) {
      Path made = folder.resolve("srv/flow").resolve(each).normalize();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .as(each)
          .isEqualTo("rwxr-x---");
    }
  }

  @Test
  void doctorAnswersAtTheEnd() {
    int exit = run("", flags());
    assertThat(out.toString()).contains("wrote " + config, "Program", "Tools", "Daemon");
    assertThat(exit).isEqualTo(out.toString().contains("Not fit for work") ? 1 : 0);
  }

  @Test
  void answersOfTheTerminalAreWritten() throws Exception {
    typed(
        folder + "/a\n" + folder + "/b\nnone\n" + folder + "/log\n",
        "init",
        "--quick",
        "--config",
        config.toString());
    assertThat(written())
        .contains("\nmanifest_workflow_dir: " + folder + "/a\n")
        .contains("\noutput_dir: " + folder + "/b\n")
        .contains("\nlog_dir: " + folder + "/log\n");
    assertThat(out.toString())
        .contains("Where converted disks are written [/var/lib/hyper2kvm/output]: ");
  }

  @Test
  void whatAnOptionSaysIsNotAsked() throws Exception {
    typed("none\n", flags());
    assertThat(out.toString()).doesNotContain("Where converted disks").contains("source_path");
    assertThat(written()).contains(folder + "/srv/flow");
  }

  @Test
  void badAnswerIsAskedAgain() throws Exception {
    typed(
        "~/a\n" + folder + "/a\n" + folder + "/b\n\nnone\n",
        "init",
        "--quick",
        "--config",
        config.toString());
    assertThat(out.toString()).contains("~/a is not a path, written out in full");
    assertThat(written()).contains("\nmanifest_workflow_dir: " + folder + "/a\n");
  }

  @Test
  void neededFolderCannotBeNone() {
    assertThat(typed("none\nnone\nnone\n", "init", "--config", config.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("this one is needed");
    assertThat(config).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "~\n~\n~\n"})
  void inputThatEndsWritesNothing(String lines) {
    assertThat(typed(lines, "init", "--config", config.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("nothing was written");
    assertThat(config).doesNotExist();
  }

  @Test
  void endlessAnswerIsNotRead() {
    assertThat(typed("x".repeat(100_000), "init", "--config", config.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("the answer is too long");
  }

  @Test
  void withoutTerminalNothingIsAsked() {
    assertThat(run("", "init", "--config", config.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("no terminal", "--manifest-workflow-dir", "--yes");
    assertThat(config).doesNotExist();
  }

  @Test
  void withYesNothingIsAsked() throws Exception {
    typed("", flags("--yes"));
    assertThat(written()).contains("\n# source_dir: (none)\n");
    assertThat(out.toString()).doesNotContain("]: ");
  }

  @Test
  void configurationThatIsThereStays() throws Exception {
    Files.createDirectories(config.getParent());
    Files.writeString(config, "mine");
    assertThat(run("", flags())).isEqualTo(1);
    assertThat(err.toString()).contains(config + " is there and was left as it is", "--force");
    assertThat(written()).isEqualTo("mine");
    assertThat(folder.resolve("srv")).doesNotExist();
  }

  @Test
  void linkThatLeadsNowhereIsNotWrittenThrough() throws Exception {
    Files.createDirectories(config.getParent());
    Files.createSymbolicLink(config, folder.resolve("elsewhere"));
    assertThat(run("", flags())).isEqualTo(1);
    assertThat(folder.resolve("elsewhere")).doesNotExist();
  }

  @Test
  void forceKeepsTheOldOneBesideTheNew() throws Exception {
    Files.createDirectories(config.getParent());
    Files.writeString(config, "mine");
    run("", flags("--force"));
    assertThat(written()).contains("/srv/flow");
    assertThat(config.resolveSibling("daemon.yaml.bak")).hasContent("mine");
  }

  @Test
  void foldersThatDoNotFitTogetherLeaveNothingBehind() {
    int exit =
        run(
            "",
            "init",
            "--config",
            config.toString(),
            "--manifest-workflow-dir",
            folder + "/flow",
            "--output-dir",
            folder + "/flow/processed",
            "--log-dir",
            "none");
    assertThat(exit).isEqualTo(2);
    assertThat(err.toString()).contains("output_dir");
    assertThat(folder.resolve("flow")).doesNotExist();
    assertThat(config).doesNotExist();
  }

  @Test
  void sourcesThatAreMissingAreAMistake() {
    assertThat(run("", flags("--source-dir", folder + "/missing"))).isEqualTo(2);
    assertThat(err.toString()).contains("source_dir");
    assertThat(folder.resolve("missing")).doesNotExist();
    assertThat(config).doesNotExist();
  }

  @Test
  void folderWhoseNameIsAFileIsNamed() throws Exception {
    Files.writeString(folder.resolve("srv"), "a file");
    assertThat(run("", flags())).isEqualTo(1);
    assertThat(err.toString()).contains(folder + "/srv");
    assertThat(config).doesNotExist();
  }

  @Test
  void relativeFolderStartsAtTheCurrentOne() throws Exception {
    run(
        "",
        "init",
        "--quick",
        "--config",
        config.toString(),
        "--manifest-workflow-dir",
        "flow",
        "--output-dir",
        "./out",
        "--log-dir",
        "none");
    assertThat(written())
        .contains("\nmanifest_workflow_dir: " + folder + "/flow\n")
        .contains("\noutput_dir: " + folder + "/out\n");
  }

  @Test
  void optionGivenTwiceIsRefused() {
    assertThat(run("", flags("--log-dir", folder + "/log"))).isEqualTo(2);
    assertThat(err.toString()).contains("--log-dir");
    assertThat(config).doesNotExist();
  }

  @Test
  void configBeforeTheWordIsExplained() {
    assertThat(run("", "--config", config.toString(), "init")).isEqualTo(2);
    assertThat(err.toString()).contains("hyper2kvm init --config FILE");
  }
}
