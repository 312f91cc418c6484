package io.hyper2kvm.cli;

import io.hyper2kvm.cli.output.Surroundings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** {@code hyper2kvm run}: converts what one manifest asks for, now, without a daemon. */
@Command(
    customSynopsis = "hyper2kvm run [OPTION...] FILE",
    description = {
      "Works on one manifest, now and without a daemon, by the same routes.",
      "",
      "The manifest stays where it is. Its report is written beside it: FILE.report.json, or"
          + " FILE.error.json if anything failed; a number keeps it apart from earlier ones."
          + " Ctrl-C ends the tools and removes what is half-written."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every VM succeeded",
      "1:a VM failed; the error file says why",
      "2:the command line or the configuration is wrong; nothing was begun",
      "130:stopped by Ctrl-C (143: by SIGTERM); nothing half-written is left"
    })
final class RunCommand implements Callable<Integer> {

  @Mixin private StandardOptions standard;
  @Mixin private OneShotOptions oneShot;
  @Mixin private final ConfigOptions options;

  private final Surroundings surroundings;
  private final CommandSpec spec;

  RunCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.options = OneShotWork.options(surroundings);
    this.spec = options.addTo(CommandSpec.forAnnotatedObject(this));
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() {
    return new OneShotWork(surroundings, options, spec, false)
        .work(oneShot.manifest(), oneShot.report(), oneShot.printing());
  }
}
