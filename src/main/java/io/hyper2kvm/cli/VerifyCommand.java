package io.hyper2kvm.cli;

import io.hyper2kvm.cli.output.CommandFailedException;
import io.hyper2kvm.cli.output.OutputOption;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.cli.verify.VerifyJson;
import io.hyper2kvm.cli.verify.VerifyLines;
import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.RoutesConfig;
import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.signature.KeyRefusedException;
import io.hyper2kvm.signature.TrustedKey;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.verify.FileDigest;
import io.hyper2kvm.verify.Verification;
import io.hyper2kvm.verify.VerifyResult;
import io.hyper2kvm.view.JsonText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hyper2kvm verify}: whether outputs and reports are as they were signed. */
@Command(
    customSynopsis = "hyper2kvm verify [--key FILE]... [OPTION...] OUTPUT...",
    description = {
      "Tells whether outputs and reports are as they were signed, and by whom.",
      "",
      "Of an output, each disk of its VM, the libvirt domain and the record of where they come from"
          + " are verified. Every byte of the disks is read. Of an output that is not signed, sizes and times are"
          + " compared with its record, which proves nothing of who wrote it.",
      "",
      "Without --key, the keys of verify_keys in the configuration are trusted, of"
          + " /etc/hyper2kvm/manifest-daemon.yaml without --config."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all are signed by a trusted key, and as they were signed",
      "1:something was changed, replaced or removed, or is not there",
      "2:the command line, the configuration or a key is wrong",
      "3:nothing is wrong with the files, but something is not signed, or not by a trusted key"
    },
    footer = {
      "",
      "Examples:",
      "  hyper2kvm verify --key signing.pub /srv/vm/web01-converted.qcow2",
      "  hyper2kvm verify --key signing.pub processed/2026-11-24/web01.yaml.report.json"
    })
final class VerifyCommand implements Callable<Integer> {

  @Parameters(
      arity = "1..*",
      paramLabel = "OUTPUT",
      description = "An output, its domain, record or signature; or a report or error file")
  private List<Path> files;

  @Mixin private StandardOptions standard;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description =
          "Trust the public keys in this file, and none of the configuration (may be repeated)")
  private List<Path> keys = new ArrayList<>();

  @Mixin private OutputOption output;
  @Mixin private final ConfigOptions options;

  private final Surroundings surroundings;
  private final CommandSpec spec;

  VerifyCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.options = ConfigOptions.of(surroundings);
    this.spec = options.addTo(CommandSpec.forAnnotatedObject(this));
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() {
    LogSettings.quiet();
    Verification verification =
        new Verification(trusted(), new FileDigest(surroundings.environment()));
    PrintWriter out = spec.commandLine().getOut();
    List<VerifyResult> results = new ArrayList<>();
    for (Path file : files) {
      VerifyResult result = verification.of(absolute(file));
      results.add(result);
      if (!output.isJson()) {
        VerifyLines.of(result).forEach(out::println);
        out.flush();
      }
    }
    if (output.isJson()) {
      out.println(JsonText.of(VerifyJson.of(results)));
      out.flush();
    }
    return VerifyLines.exitCode(results);
  }

  private List<TrustedKey> trusted() {
    List<Path> named = keys.isEmpty() ? configured() : keys.stream().map(this::absolute).toList();
    List<TrustedKey> trusted = new ArrayList<>();
    for (Path file : named) {
      try {
        trusted.addAll(TrustedKey.read(file));
      } catch (KeyRefusedException e) {
        throw CommandFailedException.wrongUse(
            "the key %s: %s".formatted(Printable.of(file), e.getMessage()));
      }
    }
    return trusted;
  }

  private List<Path> configured() {
    return options
        .read(
            spec,
            Map.of(
                WorkflowConfig.MANIFEST_WORKFLOW_DIR, List.of("/"),
                OutputConfig.OUTPUT_DIR, List.of("/"),
                RoutesConfig.ROUTES_DIR, List.of("/")))
        .config()
        .output()
        .signing()
        .verifyKeys();
  }

  /** A name with folders alone, such as "/", names no file. */
  private Path absolute(Path file) {
    Path absolute = surroundings.currentDirectory().resolve(file).normalize();
    if (absolute.getFileName() == null) {
      throw CommandFailedException.wrongUse("this names no file: " + Printable.of(file));
    }
    return absolute;
  }
}
