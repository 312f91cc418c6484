package io.hyper2kvm.guest.network.survey;

/** How much of the guest's network configuration may change. */
public enum Level {
  /** Names and addresses survive: stale pins go and the names are pinned to the virtio cards. */
  FULL,
  /** Only stale hardware pins and hypervisor driver names go; no file is added. */
  BASIC,
  /** Nothing changes. */
  NONE
}
