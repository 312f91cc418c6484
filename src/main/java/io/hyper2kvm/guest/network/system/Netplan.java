package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.ConfigurationSystem;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.Hardware;
import io.hyper2kvm.guest.network.survey.InterfaceName;
import io.hyper2kvm.guest.network.survey.Repair;
import io.hyper2kvm.guest.network.survey.Survey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Ubuntu's netplan. Only words inside a {@code match} change; comments and layout stay. */
public final class Netplan implements ConfigurationSystem {
  private static final String FOLDER = "/etc/netplan/";
  private static final String RULE = "netplan-match";

  private static SortedMap<String, NetplanDocument> documents(GuestFiles files) {
    SortedMap<String, NetplanDocument> documents = new TreeMap<>();
    files
        .in(FOLDER, ".yaml")
        .forEach(
            (path, text) -> NetplanDocument.of(text).ifPresent(doc -> documents.put(path, doc)));
    return documents;
  }

  @Override
  public void read(GuestFiles files, Survey survey) {
    for (NetplanDevice device : NetplanDevice.read(documents(files)).values()) {
      survey.configuredBy("netplan");
      device.matchMac().ifPresent(survey::matchedMac);
      Optional<String> name = device.interfaceName();
      if (name.isEmpty()) {
        if (device.ethernet() && device.matchMac().isEmpty()) {
          survey.anyCard(device.path());
          survey.drivers().only(device.path(), device.id(), device.drivers());
        }
        device
            .matchMac()
            .ifPresent(
                mac ->
                    survey
                        .addresses()
                        .byAddress()
                        .add(mac, device.path(), device.addresses(), device.gateway(), true));
        continue;
      }
      String path = device.path();
      if (device.ethernet()) {
        if (device.matched()) {
          survey.useCard(name.get(), path);
        } else {
          survey.use(name.get(), path);
        }
        device.matchMac().ifPresent(mac -> survey.mac(name.get(), path, mac));
      } else {
        survey.virtual(name.get(), path);
      }
      if (!InterfaceName.pattern(name.get())) {
        survey.active(name.get(), path);
        device.addresses().forEach(address -> survey.address(name.get(), path, address));
        device.gateway().ifPresent(gateway -> survey.gateway(name.get(), path, gateway));
      }
    }
  }

  @Override
  public void edit(GuestFiles files, Repair repair) {
    SortedMap<String, NetplanDocument> documents = documents(files);
    Map<String, NetplanDevice> devices = NetplanDevice.read(documents);
    files
        .in(FOLDER, ".yaml")
        .forEach(
            (path, text) -> {
              NetplanDocument document = documents.get(path);
              if (document != null) {
                edit(new TextEdit(path, text), document, devices, repair);
              } else if (!new TextEdit(path, text).isOnlyComments()) {
                String why = "is not YAML that can be edited, and is left alone";
                repair.findings().note(path, 0, "", why);
                repair.findings().warning(path + " " + why);
              }
            });
  }

  private static void edit(
      TextEdit file, NetplanDocument document, Map<String, NetplanDevice> devices, Repair repair) {
    YamlWords words = new YamlWords(file);
    Map<String, Node> network = NetplanDocument.entries(NetplanDevice.network(document));
    network.forEach(
        (kind, section) ->
            NetplanDocument.entries(section)
                .forEach(
                    (id, body) -> {
                      NodeTuple address = NetplanDocument.tuple(body, "macaddress").orElse(null);
                      if (address != null) {
                        repair
                            .findings()
                            .note(
                                file.file(),
                                address.getKeyNode().getStartMark().getLine() + 1,
                                "macaddress: "
                                    + NetplanDocument.scalar(address.getValueNode()).orElse(""),
                                Repair.CHOSEN_ADDRESS);
                      }
                      Node match = NetplanDocument.entries(body).get("match");
                      NetplanDevice device = devices.get(id);
                      if (kind.equals("ethernets") && match != null && device != null) {
                        match(match, "/network/ethernets/" + id + "/match", device, words, repair);
                      }
                    }));
    words.apply(document, RULE, repair);
  }

  private static void match(
      Node match, String at, NetplanDevice device, YamlWords words, Repair repair) {
    boolean absent =
        device.matchMac().filter(repair::absent).isPresent()
            || device.matchMac().isPresent()
                && device.interfaceName().filter(repair::absentName).isPresent();
    if (absent) {
      int line = match.getStartMark().getLine() + 1;
      repair.findings().note(words.file().file(), line, "", Repair.ABSENT_CARD);
      return;
    }
    Map<String, Node> terms = NetplanDocument.entries(match);
    Node driver = terms.get("driver");
    List<ScalarNode> drivers = driver == null ? new ArrayList<>() : NetplanDocument.scalars(driver);
    for (int i = 0; i < drivers.size(); i++) {
      if (Hardware.oldDriver(drivers.get(i).getValue())) {
        String place = at + "/driver" + (driver instanceof ScalarNode ? "" : "/" + i);
        words.scalar(drivers.get(i), place, Hardware.VIRTIO_NET, Repair.STALE_DRIVER);
      }
    }
    NodeTuple address = NetplanDocument.tuple(match, "macaddress").orElse(null);
    if (address == null || !(address.getValueNode() instanceof ScalarNode)) {
      return;
    }
    boolean flow =
        match instanceof MappingNode mapping
            && mapping.getFlowStyle() == org.yaml.snakeyaml.DumperOptions.FlowStyle.FLOW;
    Optional<String> name =
        device
            .interfaceName()
            .filter(repair::kept)
            .or(() -> device.matchMac().flatMap(repair::keptName));
    if (terms.containsKey("name")) {
      words.remove(address, at + "/macaddress", flow, Repair.STALE_ADDRESS);
    } else if (name.isPresent() && device.matchName().isEmpty()) {
      words.entry(address, at, "name", name.get(), Repair.STALE_ADDRESS);
    } else if (repair.single() && !device.networkManager() && driver == null) {
      words.entry(address, at, "driver", Hardware.VIRTIO_NET, Repair.STALE_ADDRESS);
    } else if (repair.single() && driver != null) {
      words.remove(address, at + "/macaddress", flow, Repair.STALE_ADDRESS);
    } else {
      repair.unresolved(
          words.file(),
          Math.min(address.getKeyNode().getStartMark().getLine(), words.file().lineCount() - 1),
          "%s: %s".formatted(device.id(), Repair.UNKNOWN_CARD));
    }
  }
}
