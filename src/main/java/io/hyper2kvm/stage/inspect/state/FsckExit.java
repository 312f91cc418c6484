package io.hyper2kvm.stage.inspect.state;

import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import java.util.Optional;
import java.util.regex.Pattern;

/** The exit code of fsck in the appliance, which guestfish prints in hexadecimal. */
final class FsckExit {

  /** From this code on, errors are left, or fsck itself failed. */
  static final int LEFT_ERRORS = 4;

  private static final Pattern CODE = Pattern.compile("0x[0-9a-fA-F]{1,4}|[0-9]{1,4}");

  private FsckExit() {}

  /** Asks for the check of a file system that is not mounted: {@code fsck -a}. */
  static void ask(GuestfishScript script, GuestPartition partition) {
    script.ask(key(partition), "fsck", partition.fsType(), partition.device());
  }

  /** The answer; empty if fsck was not asked for, or could not be run. */
  static Optional<Integer> of(GuestfishAnswers answers, GuestPartition partition) {
    String said = answers.text(key(partition)).strip();
    if (!CODE.matcher(said).matches()) {
      return Optional.empty();
    }
    return Optional.of(
        said.startsWith("0x") ? Integer.parseInt(said.substring(2), 16) : Integer.parseInt(said));
  }

  private static String key(GuestPartition partition) {
    return partition.device() + "/fsck";
  }
}
