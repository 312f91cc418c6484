package io.hyper2kvm.manifest.model;

/** What becomes of the former hypervisor's tools in the guest. */
public enum GuestToolsMode {
  /** They stay; what of them would stop or delay the boot is disabled. The default of any fix. */
  KEEP("keep"),
  /** They are taken out of the guest. */
  REMOVE("remove"),
  /** They stay as they are; what of them would stop or delay the boot is a warning. */
  LEFT_ALONE("left_alone");

  private final String text;

  GuestToolsMode(String text) {
    this.text = text;
  }

  /** The word for it; a manifest says {@code left_alone} by an object with {@code enabled}. */
  public String text() {
    return text;
  }
}
