package io.hyper2kvm.cli;

import io.hyper2kvm.cli.output.Surroundings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** {@code hyper2kvm plan}: the dry run of one manifest, without a daemon. */
@Command(
    customSynopsis = "hyper2kvm plan [OPTION...] FILE",
    description = {
      "Tells everything that run would do with a manifest: each change in the guest, the"
          + " outputs, the space they need.",
      "",
      "The guest is inspected, and the fixes are made to a copy that is thrown away."
          + " Nothing is converted, and nothing written but the report that --report asks"
          + " for."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:a run would do what the plan says",
      "1:a run would fail; the plan says why",
      "2:the command line or the configuration is wrong; nothing was begun",
      "130:stopped by Ctrl-C (143: by SIGTERM); nothing half-written is left"
    })
final class PlanCommand implements Callable<Integer> {

  @Mixin private StandardOptions standard;
  @Mixin private OneShotOptions oneShot;
  @Mixin private final ConfigOptions options;

  private final Surroundings surroundings;
  private final CommandSpec spec;

  PlanCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.options = OneShotWork.options(surroundings);
    this.spec = options.addTo(CommandSpec.forAnnotatedObject(this));
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() {
    return new OneShotWork(surroundings, options, spec, true)
        .work(oneShot.manifest(), oneShot.report(), oneShot.printing());
  }
}
