package io.hyper2kvm.image.ova.ovf;

import io.hyper2kvm.image.hardware.HardwareController;
import io.hyper2kvm.image.hardware.HardwareController.Kind;
import io.hyper2kvm.text.Printable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Where the disks of a description are attached: the controllers and the units on them. Besides
 * OVF's own words it reads XenServer's device numbers and oVirt's addresses.
 */
final class OvfPlaces {

  private static final String SLOT = "slotInfo.pciSlotNumber";

  /** Longer addresses exist in no export. */
  private static final int LONGEST = 200;

  private final String where;
  private final List<String> warnings;
  private final Map<String, HardwareController> controllers = new HashMap<>();

  OvfPlaces(List<XmlElement> items, String where, List<String> warnings) {
    this.where = where;
    this.warnings = warnings;
    Set<String> twice = new HashSet<>();
    for (XmlElement item : items) {
      Optional<Kind> kind = kind(item);
      Optional<String> instance = OvfItems.instance(item);
      if (kind.isPresent() && instance.isPresent()) {
        HardwareController controller = controller(item, kind.get(), instance.get());
        if (controllers.putIfAbsent(instance.get(), controller) != null) {
          warn(item, "a second controller with the InstanceID \"%s\"", instance.get());
          twice.add(instance.get());
        }
      }
    }
    // Nobody can tell which of the two a disk is on.
    controllers.keySet().removeAll(twice);
  }

  private HardwareController controller(XmlElement item, Kind kind, String instance) {
    Optional<String> address = item.textOf("Address");
    address
        .filter(text -> HardwareController.number(text).isEmpty())
        .ifPresent(text -> warn(item, "the controller's Address \"%s\" is no number", text));
    return new HardwareController(
        kind,
        Printable.of(item.textOf("ResourceSubType").orElse("")),
        Printable.of(address.orElse("")),
        slot(item),
        Printable.of(instance));
  }

  /** VMware's number of the PCI slot that a device is in. */
  static OptionalInt slot(XmlElement item) {
    return item.children().stream()
        .filter(child -> child.name().equals("Config"))
        .filter(child -> child.attribute("key").filter(SLOT::equals).isPresent())
        .findFirst()
        .flatMap(child -> child.attribute("value"))
        .map(HardwareController::number)
        .orElse(OptionalInt.empty());
  }

  private static Optional<Kind> kind(XmlElement item) {
    String model = item.textOf("ResourceSubType").orElse("").toLowerCase(Locale.ROOT);
    return switch (OvfItems.type(item)) {
      case OvfItems.IDE -> Optional.of(Kind.IDE);
      case OvfItems.SCSI -> Optional.of(model.contains("virtio") ? Kind.VIRTIO : Kind.SCSI);
      case OvfItems.OTHER_STORAGE -> {
        if (model.contains("nvme")) {
          yield Optional.of(Kind.NVME);
        }
        if (model.contains("ahci") || model.contains("sata")) {
          yield Optional.of(Kind.SATA);
        }
        if (model.contains("virtio")) {
          yield Optional.of(Kind.VIRTIO);
        }
        // VirtualBox calls its SAS controller so.
        boolean scsi = model.contains("scsi") || model.contains("logic");
        yield Optional.of(scsi ? Kind.SCSI : Kind.OTHER);
      }
      default -> Optional.empty();
    };
  }

  /**
   * What a disk is attached to; empty when that is not said.
   *
   * @param ovirt the word that oVirt writes to the disk of the disk section
   */
  Optional<HardwareController> controller(XmlElement item, Optional<String> ovirt) {
    return item.textOf("Parent")
        .map(controllers::get)
        .or(() -> ovirt.map(word -> ovirtController(item, word)));
  }

  private static HardwareController ovirtController(XmlElement item, String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    Kind kind =
        switch (lower) {
          case "ide" -> Kind.IDE;
          case "sata" -> Kind.SATA;
          case "virtio", "virtio_scsi" -> Kind.VIRTIO;
          default -> Kind.OTHER;
        };
    Map<String, String> address = ovirtAddress(item);
    String number = address.getOrDefault("controller", "");
    return new HardwareController(kind, Printable.of(word), number, OptionalInt.empty(), "");
  }

  /** A disk's place on its controller; empty when that is not said, or is no number. */
  OptionalInt unit(XmlElement item) {
    Optional<String> written = item.textOf("AddressOnParent");
    if (written.isPresent()) {
      OptionalInt unit = HardwareController.number(written.get());
      if (unit.isEmpty()) {
        warn(item, "the disk's AddressOnParent \"%s\" is no number", written.get());
      }
      return unit;
    }
    OptionalInt device = xenDevice(item);
    return device.isPresent() ? device : ovirtUnit(ovirtAddress(item));
  }

  /** XenServer's {@code device=1,bootable=false,mode=RW}. */
  private static OptionalInt xenDevice(XmlElement item) {
    return pairs(item.textOf("Connection"), "").entrySet().stream()
        .filter(pair -> pair.getKey().equals("device"))
        .map(pair -> HardwareController.number(pair.getValue()))
        .findFirst()
        .orElse(OptionalInt.empty());
  }

  /** oVirt's <code>{type=drive, controller=0, bus=0, target=0, unit=1}</code>. */
  private static Map<String, String> ovirtAddress(XmlElement item) {
    return pairs(item.textOf("Address").filter(text -> text.endsWith("}")), "{");
  }

  /** By target and unit on a controller; a disk that is a PCI device of its own, by its place. */
  private static OptionalInt ovirtUnit(Map<String, String> address) {
    return switch (address.getOrDefault("type", "")) {
      case "drive" -> place(address, List.of("bus", "target", "unit"));
      case "pci" -> place(address, List.of("bus", "slot", "function"));
      default -> OptionalInt.empty();
    };
  }

  /** Numbers below 64 as one, the first being the highest; empty when one is missing. */
  private static OptionalInt place(Map<String, String> address, List<String> keys) {
    int place = 0;
    for (String key : keys) {
      OptionalInt number = HardwareController.number(address.getOrDefault(key, ""));
      if (number.isEmpty() || number.getAsInt() >= 64) {
        return OptionalInt.empty();
      }
      place = place * 64 + number.getAsInt();
    }
    return OptionalInt.of(place);
  }

  private static Map<String, String> pairs(Optional<String> text, String opening) {
    Map<String, String> pairs = new HashMap<>();
    text.filter(t -> t.length() <= LONGEST && t.startsWith(opening))
        .map(t -> t.substring(opening.length()).replace("}", ""))
        .ifPresent(
            t -> {
              for (String pair : t.split(",")) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                  pairs.putIfAbsent(
                      pair.substring(0, equals).strip(), pair.substring(equals + 1).strip());
                }
              }
            });
    return pairs;
  }

  private void warn(XmlElement item, String problem, String written) {
    warnings.add(
        "%s, line %d: %s; the disks may be in another order than the VM had them"
            .formatted(where, item.line(), problem.formatted(Printable.of(written))));
  }
}
