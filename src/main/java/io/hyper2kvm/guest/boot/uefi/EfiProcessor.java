package io.hyper2kvm.guest.boot.uefi;

import java.util.List;
import java.util.Locale;

/**
 * The processors that UEFI firmware is made for: their names in file names, and their numbers in PE
 * headers (UEFI specification, 3.5.1.1; PE format, machine types).
 */
public enum EfiProcessor {
  X64(0x8664),
  IA32(0x14c),
  AA64(0xaa64),
  ARM(0x1c2),
  RISCV64(0x5064),
  LOONGARCH64(0x6264);

  private final int machine;

  EfiProcessor(int machine) {
    this.machine = machine;
  }

  /**
   * The processors of the firmware that may have started a guest, the likeliest first; empty for
   * one that has no UEFI.
   *
   * @param architecture as uname spells it; empty when it is not known, which counts as a PC
   */
  public static List<EfiProcessor> of(String architecture) {
    return switch (architecture) {
      // Either may run under either: firmware of 32 bits starts a kernel of 64.
      case "", "x86_64", "i386" -> List.of(X64, IA32);
      case "aarch64" -> List.of(AA64);
      case "arm" -> List.of(ARM);
      case "riscv64" -> List.of(RISCV64);
      default -> List.of();
    };
  }

  /** The number in the header of a program for it. */
  public int machine() {
    return machine;
  }

  /** Its name within file names: {@code x64}. */
  public String suffix() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The file in {@code /EFI/BOOT} that firmware starts without a boot entry. */
  public String removableName() {
    return "BOOT" + name() + ".EFI";
  }
}
