package io.hyper2kvm.tool.boot;

/** The point at which a failed boot ended. */
public enum BootFailure {
  /** The firmware found nothing to start, or what it started printed nothing. */
  NO_BOOT_DEVICE,
  /** The boot loader runs but lacks its configuration or its modules. */
  GRUB_PROMPT,
  /** The kernel runs but its initramfs found no root file system. */
  INITRAMFS_SHELL,
  /** The kernel, or Windows, stopped. */
  KERNEL_PANIC,
  /** The guest waits for the passphrase of an encrypted volume, which nobody types here. */
  PASSPHRASE,
  /** systemd gave up and asks for the root password. */
  EMERGENCY_MODE,
  /** Neither one of these failures nor evidence of a boot was seen before the time limit. */
  TIMEOUT,
  /** QEMU did not start or ended by itself; says nothing about the guest. */
  QEMU_FAILED,
  /** The guest reset itself again and again. */
  REBOOT_LOOP,
  /** The guest switched itself off before it was up. */
  POWERED_OFF
}
