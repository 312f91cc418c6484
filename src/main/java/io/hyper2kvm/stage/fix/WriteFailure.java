package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.text.Printable;
import java.util.List;

/** Why a file could not be written into the guest, by what the appliance said of it. */
final class WriteFailure {

  private WriteFailure() {}

  /**
   * The failure.
   *
   * @param file the guest's file
   * @param log the last of what the appliance wrote to its log
   */
  static StageFailedException of(String file, String log) {
    List<String> about = log.lines().filter(line -> line.contains(file)).toList();
    String said = about.isEmpty() ? log : String.join("\n", about);
    FailureCode code = code(said);
    String hint =
        said.contains("Operation not permitted")
            ? "; look at its attributes with lsattr: an immutable file must be freed by chattr -i"
            : "";
    return StageFailedException.because(
        code,
        "the guest's %s could not be written: %s%s"
            .formatted(Printable.guestLine(file), log, hint));
  }

  static FailureCode code(String said) {
    if (said.contains("No space left on device") || said.contains("Disk quota exceeded")) {
      return FailureCode.GUEST_NO_SPACE;
    }
    return said.contains("Read-only file system") || said.contains("Operation not permitted")
        ? FailureCode.GUEST_READ_ONLY
        : FailureCode.APPLIANCE_FAILED;
  }
}
