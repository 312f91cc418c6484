package io.hyper2kvm.guest.leftover;

/** A hypervisor whose tools a guest may have. */
public enum Hypervisor {
  VMWARE("vmware", "VMware", "vmware"),
  VIRTUALBOX("virtualbox", "VirtualBox", "oracle"),
  HYPER_V("hyper-v", "Hyper-V", "microsoft"),
  XEN("xen", "Xen", "xen"),
  PARALLELS("parallels", "Parallels", "parallels");

  private final String text;
  private final String title;
  private final String virtualization;

  Hypervisor(String text, String title, String virtualization) {
    this.text = text;
    this.title = title;
    this.virtualization = virtualization;
  }

  /** The word for it in the report. */
  public String text() {
    return text;
  }

  /** Its name. */
  String title() {
    return title;
  }

  /** What systemd's {@code ConditionVirtualization=} calls it. */
  String virtualization() {
    return virtualization;
  }
}
