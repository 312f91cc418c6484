package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.ApplianceLog;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.tool.ToolCall;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Ends a VM's appliance, so that all its writes are in the overlays. */
public final class ApplianceEnd {

  private static final int EXIT_SECONDS = 60;
  private static final Pattern LOST_WRITE =
      Pattern.compile("libguestfs: error: (sync|umount_all|shutdown)\\b");

  /** Whether an appliance is there to be ended. */
  public boolean isNeeded(VmJob job) {
    return job.appliance().pid().isPresent();
  }

  /** Gets the last script ready: unmount, and stop the appliance's kernel in order. */
  public void begin(VmJob job) {
    job.appliance()
        .begin(
            new GuestfishSession()
                .then(
                    () ->
                        new GuestfishScript()
                            .run("sync")
                            .run("umount-all")
                            .ask("mounted", "mountpoints")
                            .run("shutdown"),
                    answers -> {
                      if (answers.has("mounted")) {
                        throw StageFailedException.because(
                            FailureCode.APPLIANCE_FAILED,
                            "the guest's file systems could not be unmounted: "
                                + ApplianceLog.tail(job));
                      }
                    }));
  }

  /** The call of guestfish that ends the listening process itself. */
  public ToolCall exit(VmJob job) {
    return GuestTalk.call(job, "exit\n");
  }

  /** The listening process must be gone before its overlays are read. */
  public void awaitExit(VmJob job) throws InterruptedException {
    var process = job.appliance().process();
    if (process.isPresent()) {
      try {
        process.get().onExit().get(EXIT_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw StageFailedException.causedBy(
            FailureCode.APPLIANCE_FAILED, "the appliance did not end when told to", e);
      }
    }
    job.appliance().ended();
    // A write that the disk did not take shows only here: the files were read back from memory.
    String log = ApplianceLog.tail(job);
    if (LOST_WRITE.matcher(log).find()) {
      throw StageFailedException.because(
          FailureCode.APPLIANCE_FAILED, "the appliance did not end in order: " + log);
    }
  }
}
