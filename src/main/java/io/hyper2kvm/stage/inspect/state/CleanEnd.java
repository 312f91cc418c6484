package io.hyper2kvm.stage.inspect.state;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.state.FileSystemState;
import io.hyper2kvm.guest.state.FileSystemState.Kind;
import io.hyper2kvm.guest.state.KernelLog;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The file systems after the fixes: unmounted, and whole by their own superblocks and by all that
 * the appliance's kernel said while it changed them.
 */
public final class CleanEnd {

  private final List<GuestPartition> partitions;
  private final GuestState before;

  /**
   * The end of a guest's fixes.
   *
   * @param partitions those that were mounted
   * @param before what INSPECT found
   */
  public CleanEnd(List<GuestPartition> partitions, GuestState before) {
    this.partitions = List.copyOf(partitions);
    this.before = before;
  }

  /**
   * Adds the turn that unmounts everything and looks at it.
   *
   * @param report takes the rows of the report
   */
  public void ask(GuestfishSession session, Consumer<List<Object>> report) {
    session.then(
        this::script,
        answers -> {
          refuseDamage(answers);
          report.accept(rows(answers));
        });
  }

  private GuestfishScript script() {
    GuestfishScript script = new GuestfishScript().run("umount-all").ask("dmesg", "dmesg");
    for (GuestPartition partition : partitions) {
      if (before.fsck().containsKey(partition.device())) {
        FsckExit.ask(script, partition);
      }
      Superblocks.ask(script, partition);
    }
    return script;
  }

  private void refuseDamage(GuestfishAnswers answers) {
    List<String> errors = new ArrayList<>(KernelLog.of(answers.text("dmesg")).errors());
    errors.removeAll(before.errors());
    if (!errors.isEmpty()) {
      throw damaged(
          "the appliance's kernel found damage while the guest was fixed: "
              + Printable.guestLine(errors.get(0)));
    }
    for (GuestPartition partition : partitions) {
      FileSystemState state = Superblocks.state(answers, partition);
      if (before.fsck().containsKey(partition.device())
          && FsckExit.of(answers, partition).orElse(FsckExit.LEFT_ERRORS) >= FsckExit.LEFT_ERRORS) {
        throw damaged("after the fixes, fsck of %s fails".formatted(partition.place()));
      }
      if (state.kind() != Kind.UNKNOWN && state.kind() != Kind.CLEAN) {
        boolean known =
            state.kind() == state(partition).kind()
                && !before.fsck().containsKey(partition.device());
        if (state.kind() != Kind.ERRORS || !known) {
          throw damaged(
              "after the fixes, %s is not clean: %s".formatted(partition.place(), state.detail()));
        }
      }
    }
  }

  private FileSystemState state(GuestPartition partition) {
    return before.states().getOrDefault(partition.device(), FileSystemState.NOT_KNOWN);
  }

  private static StageFailedException damaged(String message) {
    return StageFailedException.because(FailureCode.GUEST_FILE_SYSTEM_DAMAGED, message);
  }

  private List<Object> rows(GuestfishAnswers answers) {
    List<Object> rows = new ArrayList<>();
    for (GuestPartition partition : partitions) {
      FileSystemState state = Superblocks.state(answers, partition);
      if (state.kind() != Kind.UNKNOWN) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("device", partition.device());
        row.put("state", state.kind().word());
        FsckExit.of(answers, partition).ifPresent(exit -> row.put("fsck_exit_code", exit));
        rows.add(row);
      }
    }
    return rows;
  }
}
