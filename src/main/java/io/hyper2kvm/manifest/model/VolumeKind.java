package io.hyper2kvm.manifest.model;

/** By what a VM of KubeVirt's gets the volumes for its disks. */
public enum VolumeKind {
  /** DataVolumes of CDI's, which wait for an upload. */
  DATA_VOLUME("data_volume"),
  /** PersistentVolumeClaims that somebody else makes. */
  PVC("pvc");

  private final String text;

  VolumeKind(String text) {
    this.text = text;
  }

  /** The manifest's word for it. */
  public String text() {
    return text;
  }
}
