package io.hyper2kvm.image.ova.ovf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The items of a hardware section that count: those of the chosen configuration, at its normal. */
final class OvfItems {

  // Resource types of CIM_ResourceAllocationSettingData.
  static final int PROCESSOR = 3;
  static final int MEMORY = 4;
  static final int IDE = 5;
  static final int SCSI = 6;
  static final int ETHERNET = 10;
  static final int FLOPPY = 14;
  static final int CD = 15;
  static final int DVD = 16;
  static final int DISK = 17;
  static final int STORAGE_EXTENT = 19;
  static final int OTHER_STORAGE = 20;

  private static final Set<String> NAMES = Set.of("Item", "StorageItem", "EthernetPortItem");

  /** Far above what any export has. */
  private static final int MOST = 1_000;

  private OvfItems() {}

  static List<XmlElement> of(XmlElement hardware, Optional<String> configuration, String where) {
    Map<String, XmlElement> items = new LinkedHashMap<>();
    for (XmlElement item : hardware.children()) {
      // Items with a bound tell the range that is allowed, not what the machine has.
      if (!NAMES.contains(item.name()) || item.attribute("bound").isPresent()) {
        continue;
      }
      Optional<String> only = item.attribute("configuration");
      String id = "id " + instance(item).orElse("");
      if (only.isEmpty()) {
        // Sloppy writers give two items one id; only a configuration's item replaces another.
        items.put(items.containsKey(id) ? id + " " + items.size() : id, item);
      } else if (configuration.isPresent()
          && List.of(only.get().split("\\s+")).contains(configuration.get())) {
        items.put(id, item);
      }
    }
    if (items.size() > MOST) {
      throw OvfRefusals.invalid(where, "the hardware has more than %d items".formatted(MOST));
    }
    return List.copyOf(items.values());
  }

  static Optional<String> instance(XmlElement item) {
    return item.textOf("InstanceID").or(() -> item.textOf("InstanceId"));
  }

  /** The resource type; -1 when there is none. */
  static int type(XmlElement item) {
    return item.textOf("ResourceType")
        .filter(text -> text.matches("\\d{1,5}"))
        .map(Integer::valueOf)
        .orElse(-1);
  }

  static boolean isTrue(String text) {
    return text.equalsIgnoreCase("true") || text.equals("1");
  }
}
