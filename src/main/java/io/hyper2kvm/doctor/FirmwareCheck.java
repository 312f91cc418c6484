package io.hyper2kvm.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Firmware for the boot tests of UEFI guests. */
final class FirmwareCheck implements Check {

  private static final List<String> CODES = List.of("OVMF_CODE_4M.fd", "OVMF_CODE.fd");

  @Override
  public List<Finding> run(Host host) {
    Path folder = host.root().resolve("usr/share/OVMF");
    for (String code : CODES) {
      if (Files.isReadable(folder.resolve(code))
          && Files.isReadable(folder.resolve(code.replace("CODE", "VARS")))) {
        return List.of(Finding.ok("OVMF", folder.resolve(code).toString()));
      }
    }
    return List.of(
        Finding.warn(
            "OVMF",
            "not found; boot tests of UEFI guests fail, all else works",
            "install ovmf if UEFI guests are to be boot-tested"));
  }
}
