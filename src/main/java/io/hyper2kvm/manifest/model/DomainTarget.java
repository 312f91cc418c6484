package io.hyper2kvm.manifest.model;

import java.util.Optional;

/** For what a VM is described beside its outputs. */
public enum DomainTarget {
  /** A domain of libvirt's. */
  LIBVIRT("libvirt", "libvirt domain", "domain_xml", ".xml"),
  /** A VirtualMachine of KubeVirt's, with its volumes. */
  KUBEVIRT("kubevirt", "KubeVirt VM", "kubevirt_yaml", ".kubevirt.yaml"),
  /** Nothing is written. */
  NONE("none", "", "", "");

  private final String text;
  private final String what;
  private final String key;
  private final String ending;

  DomainTarget(String text, String what, String key, String ending) {
    this.text = text;
    this.what = what;
    this.key = key;
    this.ending = ending;
  }

  /** The manifest's word for it. */
  public String text() {
    return text;
  }

  /** What is written, for a message; empty when nothing is. */
  public String what() {
    return what;
  }

  /** The key of reports for what is written; empty when nothing is. */
  public String key() {
    return key;
  }

  /**
   * The name of the file that is written, which lies beside the first disk.
   *
   * @param vm the VM's name
   * @return empty when nothing is written
   */
  public Optional<String> fileName(String vm) {
    return this == NONE ? Optional.empty() : Optional.of(vm + ending);
  }
}
