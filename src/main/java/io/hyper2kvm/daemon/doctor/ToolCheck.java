package io.hyper2kvm.daemon.doctor;

import io.hyper2kvm.tool.ToolFailedException;
import io.hyper2kvm.tool.ToolResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A tool is there, runs, and is new enough. */
final class ToolCheck implements Check {

  private static final Pattern VERSION = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})");

  /**
   * A tool.
   *
   * @param name the program
   * @param debianPackage what to install
   * @param needed whether VMs fail without it
   * @param purpose what it is for
   * @param major oldest version that does
   * @param minor oldest version that does
   */
  record Tool(
      String name, String debianPackage, boolean needed, String purpose, int major, int minor) {}

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
    Matcher version = VERSION.matcher(text);
    if (answer.exitCode() != 0 || !version.find()) {
      return List.of(
          bad(
              "%s does not say its version (exit code %d): %s"
                  .formatted(place.get(), answer.exitCode(), Host.tail(text)),
              "run it by hand; perhaps install %s anew".formatted(tool.debianPackage())));
    }
    int major = Integer.parseInt(version.group(1));
    int minor = Integer.parseInt(version.group(2));
    boolean enough = major > tool.major() || major == tool.major() && minor >= tool.minor();
    String found = "%d.%d (%s)".formatted(major, minor, place.get());
    return List.of(
        enough
            ? Finding.ok(tool.name(), found)
            : bad(
                found + ", which is too old",
                "install version %d.%d or later".formatted(tool.major(), tool.minor())));
  }

  private Finding bad(String found, String advice) {
    return tool.needed()
        ? Finding.fail(tool.name(), found, advice)
        : Finding.warn(tool.name(), found, advice);
  }
}
