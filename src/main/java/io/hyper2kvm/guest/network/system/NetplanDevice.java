package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.network.survey.Hardware;
import io.hyper2kvm.guest.network.survey.IniLine;
import io.hyper2kvm.guest.network.survey.InterfaceName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** One device of netplan, merged from all files that speak of it under the same id. */
final class NetplanDevice {
  private final String id;
  private final String path;
  private final boolean ethernet;
  private String renderer = "";
  private String setName;
  private boolean match;
  private String matchName;
  private String matchMac;
  private List<String> drivers = List.of();
  private final List<String> addresses = new ArrayList<>();
  private String gateway;

  private NetplanDevice(String id, String path, boolean ethernet) {
    this.id = id;
    this.path = path;
    this.ethernet = ethernet;
  }

  String id() {
    return id;
  }

  String path() {
    return path;
  }

  boolean ethernet() {
    return ethernet;
  }

  boolean networkManager() {
    return renderer.equals("NetworkManager");
  }

  Optional<String> matchName() {
    return Optional.ofNullable(matchName);
  }

  Optional<String> matchMac() {
    return Optional.ofNullable(matchMac).flatMap(Hardware::mac);
  }

  /** What the match asks for as drivers. */
  List<String> drivers() {
    return drivers;
  }

  List<String> addresses() {
    return addresses;
  }

  Optional<String> gateway() {
    return Optional.ofNullable(gateway);
  }

  /** Whether it is bound to hardware by a match, and its id therefore only a label. */
  boolean matched() {
    return match;
  }

  /**
   * The name of the interface, a pattern perhaps; empty when the configuration does not know it.
   */
  Optional<String> interfaceName() {
    if (!ethernet || !match) {
      return Optional.of(id);
    }
    if (setName != null) {
      return Optional.of(setName);
    }
    if (matchName != null) {
      return Optional.of(matchName);
    }
    // With a match the id is only a label; installers write the card's name there.
    return matchMac != null && InterfaceName.looksLikeCard(id) ? Optional.of(id) : Optional.empty();
  }

  /** All devices by id, in the order of the files. */
  static Map<String, NetplanDevice> read(SortedMap<String, NetplanDocument> documents) {
    Map<String, NetplanDevice> devices = new LinkedHashMap<>();
    String[] renderer = {""};
    documents.forEach(
        (path, document) -> {
          Map<String, Node> network = NetplanDocument.entries(network(document));
          renderer[0] = text(network.get("renderer")).orElse(renderer[0]);
        });
    documents.forEach(
        (path, document) ->
            NetplanDocument.entries(network(document))
                .forEach(
                    (kind, section) ->
                        NetplanDocument.entries(section)
                            .forEach(
                                (id, body) -> {
                                  if (!(body instanceof ScalarNode) || text(body).isEmpty()) {
                                    device(devices, kind, id, path, renderer[0]).merge(body);
                                  }
                                })));
    return devices;
  }

  static Node network(NetplanDocument document) {
    return NetplanDocument.entries(document.root()).get("network");
  }

  private static NetplanDevice device(
      Map<String, NetplanDevice> devices, String kind, String id, String path, String renderer) {
    NetplanDevice device =
        devices.computeIfAbsent(id, any -> new NetplanDevice(id, path, kind.equals("ethernets")));
    device.renderer = device.renderer.isEmpty() ? renderer : device.renderer;
    return device;
  }

  private void merge(Node body) {
    Map<String, Node> entries = NetplanDocument.entries(body);
    renderer = text(entries.get("renderer")).orElse(renderer);
    setName = text(entries.get("set-name")).orElse(setName);
    Node found = entries.get("match");
    if (found != null) {
      match = true;
      Map<String, Node> terms = NetplanDocument.entries(found);
      matchName = text(terms.get("name")).orElse(matchName);
      matchMac = text(terms.get("macaddress")).orElse(matchMac);
      Node driver = terms.get("driver");
      if (driver != null) {
        drivers =
            NetplanDocument.scalars(driver).stream()
                .flatMap(word -> IniLine.split(word.getValue()).stream())
                .toList();
      }
    }
    for (String key : List.of("dhcp4", "dhcp6")) {
      if (text(entries.get(key)).map(IniLine::yes).orElse(false) && !addresses.contains("dhcp")) {
        addresses.add("dhcp");
      }
    }
    NetplanDocument.scalars(entries.get("addresses")).forEach(a -> addresses.add(a.getValue()));
    gateway = text(entries.get("gateway4")).orElse(gateway);
    if (gateway == null && entries.get("routes") instanceof SequenceNode routes) {
      for (Node route : routes.getValue()) {
        Map<String, Node> terms = NetplanDocument.entries(route);
        String to = text(terms.get("to")).orElse("");
        if (to.equals("default") || to.equals("0.0.0.0/0")) {
          gateway = text(terms.get("via")).orElse(gateway);
        }
      }
    }
  }

  private static Optional<String> text(Node node) {
    return NetplanDocument.scalar(node);
  }
}
