package io.hyper2kvm.manifest.model;

/**
 * Whether the stage INSPECT runs. Neither requested nor disabled means: it runs when a fix or a
 * check inside the guest needs it.
 *
 * @param requested the section is there and not switched off
 * @param disabled the section says {@code enabled: false}
 * @param detectOs whether the guest's operating system is detected
 */
public record InspectSpec(boolean requested, boolean disabled, boolean detectOs) {

  public InspectSpec {
    if (requested && disabled) {
      throw new IllegalArgumentException("inspect is both requested and disabled");
    }
  }
}
