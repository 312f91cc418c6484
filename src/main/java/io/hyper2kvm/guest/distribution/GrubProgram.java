package io.hyper2kvm.guest.distribution;

import java.util.Objects;

/**
 * A guest's own program that writes the menu of GRUB.
 *
 * @param program its path, absolute
 * @param configuration the menu that it writes on a machine that starts by BIOS, absolute
 */
public record GrubProgram(String program, String configuration) {

  /** GRUB's own names. */
  static final GrubProgram GRUB = new GrubProgram("/usr/sbin/grub-mkconfig", "/boot/grub/grub.cfg");

  /** The same where programs of users and of the system are apart. */
  static final GrubProgram GRUB_IN_BIN =
      new GrubProgram("/usr/bin/grub-mkconfig", "/boot/grub/grub.cfg");

  /** The names that the families of Red Hat and SUSE give it beside GRUB legacy. */
  static final GrubProgram GRUB2 =
      new GrubProgram("/usr/sbin/grub2-mkconfig", "/boot/grub2/grub.cfg");

  public GrubProgram {
    Objects.requireNonNull(program, "program");
    Objects.requireNonNull(configuration, "configuration");
  }
}
