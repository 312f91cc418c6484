package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guestfish.Guestfish;
import io.hyper2kvm.stage.ApplianceLog;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolRecord;
import io.hyper2kvm.tool.ToolResult;
import java.io.IOException;

/** Starts the listening process of a VM's appliance. */
public final class ApplianceStart {

  private ApplianceStart() {}

  /** The call of guestfish that starts the listening process, which goes on after it. */
  public static ToolCall call(VmJob job) {
    return ToolCall.of(Guestfish.listen()).withErrorsIn(ApplianceLog.of(job));
  }

  /** The listening process is there. */
  public static void accept(VmJob job, ToolResult result) throws IOException {
    try {
      long pid = Guestfish.parsePid(result.text());
      if (!job.toolFiles().user().owns(pid)) {
        // It would be ended at the end, whatever it is.
        throw StageFailedException.because(
            FailureCode.APPLIANCE_FAILED,
            "guestfish names process %d, which is none of %s's"
                .formatted(pid, job.toolFiles().user().name()));
      }
      job.appliance().started(pid);
      // It outlives the command that started it.
      ToolRecord.write(job.directory(), pid);
    } catch (IllegalArgumentException e) {
      throw StageFailedException.causedBy(FailureCode.APPLIANCE_FAILED, e.getMessage(), e);
    }
  }
}
