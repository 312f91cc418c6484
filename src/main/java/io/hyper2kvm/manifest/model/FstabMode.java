package io.hyper2kvm.manifest.model;

/** Which rows of the guest's {@code /etc/fstab} are rewritten. */
public enum FstabMode {
  /** Every row whose device name can change between hypervisors; the default. */
  STABILIZE_ALL("stabilize-all"),
  /** Only rows below {@code /dev/disk/by-path}. */
  BYPATH_ONLY("bypath-only"),
  /** No row: the fix was asked for and has nothing to do. */
  NOOP("noop");

  private final String text;

  FstabMode(String text) {
    this.text = text;
  }

  /** The manifest's word for it. */
  public String text() {
    return text;
  }
}
