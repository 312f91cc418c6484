package io.hyper2kvm.image.ova.ovf;

import io.hyper2kvm.image.hardware.VirtualHardware;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Finds the one virtual machine in a description and puts what is said of it together. */
final class OvfSystems {

  private final XmlElement envelope;
  private final String where;
  private final List<String> warnings = new ArrayList<>();

  OvfSystems(XmlElement envelope, String where) {
    this.envelope = envelope;
    this.where = where;
  }

  OvfDescription read() {
    XmlElement system = onlySystem();
    List<XmlElement> sections = system.sections("VirtualHardwareSection");
    if (sections.isEmpty()) {
      throw OvfRefusals.invalid(where, "the virtual machine has no VirtualHardwareSection");
    }
    if (sections.size() > 1) {
      warnings.add(
          "%s describes the hardware %d times; the first is taken"
              .formatted(where, sections.size()));
    }
    XmlElement hardware = sections.get(0);
    List<XmlElement> items = OvfItems.of(hardware, defaultConfiguration(), where);
    OvfDisks disks = new OvfDisks(envelope, items, where);
    Optional<XmlElement> family = hardware.child("System");
    OvfProcessors processors = OvfProcessors.of(items, warnings, where);
    VirtualHardware machine =
        new VirtualHardware(
            name(system),
            Printable.of(family.flatMap(f -> f.textOf("VirtualSystemType")).orElse("")),
            guestOs(system),
            processors.memory(),
            processors.cpus(),
            processors.coresPerSocket(),
            OvfFirmware.of(system, hardware),
            OvfFirmware.secureBoot(system, hardware),
            false,
            disks.read(),
            OptionalInt.empty(),
            new OvfCards(system, items, warnings, where).read(),
            drives(items));
    warnings.addAll(disks.warnings());
    return new OvfDescription(machine, warnings);
  }

  private XmlElement onlySystem() {
    List<XmlElement> systems = new ArrayList<>();
    collect(envelope, systems);
    if (systems.isEmpty()) {
      throw OvfRefusals.invalid(where, "it describes no virtual machine");
    }
    if (systems.size() > 1) {
      throw OvfRefusals.severalMachines(where, systems.stream().map(OvfSystems::name).toList());
    }
    return systems.get(0);
  }

  private static void collect(XmlElement parent, List<XmlElement> systems) {
    for (XmlElement child : parent.children()) {
      boolean content = child.name().equals("Content");
      if (child.name().equals("VirtualSystem")
          || (content && child.isOfType("VirtualSystem_Type"))) {
        systems.add(child);
      } else if (child.name().equals("VirtualSystemCollection")
          || (content && child.isOfType("VirtualSystemCollection_Type"))) {
        collect(child, systems);
      }
    }
  }

  private static String name(XmlElement system) {
    return Printable.of(system.textOf("Name").or(() -> system.attribute("id")).orElse(""));
  }

  /** In VMware's words, e.g. {@code debian12_64Guest}; other writers have numbers of CIM. */
  private static String guestOs(XmlElement system) {
    return Printable.of(
        system.sections("OperatingSystemSection").stream()
            .flatMap(section -> section.attribute("osType").stream())
            .findFirst()
            .orElse(""));
  }

  /** The configuration that is meant when nobody chooses one. */
  private Optional<String> defaultConfiguration() {
    List<XmlElement> all =
        envelope.sections("DeploymentOptionSection").stream()
            .flatMap(section -> section.children("Configuration"))
            .toList();
    Stream<XmlElement> marked =
        all.stream().filter(c -> c.attribute("default").filter(OvfItems::isTrue).isPresent());
    return marked.findFirst().or(() -> all.stream().findFirst()).flatMap(c -> c.attribute("id"));
  }

  private static List<VirtualHardware.Drive> drives(List<XmlElement> items) {
    List<VirtualHardware.Drive> drives = new ArrayList<>();
    for (XmlElement item : items) {
      switch (OvfItems.type(item)) {
        case OvfItems.FLOPPY -> drives.add(VirtualHardware.Drive.FLOPPY);
        case OvfItems.CD, OvfItems.DVD -> drives.add(VirtualHardware.Drive.CD);
        default -> {
          // Other hardware is another class's.
        }
      }
    }
    return drives;
  }
}
