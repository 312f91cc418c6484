package io.hyper2kvm.stage;

import io.hyper2kvm.guestfish.GuestfishSession;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The one appliance of a VM: the process of its listening guestfish, while there is one, and the
 * session that a stage holds with it.
 */
public final class JobAppliance {

  private OptionalLong pid = OptionalLong.empty();
  private Optional<ProcessHandle> process = Optional.empty();
  private GuestfishSession session = new GuestfishSession();

  /** The process id of the listening guestfish; empty when there is none. */
  public OptionalLong pid() {
    return pid;
  }

  /** That process itself: its id may long be another's when it has died. */
  public Optional<ProcessHandle> process() {
    return process;
  }

  /** The listening guestfish has this process id. */
  public void started(long listener) {
    pid = OptionalLong.of(listener);
    process = ProcessHandle.of(listener);
  }

  /** There is none any more. */
  public void ended() {
    pid = OptionalLong.empty();
    process = Optional.empty();
  }

  /** What the stage that talks to it now has to ask. */
  public GuestfishSession session() {
    return session;
  }

  /** Another stage begins to talk to it. */
  public void begin(GuestfishSession next) {
    session = next;
  }
}
