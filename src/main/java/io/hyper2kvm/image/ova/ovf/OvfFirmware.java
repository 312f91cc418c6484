package io.hyper2kvm.image.ova.ovf;

import io.hyper2kvm.image.hardware.VirtualHardware.Firmware;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The firmware, which OVF itself has no word for: VMware's {@code vmw:Config}, VirtualBox's own
 * machine section, and oVirt's {@code BiosType}.
 */
final class OvfFirmware {

  private OvfFirmware() {}

  static Optional<Firmware> of(XmlElement system, XmlElement hardware) {
    return vmware(hardware, "firmware")
        .or(() -> virtualBox(system))
        .map(
            word -> word.toLowerCase(Locale.ROOT).startsWith("efi") ? Firmware.UEFI : Firmware.BIOS)
        .or(() -> ovirt(system));
  }

  static boolean secureBoot(XmlElement system, XmlElement hardware) {
    boolean vmware =
        Stream.of("bootOptions.efiSecureBootEnabled", "uefi.secureBoot.enabled")
            .anyMatch(key -> vmware(hardware, key).filter(OvfItems::isTrue).isPresent());
    return vmware || system.textOf("BiosType").filter("4"::equals).isPresent();
  }

  private static Optional<String> vmware(XmlElement hardware, String key) {
    return hardware.children().stream()
        .filter(child -> Set.of("Config", "ExtraConfig").contains(child.name()))
        .filter(child -> child.attribute("key").filter(key::equals).isPresent())
        .findFirst()
        .flatMap(child -> child.attribute("value"));
  }

  private static Optional<String> virtualBox(XmlElement system) {
    return system
        .child("Machine")
        .flatMap(machine -> machine.child("Hardware"))
        .flatMap(own -> own.child("Firmware"))
        .flatMap(firmware -> firmware.attribute("type"));
  }

  /** oVirt's numbers: 1 and 2 start by BIOS, 3 by UEFI, 4 by UEFI with Secure Boot. */
  private static Optional<Firmware> ovirt(XmlElement system) {
    return system
        .textOf("BiosType")
        .flatMap(
            number ->
                switch (number) {
                  case "1", "2" -> Optional.of(Firmware.BIOS);
                  case "3", "4" -> Optional.of(Firmware.UEFI);
                  default -> Optional.empty();
                });
  }
}
