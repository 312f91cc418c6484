package io.hyper2kvm.manifest.model;

/** What a batch does with the VMs not yet started when one of its VMs has failed. */
public enum OnFailure {
  /** The other VMs run all the same; the default. */
  CONTINUE("continue"),
  /** No further VM is started. */
  STOP("stop");

  private final String text;

  OnFailure(String text) {
    this.text = text;
  }

  /** The manifest's word for it. */
  public String text() {
    return text;
  }
}
