package io.hyper2kvm.guest.boot.uefi;

import static io.hyper2kvm.guest.boot.uefi.Esp.guest;
import static io.hyper2kvm.guest.boot.uefi.FirmwareStart.Outcome.NOTHING;
import static io.hyper2kvm.guest.boot.uefi.FirmwareStart.Outcome.NOT_KNOWN;
import static io.hyper2kvm.guest.boot.uefi.FirmwareStart.Outcome.STARTS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FirmwareStartTest {

  private static final String BOOT = "/EFI/BOOT/BOOTX64.EFI";
  private static final byte[] SHIM = Esp.shim("grubx64.efi", "fbx64.efi", "mmx64.efi");

  /**
   * What a RHEL has: shim and fallback at the removable-media path, and the list beside its own.
   */
  private static Esp rhel() {
    return Esp.first()
        .put(BOOT, SHIM)
        .with("/EFI/BOOT/fbx64.efi", "/EFI/redhat/grubx64.efi")
        .put("/EFI/redhat/shimx64.efi", SHIM);
  }

  private static String list(String program) {
    return FallbackList.of(program, "Red Hat Enterprise Linux");
  }

  static Stream<Arguments> partitions() {
    return Stream.of(
        Arguments.of(STARTS, "a loader", Esp.first().with(BOOT), "firmware starts " + BOOT),
        Arguments.of(STARTS, "lower case", Esp.first().with("/efi/boot/bootx64.efi"), "bootx64"),
        Arguments.of(
            NOT_KNOWN,
            "a name without a header",
            Esp.first().put(BOOT, "MZ".getBytes(StandardCharsets.UTF_8)),
            "PE header could not be read"),
        Arguments.of(
            STARTS,
            "shim with its GRUB",
            Esp.first().put(BOOT, SHIM).with("/EFI/BOOT/grubx64.efi"),
            "firmware starts"),
        Arguments.of(
            STARTS,
            "shim with fallback and a list",
            rhel().text("/EFI/redhat/BOOTX64.CSV", list("shimx64.efi")),
            "firmware starts"),
        Arguments.of(
            STARTS,
            "a list without the processor in its name",
            rhel().text("/EFI/redhat/boot.csv", list("shimx64.efi")),
            "firmware starts"),
        Arguments.of(
            STARTS,
            "a unified kernel image",
            Esp.first().put(BOOT, Esp.pe(0x8664, 10, "uki", List.of(".sdmagic", ".linux"))),
            "firmware starts"),
        Arguments.of(NOTHING, "vendor's alone", Esp.debian(), "has no " + BOOT),
        Arguments.of(NOTHING, "an empty file", Esp.first().put(BOOT, new byte[0]), "is empty"),
        Arguments.of(NOTHING, "zeros", Esp.first().put(BOOT, new byte[4096]), "is no program"),
        Arguments.of(
            NOTHING,
            "another processor's under this name",
            Esp.first().put(BOOT, Esp.pe(EfiProcessor.IA32, "grub")),
            "PE machine 0x14c, not 0x8664"),
        Arguments.of(
            NOTHING,
            "a driver",
            Esp.first().put(BOOT, Esp.pe(0x8664, 11, "driver", List.of())),
            "is not an EFI application"),
        Arguments.of(
            NOTHING,
            "the fallback program alone",
            Esp.first().with("/EFI/BOOT/fbx64.efi"),
            "has no " + BOOT),
        Arguments.of(NOTHING, "shim with fallback without a list", rhel(), "finds no list"),
        Arguments.of(
            NOTHING,
            "a list that names what is not there",
            rhel().text("/EFI/redhat/BOOTX64.CSV", list("shim.efi")),
            "finds no list"),
        Arguments.of(
            NOTHING,
            "shim without its GRUB",
            Esp.first().put(BOOT, SHIM),
            "is a shim without its grubx64.efi"),
        Arguments.of(
            NOTHING,
            "systemd-boot of an earlier installation",
            Esp.first().put(BOOT, Esp.pe(0x8664, 10, "sd", List.of(".text", ".sdmagic"))),
            "systemd-boot without entries"),
        Arguments.of(
            NOTHING,
            "only another processor's name",
            Esp.first().put("/EFI/BOOT/BOOTAA64.EFI", Esp.pe(EfiProcessor.AA64, "grub")),
            "has no " + BOOT),
        Arguments.of(
            NOT_KNOWN,
            "for firmware of 32 bits",
            Esp.first().put("/EFI/BOOT/BOOTIA32.EFI", Esp.pe(EfiProcessor.IA32, "grub")),
            "32 bits only"),
        Arguments.of(
            NOT_KNOWN,
            "a script for the shell",
            Esp.first().text("/startup.nsh", ""),
            "startup.nsh"),
        Arguments.of(NOT_KNOWN, "not mounted", Esp.first().unread(), "could not be mounted"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("partitions")
  void firmwareWithoutEntriesFinds(
      FirmwareStart.Outcome outcome, String name, Esp esp, String detail) {
    FirmwareStart start = FirmwareStart.of(List.of(esp.partition()), guest("debian"));

    assertThat(start.outcome()).isEqualTo(outcome);
    assertThat(start.detail()).contains(detail);
  }

  @Test
  void aLoaderOnAnotherDiskDoesNotCount() {
    FirmwareStart start =
        FirmwareStart.of(
            List.of(Esp.debian().partition(), Esp.second().with(BOOT).partition()),
            guest("debian"));

    assertThat(start.outcome()).isEqualTo(NOTHING);
  }

  @Test
  void aMachineWithSecureBootStartsSignedLoadersOnly() {
    UefiGuest guest =
        new UefiGuest(
            true, "debian", List.of(), "grub2", EfiProcessor.of("x86_64"), true, Set.of());

    assertThat(FirmwareStart.of(List.of(Esp.first().with(BOOT).partition()), guest).detail())
        .contains("is not signed");
  }

  @Test
  void windowsStartsItsOwnBootManager() {
    byte[] manager = Esp.pe(EfiProcessor.X64, "bootmgr");
    UefiGuest windows =
        new UefiGuest(false, "", List.of(), "none", EfiProcessor.of(""), false, Set.of());
    EfiPartition partition =
        Esp.first().put("/EFI/Microsoft/Boot/bootmgfw.efi", manager).put(BOOT, manager).partition();

    assertThat(FirmwareStart.of(List.of(partition), windows).outcome()).isEqualTo(STARTS);
  }
}
