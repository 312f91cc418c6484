package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.tool.ToolResult;

/** One question and its answer at a time, for route guest-talk. */
public final class GuestTalk {

  /** Whether the stage has a question left. */
  public boolean hasQuestion(VmJob job) {
    return job.dialogue().hasQuestion();
  }

  /** The script to send to the VM's listening guestfish. */
  public String question(VmJob job) {
    return job.dialogue().question();
  }

  /** Takes what guestfish printed. */
  public void answer(VmJob job, ToolResult result) {
    job.dialogue().answer(result.stdout());
  }
}
