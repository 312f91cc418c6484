package io.hyper2kvm.tool.boot;

import java.nio.file.Path;
import java.util.Objects;

/**
 * UEFI firmware for a boot, raw flash images. Neither is written: the variables go to a temporary
 * snapshot like the disks.
 *
 * @param code the firmware's code, such as {@code OVMF_CODE_4M.fd}; absolute
 * @param vars its variable store, such as {@code OVMF_VARS_4M.fd}; absolute
 */
public record BootFirmware(Path code, Path vars) {

  public BootFirmware {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(vars, "vars");
    if (!code.isAbsolute() || !vars.isAbsolute()) {
      throw new IllegalArgumentException("firmware paths are not absolute: " + code + ", " + vars);
    }
  }
}
