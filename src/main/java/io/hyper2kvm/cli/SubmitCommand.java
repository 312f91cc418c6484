package io.hyper2kvm.cli;

import io.hyper2kvm.cli.display.Watched;
import io.hyper2kvm.cli.output.CommandFailedException;
import io.hyper2kvm.cli.output.FileProblem;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.SourcesConfig;
import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.parse.ManifestInvalidException;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.workflow.DropName;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.Submission;
import io.hyper2kvm.workflow.Submitted;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code hyper2kvm submit FILE…}: checks manifests and puts them into the drop zone. */
@Command(
    customSynopsis = "hyper2kvm submit FILE... [OPTION...]",
    description = {
      "Checks manifests as the daemon would and puts them into its drop zone.",
      "",
      "Each is there whole or not at all, and over nothing else: where a name is taken, a number is"
          + " added. A running daemon's own settings count, else those of the configuration. If one"
          + " manifest has a problem, all problems are shown and none is submitted.",
      "",
      WorkflowOptions.WHERE,
      ""
    },
    parameterListHeading = "Arguments:%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:submitted; with --wait: all completed",
      "1:a manifest has problems, or could not be put there; with --wait: one failed",
      "2:the command line or the configuration is wrong",
      "3:with --timeout: the time was up; the manifests go on"
    },
    footer = {
      "",
      "Examples:",
      "  hyper2kvm submit web01.yaml db.json",
      "  hyper2kvm submit web01.yaml --wait --timeout 4h",
      "  generate-manifest | hyper2kvm submit - --name web01.json"
    })
final class SubmitCommand implements Callable<Integer> {

  private static final String STDIN = "-";

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "A manifest, .json, .yaml or .yml; - reads standard input")
  private List<String> files;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The file's name in the drop zone, of a single FILE; needed for -")
  private String name;

  @Option(
      names = "--keep-going",
      description = "Submit those without problems although others have some; the exit code is 1")
  private boolean keepGoing;

  @Mixin private WaitOptions wait;
  @Mixin private StandardOptions standard;
  @Mixin private final WorkflowOptions options;

  private final CommandSpec spec;
  private final InputStream stdin;

  SubmitCommand(Surroundings surroundings, InputStream stdin) {
    this.stdin = stdin;
    options =
        new WorkflowOptions(
            surroundings,
            OutputConfig.OUTPUT_DIR,
            SourcesConfig.SOURCE_DIR,
            SourcesConfig.ALLOWED_SOURCE_ROOTS,
            OutputConfig.ALLOWED_OUTPUT_ROOTS);
    spec = options.addTo(CommandSpec.forAnnotatedObject(this));
  }

  CommandSpec spec() {
    return spec;
  }

  /** A manifest that may be submitted. */
  private record Checked(ManifestFile name, byte[] content) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireUse();
    Workflow workflow = options.open(spec);
    List<Checked> good = new ArrayList<>();
    int bad = 0;
    ManifestReader reader = new ManifestReader(workflow.context());
    for (String file : files) {
      try {
        good.add(check(file, reader, workflow.maxManifestSize()));
      } catch (ManifestInvalidException | IOException e) {
        bad++;
        explain(file, e);
      }
    }
    PrintWriter err = spec.commandLine().getErr();
    if (bad > 0 && !keepGoing) {
      err.printf(
          "hyper2kvm: nothing was submitted: %d of %d manifests cannot be taken%n",
          bad, files.size());
      err.flush();
      return 1;
    }
    List<Watched> watched = new ArrayList<>();
    for (Checked manifest : good) {
      watched.add(drop(workflow, manifest));
    }
    if (!watched.isEmpty()) {
      workflow.tellIfNoDaemon(spec.commandLine());
    }
    return Math.max(bad > 0 ? 1 : 0, wait.finish(spec.commandLine(), watched));
  }

  private void requireUse() {
    if (name != null && files.size() > 1) {
      throw new ParameterException(spec.commandLine(), "--name is for a single FILE");
    }
    if (files.contains(STDIN) && name == null) {
      throw new ParameterException(
          spec.commandLine(),
          files.size() > 1
              ? "- is for a single FILE, with --name"
              : "- needs --name: what the manifest is called, and whether it is .json or .yaml");
    }
    wait.requireUse(spec.commandLine());
  }

  private Checked check(String file, ManifestReader reader, int most) throws IOException {
    String called = name != null ? name : String.valueOf(Path.of(file).getFileName());
    if (called.contains("/") || DropName.isOther(called)) {
      throw new IOException("a file of the name %s is not taken as a manifest".formatted(called));
    }
    if (DropName.refusal(called).isPresent()) {
      throw new IOException(called + " is not taken: " + DropName.refusal(called).get());
    }
    byte[] content;
    try (InputStream in = file.equals(STDIN) ? stdin : Files.newInputStream(Path.of(file))) {
      content = in.readNBytes(most + 1);
    }
    if (content.length > most) {
      throw new IOException("it has more than the %d bytes of max_manifest_size".formatted(most));
    }
    reader.read(called, content);
    return new Checked(new ManifestFile(called), content);
  }

  private void explain(String file, Exception problem) {
    PrintWriter err = spec.commandLine().getErr();
    if (problem instanceof ManifestInvalidException) {
      problem.getMessage().lines().forEach(line -> err.println(Printable.line(line)));
    } else {
      String words =
          problem instanceof FileSystemException named
              ? FileProblem.words(named)
              : file + ": " + problem.getMessage();
      err.println(Printable.line(words));
    }
    err.flush();
  }

  private Watched drop(Workflow workflow, Checked manifest) throws IOException {
    Submitted dropped;
    try {
      dropped = new Submission(workflow.directories()).write(manifest.name(), manifest.content());
    } catch (IOException e) {
      throw CommandFailedException.because(
          "%s could not be put into %s: %s"
              .formatted(
                  Printable.line(manifest.name().name()),
                  Printable.line(workflow.directories().toBeProcessed().toString()),
                  Printable.line(e.toString())));
    }
    String called = dropped.place().getFileName().toString();
    String taken =
        called.equals(manifest.name().name())
            ? ""
            : " (%s is taken there)".formatted(Printable.line(manifest.name().name()));
    wait.tell(
        spec.commandLine(),
        "submitted %s%s".formatted(Printable.line(dropped.place().toString()), taken));
    return Watched.of(workflow.jobs(), dropped);
  }
}
