package io.hyper2kvm.doctor;

import io.hyper2kvm.tool.KnownTool;
import io.hyper2kvm.tool.ToolFailedException;
import io.hyper2kvm.tool.ToolResult;
import io.hyper2kvm.tool.ToolVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A tool is there, runs, and is new enough. */
final class ToolCheck implements Check {

  /**
   * A tool.
   *
   * @param name the program
   * @param debianPackage what to install
   * @param needed whether VMs fail without it
   * @param purpose what it is for
   * @param oldest the oldest version that does
   */
  record Tool(
      String name, String debianPackage, boolean needed, String purpose, ToolVersion oldest) {

    static Tool needed(KnownTool tool, String purpose) {
      return new Tool(tool.program(), tool.debianPackage(), true, purpose, tool.oldest());
    }
  }

  private final Tool tool;

  ToolCheck(Tool tool) {
    this.tool = tool;
  }

  @Override
  public List<Finding> run(Host host) {
    Optional<Path> place = host.find(tool.name());
    if (place.isEmpty()) {
      return List.of(
          bad(
              "not found; it is for " + tool.purpose(),
              "install %s".formatted(tool.debianPackage())));
    }
    ToolResult answer;
    try {
      answer = host.run(tool.name(), List.of("--version"), host.patience());
    } catch (ToolFailedException e) {
      return List.of(
          bad(
              "%s: %s".formatted(place.get(), Host.tail(e.getMessage())),
              "run it by hand; perhaps install %s anew".formatted(tool.debianPackage())));
    }
    String text = answer.text() + "\n" + answer.stderrTail();
    Optional<ToolVersion> version = ToolVersion.in(text);
    if (answer.exitCode() != 0 || version.isEmpty()) {
      return List.of(
          bad(
              "%s does not say its version (exit code %d): %s"
                  .formatted(place.get(), answer.exitCode(), Host.tail(text)),
              "run it by hand; perhaps install %s anew".formatted(tool.debianPackage())));
    }
    boolean enough = version.get().isAtLeast(tool.oldest());
    String found = "%s (%s)".formatted(version.get(), place.get());
    return List.of(
        enough
            ? Finding.ok(tool.name(), found)
            : bad(
                found + ", which is too old",
                "install version %s or later".formatted(tool.oldest())));
  }

  private Finding bad(String found, String advice) {
    return tool.needed()
        ? Finding.fail(tool.name(), found, advice)
        : Finding.warn(tool.name(), found, advice);
  }
}
