package io.hyper2kvm.daemon.intake;

import io.hyper2kvm.report.LiveView;
import java.time.Instant;
import java.util.Optional;

/**
 * Why no VM of a manifest may begin now.
 *
 * @param reason {@link #SCHEDULE} or {@link #DRAIN}
 * @param until when it ends; empty where somebody ends it
 */
public record Hold(String reason, Optional<Instant> until) {

  public static final String SCHEDULE = LiveView.SCHEDULE;
  public static final String DRAIN = LiveView.DRAIN;

  static final Hold BY_DRAIN = new Hold(DRAIN, Optional.empty());
}
