package io.hyper2kvm.stage.inspect;

import java.nio.charset.StandardCharsets;

/** Names of processors in the head of an ELF file. */
final class ElfMachine {

  private ElfMachine() {}

  /** The processor as uname spells it; empty when the bytes are no head of an ELF file. */
  static String name(byte[] head) {
    if (head.length < 20 || !"\177ELF".equals(new String(head, 0, 4, StandardCharsets.US_ASCII))) {
      return "";
    }
    boolean little = head[5] == 1;
    int low = head[little ? 18 : 19] & 0xff;
    int high = head[little ? 19 : 18] & 0xff;
    return switch (high << 8 | low) {
      case 3 -> "i386";
      case 62 -> "x86_64";
      case 183 -> "aarch64";
      case 40 -> "arm";
      case 21 -> little ? "ppc64le" : "ppc64";
      case 22 -> "s390x";
      case 243 -> "riscv64";
      default -> "elf-" + (high << 8 | low);
    };
  }
}
