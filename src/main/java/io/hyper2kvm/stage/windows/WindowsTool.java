package io.hyper2kvm.stage.windows;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.tool.KnownTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What virt-v2v-in-place needs on this machine before it can fix a Windows. */
public final class WindowsTool {

  /** The program. */
  public static final String NAME = "virt-v2v-in-place";

  /** Where the drivers are, for the program. */
  static final String DRIVERS_VARIABLE = "VIRTIO_WIN";

  private static final String DATA_VARIABLE = "VIRT_TOOLS_DATA_DIR";
  private static final String USUAL_DATA = "/usr/share/virt-tools";

  /** Either one runs the program's scripts at the first start of the Windows. */
  private static final List<String> RUNNERS = List.of("rhsrvany.exe", "pvvxsvc.exe");

  private WindowsTool() {}

  /**
   * Requires the program and its files.
   *
   * @param environment that of the tools
   * @throws StageFailedException when one is missing
   */
  public static void require(Map<String, String> environment) {
    lack(environment)
        .ifPresent(
            reason -> {
              throw StageFailedException.because(FailureCode.TOOL_NOT_FOUND, reason);
            });
  }

  /** What is missing, and what to do about it. */
  public static Optional<String> lack(Map<String, String> environment) {
    if (KnownTool.find(NAME, environment).isEmpty()) {
      return Optional.of(
          "%s is in none of %s: it puts the drivers into a Windows; install the package virt-v2v, or leave out fix.windows"
              .formatted(NAME, environment.getOrDefault("PATH", "")));
    }
    Path folder = Path.of(environment.getOrDefault(DATA_VARIABLE, USUAL_DATA));
    return RUNNERS.stream().anyMatch(name -> Files.isReadable(folder.resolve(name)))
        ? Optional.empty()
        : Optional.of(
            "%s has neither %s: %s needs one of them; put one there, or name its folder in the variable %s of this program's environment"
                .formatted(folder, String.join(" nor ", RUNNERS), NAME, DATA_VARIABLE));
  }
}
