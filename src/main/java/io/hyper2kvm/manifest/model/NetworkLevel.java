package io.hyper2kvm.manifest.model;

/** How far the guest's network configuration is changed. */
public enum NetworkLevel {
  /** Interface names and static addresses survive the new network card; the default. */
  FULL("full"),
  /** Only stale hardware pins and hypervisor driver names go. */
  BASIC("basic"),
  /** Nothing: the fix was asked for and has nothing to do. */
  NONE("none");

  private final String text;

  NetworkLevel(String text) {
    this.text = text;
  }

  /** The manifest's word for it. */
  public String text() {
    return text;
  }
}
