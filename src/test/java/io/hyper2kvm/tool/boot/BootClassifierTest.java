package io.hyper2kvm.tool.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("property")
class BootClassifierTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          NO_BOOT_DEVICE  ~ SeaBIOS (version 1.16.2)\\nBooting from Hard Disk...\\nBoot failed: not a bootable disk\\n\\nNo bootable device.
          NO_BOOT_DEVICE  ~ Booting from Hard Disk...\\nBoot failed: could not read the boot disk
          NO_BOOT_DEVICE  ~ BdsDxe: No bootable option or device was found.
          NO_BOOT_DEVICE  ~ UEFI Interactive Shell v2.2\\nEDK II\\nMapping table\\nShell> _
          NO_BOOT_DEVICE  ~ Missing operating system
          NO_BOOT_DEVICE  ~ GRUB Hard Disk Error
          GRUB_PROMPT     ~ GNU GRUB  version 2.06\\n   Minimal BASH-like line editing is supported. For the first word, TAB\\n   lists possible command completions.\\n\\ngrub>
          GRUB_PROMPT     ~ error: no such device: 6f1d7c8e.\\nEntering rescue mode...\\ngrub rescue> _
          INITRAMFS_SHELL ~ ALERT!  /dev/sda1 does not exist.  Dropping to a shell!\\n\\nBusyBox v1.35.0 (Debian 1:1.35.0-4) built-in shell (ash)\\nEnter 'help' for a list of built-in commands.\\n\\n(initramfs) _
          INITRAMFS_SHELL ~ (initramfs) [   71.201938] random: crng init done
          INITRAMFS_SHELL ~ Warning: /dev/sda1 does not exist\\nGenerating "/run/initramfs/rdsosreport.txt"\\nEntering emergency mode. Exit the shell to continue.\\nType "journalctl" to view system logs.
          INITRAMFS_SHELL ~ dracut:/#
          INITRAMFS_SHELL ~ mount: /sysroot failed\\n\\nPress Enter for maintenance\\n(or press Control-D to continue):\\n:/# _
          INITRAMFS_SHELL ~ You are now being dropped into an emergency shell.\\nsh: can't access tty\\n[rootfs ]# _
          KERNEL_PANIC    ~ VFS: Cannot open root device "sda1"\\n---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) ]---
          KERNEL_PANIC    ~ Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100
          PASSPHRASE      ~ Please unlock disk sda2_crypt:
          PASSPHRASE      ~ [    3.1] x\\nPlease unlock disk luks-0b1e6f9a-5b1e-4c51-9a7d-2b6d5f0c1a2b: ****
          PASSPHRASE      ~ Please enter passphrase for disk QEMU_HARDDISK (root): (press TAB for no echo)
          PASSPHRASE      ~ Please enter passphrase for disk luks-0b1e6f9a!: _\\n[   12.345678] random: crng init done
          PASSPHRASE      ~ A password is required to access the cryptroot volume:\\nEnter passphrase for /dev/sda2: _
          PASSPHRASE      ~ Welcome to GRUB!\\n\\nEnter passphrase for hd0,msdos1 (0b1e6f9a5b1e4c519a7d2b6d5f0c1a2b):
          PASSPHRASE      ~ Enter passphrase for cryptroot:
          EMERGENCY_MODE  ~ Give root password for maintenance\\n(or type Control-D to continue):
          EMERGENCY_MODE  ~ You are in emergency mode. After logging in, type "journalctl -xb" to view\\nsystem logs, "systemctl reboot" to reboot, "systemctl default" or "exit"\\nto boot into default mode.\\nGive root password for maintenance\\n(or press Control-D to continue): _
          EMERGENCY_MODE  ~ Cannot open access to console, the root account is locked.\\nSee sulogin(8) man page for more details.\\n\\nPress Enter to continue.
          """)
  void aStuckGuestIsClassed(BootFailure expected, String text) {
    assertThat(failure(text.replace("\\n", "\n"), true)).contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          INITRAMFS_SHELL ~ Cinitramfs) _
          INITRAMFS_SHELL ~ ALERT! /dev/sdal does nat exist. Dropping t0 a shell?
          INITRAMFS_SHELL ~ BusyBox v1.35.0 (Debian 1:1.35.0-4+deb1Zui+b1) built-in shell (ash)\\nEnter ‘help’ for a list of built-in commands.
          KERNEL_PANIC    ~ [    2.91] ---[ end Kerne1 pan1c - not syncing: VFS: Unab1e
          EMERGENCY_MODE  ~ Give raot passuord for maintenance
          EMERGENCY_MODE  ~ Y0u are in emergency m0de. After logging in, type “journalctl -xb”
          PASSPHRASE      ~ P1ease unlock dlsk sda2_crypt: _
          GRUB_PROMPT     ~ Minimal BASH-like 1ine editing is supp0rted. For the first uord, TAB
          GRUB_PROMPT     ~ gru6> _
          NO_BOOT_DEVICE  ~ N0 baotable device.
          """)
  void misreadingsAreTolerated(BootFailure expected, String text) {
    assertThat(failure(text.replace("\\n", "\n"), false)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GRUB loading.\nWelcome to GRUB!",
        "GNU GRUB  version 2.06\n*Debian GNU/Linux\n Advanced options for Debian GNU/Linux",
        "[    0.512] Trying to unpack rootfs image as initramfs...\n[    0.9] Freeing initrd memory",
        "Begin: Running /scripts/local-block ... done.\nBegin: Running /scripts/local-block ... done.",
        "Gave up waiting for suspend/resume device",
        "[  OK  ] Reached target emergency.target - Emergency Mode is not this",
        "Starting Rescue Shell... was mentioned (initramfs) in the middle of a line",
        "grub> ls\nGNU GRUB\nLoading Linux 6.1.0 ...\nLoading initial ramdisk ...\nDecompressing",
        "[ 1.0] kernel: panic_timeout=0 softlockup_panic=0",
      })
  void aGuestOnItsWayIsNotClassed(String text) {
    assertThat(BootClassifier.classify(text, true)).isEmpty();
    assertThat(BootClassifier.classify(text, false)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Debian GNU/Linux 12 web01 tty1\n\nweb01 login: ",
        "Debian GNU/Linux 12 web01 tty1\n\nyebO1 login: _",
        "localhost login:",
        "web01 login: [   40.123456] random: crng init done",
        "You are in emergency mode\nwas long ago\nweb01 login:",
      })
  void aLoginPromptIsSuccess(String text) {
    assertThat(BootClassifier.classify(text, true))
        .hasValueSatisfying(it -> assertThat(it.failure()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Last login: Tue Nov 24", "pam: failed login: root", "login: "})
  void aMentionOfALoginIsNone(String text) {
    assertThat(BootClassifier.classify(text, true)).isEmpty();
  }

  @Test
  void bootCodeThatSaysNothingHasToStayLong() {
    BootFinding finding =
        BootClassifier.classify("SeaBIOS\nBooting from Hard Disk...", true).orElseThrow();

    assertThat(finding.failure()).contains(BootFailure.NO_BOOT_DEVICE);
    assertThat(finding.isWeak()).isTrue();
    assertThat(finding.settle()).isGreaterThanOrEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void aPhraseBrokenAtTheLineEndIsFound() {
    assertThat(failure("---[ end Kernel panic - not sync\ning: VFS", true))
        .contains(BootFailure.KERNEL_PANIC);
  }

  @Test
  void whatScrolledAwayDoesNotCount() {
    String text = "No bootable device.\n" + "[  OK  ] Started something.\n".repeat(40);

    assertThat(BootClassifier.classify(text, true)).isEmpty();
  }

  @Property
  void anyTextHasAnAnswer(@ForAll @StringLength(max = 5000) String text, @ForAll boolean exact) {
    assertThat(BootClassifier.classify(text, exact)).isNotNull();
  }

  @Test
  @Timeout(60)
  void aHostileTextIsReadInTime() {
    for (String unit : new String[] {"(", "a ", "login:", "[ ", " ", "grub ", "\u0130", "x\n"}) {
      assertThat(BootClassifier.classify(unit.repeat(30_000), false)).isNotNull();
    }
  }

  private static Optional<BootFailure> failure(String text, boolean exact) {
    return BootClassifier.classify(text, exact).flatMap(BootFinding::failure);
  }
}
