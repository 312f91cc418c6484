package io.hyper2kvm.image.vmx;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.text.Printable;

/** One factory for each reason to refuse a VMX description. */
public final class VmxRefusals {

  private VmxRefusals() {}

  /** {@code where} names the description. */
  public static ImageRefusedException invalid(String where, String found) {
    return ImageRefusedException.because(
        FailureCode.OVF_INVALID,
        "%s: %s".formatted(where, found),
        "Correct the description, or copy the VM's folder again.");
  }

  /** As {@link #invalid(String, String)}, with the line. */
  public static ImageRefusedException invalid(String where, int line, String found) {
    return invalid("%s, line %d".formatted(where, line), found);
  }

  static ImageRefusedException encrypted(String where, VmxEntry entry) {
    return ImageRefusedException.because(
        FailureCode.VM_ENCRYPTED,
        "%s, line %d: the VM is encrypted by VMware (%s), and what the rest of it says is not known"
            .formatted(where, entry.line(), Printable.of(entry.key())));
  }

  static ImageRefusedException suspended(String where, VmxEntry entry) {
    return ImageRefusedException.because(
        FailureCode.VM_SUSPENDED,
        "%s, line %d: the VM is suspended: its memory is in \"%s\", and its file systems are not closed"
            .formatted(where, entry.line(), Printable.of(entry.value())));
  }
}
