package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guestfish.Guestfish;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolResult;

/** The guestfish session of a stage, one script at a time. Called from guestfish-session. */
public final class GuestTalk {

  /** Goes on to the next script that there is to send, if there is one. */
  public void advance(VmJob job) {
    job.appliance().session().advance();
  }

  /** Whether there is a script to send. */
  public boolean hasQuestion(VmJob job) {
    return job.appliance().session().hasQuestion();
  }

  /** The call of guestfish that sends the script to the VM's listening process. */
  public ToolCall question(VmJob job) {
    return call(job, job.appliance().session().question());
  }

  /** The call that sends a script to the VM's listening process. */
  static ToolCall call(VmJob job, String script) {
    long pid =
        job.appliance().pid().orElseThrow(() -> new IllegalStateException("there is no appliance"));
    return ToolCall.of(Guestfish.remote(pid)).withInput(script);
  }

  /** Takes what guestfish printed. */
  public void answer(VmJob job, ToolResult result) {
    job.appliance().session().answer(result.stdout());
  }
}
