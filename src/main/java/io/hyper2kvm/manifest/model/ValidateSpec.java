package io.hyper2kvm.manifest.model;

/**
 * What the stage VALIDATE checks.
 *
 * @param enabled whether the output is checked at all; true when the manifest says nothing
 * @param bootTest whether the output is also booted; never true when {@code enabled} is false
 */
public record ValidateSpec(boolean enabled, boolean bootTest) {

  public ValidateSpec {
    if (bootTest && !enabled) {
      throw new IllegalArgumentException("bootTest without enabled");
    }
  }
}
