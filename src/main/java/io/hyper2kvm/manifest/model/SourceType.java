package io.hyper2kvm.manifest.model;

/** What kind of source a manifest says it names; what it really is, the stage LOAD finds out. */
public enum SourceType {
  VMDK("vmdk"),
  OVA("ova"),
  OVF("ovf"),
  VMX("vmx"),
  VHD("vhd"),
  VHDX("vhdx"),
  RAW("raw"),
  AMI("ami"),
  /** Not said: the source's own header decides. */
  AUTO("auto");

  private final String text;

  SourceType(String text) {
    this.text = text;
  }

  /** The manifest's word for it. */
  public String text() {
    return text;
  }

  /** Whether the source is an OVA, OVF or VMX that brings the list of its disks itself. */
  public boolean bringsItsDisks() {
    return this == OVA || this == OVF || this == VMX;
  }
}
