package io.hyper2kvm.guest.selinux;

import java.util.Locale;

/** What SELinux does in a guest when it runs. */
public enum SelinuxMode {
  /** It is not there, or switched off: labels mean nothing. */
  DISABLED,
  /** Violations are logged. */
  PERMISSIVE,
  /** Violations are denied: a file without its label may keep the guest from starting. */
  ENFORCING;

  /** As it is written in the guest's configuration. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
