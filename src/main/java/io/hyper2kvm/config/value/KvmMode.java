package io.hyper2kvm.config.value;

/** Whether the appliance and the boot test run with hardware acceleration. */
public enum KvmMode {
  /** Use KVM if a probe shows that it works on this host. */
  AUTO,
  /** Use KVM; a host where it does not work is a failure. */
  ON,
  /** Emulate the processor; slow, works everywhere. */
  OFF
}
