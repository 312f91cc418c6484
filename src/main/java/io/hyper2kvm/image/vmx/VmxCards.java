package io.hyper2kvm.image.vmx;

import io.hyper2kvm.image.hardware.HardwareCard;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The network cards, in the order of their numbers, which is the machine's. */
final class VmxCards {

  private static final Pattern DEVICE = Pattern.compile("ethernet\\d{1,3}");

  /** More than VMware gives; as many as a manifest may name. */
  private static final int MOST = 64;

  private final VmxText text;
  private final Set<String> addresses = new HashSet<>();

  private VmxCards(VmxText text) {
    this.text = text;
  }

  static List<HardwareCard> read(VmxText text) {
    return new VmxCards(text).read();
  }

  private List<HardwareCard> read() {
    List<String> devices = new ArrayList<>(text.devices(DEVICE));
    devices.removeIf(device -> !isPresent(device));
    devices.sort(Comparator.comparingInt(VmxCards::number));
    if (devices.size() > MOST) {
      throw text.invalid("%d network cards; at most %d".formatted(devices.size(), MOST));
    }
    return devices.stream().map(this::card).toList();
  }

  private boolean isPresent(String device) {
    Optional<Boolean> present = text.truth(device + ".present");
    if (present.isEmpty()) {
      Stream.of("virtualDev", "address", "generatedAddress", "networkName", "connectionType")
          .flatMap(key -> text.filled(device + "." + key).stream())
          .findFirst()
          .ifPresent(
              entry ->
                  text.warn(
                      entry,
                      "%s is not said to be present (%s.present), so the VM does not have it, and it is left out"
                          .formatted(device, device)));
    }
    return present.orElse(false);
  }

  private static int number(String device) {
    return Integer.parseInt(device.substring("ethernet".length()));
  }

  private HardwareCard card(String device) {
    return new HardwareCard(
        mac(device),
        model(device),
        network(device),
        OptionalInt.of(number(device)),
        text.truth(device + ".startConnected").orElse(true),
        text.slot(device));
  }

  /** The key is left out for the model that VMware gives to such a guest. */
  private String model(String device) {
    String model = text.text(device + ".virtualDev");
    boolean wide = text.text("guestOS").toLowerCase(Locale.ROOT).endsWith("-64");
    return !model.isEmpty() ? model : wide ? "e1000" : "vlance";
  }

  /**
   * The network's name, that of vSphere's port group, or the kind of Workstation's network, as far
   * as one is said.
   */
  private String network(String device) {
    for (String key : List.of("networkName", "dvs.portgroupId", "opaqueNetwork.id", "vnet")) {
      String name = text.text(device + "." + key);
      if (!name.isEmpty()) {
        return name;
      }
    }
    return text.text(device + ".connectionType");
  }

  /** A static address is the operator's; the others are VMware's, with their offset in them. */
  private Optional<String> mac(String device) {
    boolean fixed = text.text(device + ".addressType").equalsIgnoreCase("static");
    Optional<VmxEntry> written =
        text.filled(device + (fixed ? ".address" : ".generatedAddress"))
            .or(() -> text.filled(device + (fixed ? ".generatedAddress" : ".address")));
    if (written.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> mac = HardwareCard.macOf(written.get().value().strip());
    String shown = Printable.of(written.get().value());
    if (mac.isEmpty()) {
      text.warn(written.get(), "\"%s\" is no MAC address of a card".formatted(shown));
    } else if (!addresses.add(mac.get())) {
      text.warn(written.get(), "another card of the VM has the address %s, too".formatted(shown));
    }
    return mac;
  }
}
