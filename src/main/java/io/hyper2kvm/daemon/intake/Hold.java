package io.hyper2kvm.daemon.intake;

import java.time.Instant;
import java.util.Optional;

/**
 * Why no VM of a manifest may begin now.
 *
 * @param reason {@link #SCHEDULE} or {@link #DRAIN}
 * @param until when it ends; empty where somebody ends it
 */
public record Hold(String reason, Optional<Instant> until) {

  public static final String SCHEDULE = "schedule";
  public static final String DRAIN = "drain";

  static final Hold BY_DRAIN = new Hold(DRAIN, Optional.empty());
}
