package io.hyper2kvm.stage;

import io.hyper2kvm.stage.inspect.InspectStage;
import io.hyper2kvm.stage.inspect.Inspection;
import java.io.IOException;

/** Jobs after LOAD and INSPECT, with the guest in memory instead of an appliance. */
public final class Inspected {

  private Inspected() {}

  /** A new job of these, whose guest was asked all that INSPECT asks. */
  public static VmJob job(Jobs jobs, FakeGuest guest) throws IOException {
    VmJob job = jobs.loaded();
    jobs.load().finish(job);
    InspectStage stage = new InspectStage(jobs.settings());
    stage.begin(job);
    job.appliance().begin(new Inspection(job, jobs.settings()).session());
    guest.talk(job.appliance().session());
    stage.finish(job);
    return job;
  }
}
