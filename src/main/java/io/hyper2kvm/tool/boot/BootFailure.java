package io.hyper2kvm.tool.boot;

/** The point at which a failed boot ended. */
public enum BootFailure {
  /** The firmware found nothing it could start, or what it started never said a word. */
  NO_BOOT_DEVICE,
  /** The boot loader runs but lacks its configuration or its modules. */
  GRUB_PROMPT,
  /** The kernel runs but its initramfs found no root file system. */
  INITRAMFS_SHELL,
  /** The kernel, or Windows, stopped. */
  KERNEL_PANIC,
  /** systemd gave up and asks for the root password. */
  EMERGENCY_MODE,
  /** Nothing above was seen, and no sign of life either, until the time was over. */
  TIMEOUT,
  /** QEMU did not start or ended by itself; says nothing about the guest. */
  QEMU_FAILED,
  /** The guest reset itself again and again. */
  REBOOT_LOOP,
  /** The guest switched itself off before it was up. */
  POWERED_OFF
}
