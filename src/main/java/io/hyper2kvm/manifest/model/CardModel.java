package io.hyper2kvm.manifest.model;

/** The model of the network cards of a VM's libvirt domain. */
public enum CardModel {
  VIRTIO("virtio"),
  /** Intel 82574L; known to Linux since 2.6.25 and to Windows since Server 2008 R2. */
  E1000E("e1000e"),
  /** Intel 82540EM; for older guests. */
  E1000("e1000"),
  /** Realtek 8139; for the oldest. */
  RTL8139("rtl8139"),
  /** VMware's card, for a guest that has no other driver. */
  VMXNET3("vmxnet3");

  private final String text;

  CardModel(String text) {
    this.text = text;
  }

  /** The manifest's word for it, and libvirt's. */
  public String text() {
    return text;
  }
}
