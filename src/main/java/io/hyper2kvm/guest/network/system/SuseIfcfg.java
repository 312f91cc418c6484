package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.ConfigurationSystem;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.Hardware;
import io.hyper2kvm.guest.network.survey.IniLine;
import io.hyper2kvm.guest.network.survey.IpAddress;
import io.hyper2kvm.guest.network.survey.Repair;
import io.hyper2kvm.guest.network.survey.Survey;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** SUSE's {@code ifcfg-*} files, read by wicked and by the older network scripts. */
public final class SuseIfcfg implements ConfigurationSystem {
  private static final String FOLDER = "/etc/sysconfig/network/";
  private static final String PREFIX = FOLDER + "ifcfg-";

  private static SortedMap<String, String> files(GuestFiles files) {
    SortedMap<String, String> active = new TreeMap<>(files.in(FOLDER, ""));
    active
        .keySet()
        .removeIf(
            path ->
                !path.startsWith(PREFIX)
                    || path.equals(PREFIX + "lo")
                    || path.endsWith(".template")
                    || path.endsWith("~")
                    || path.indexOf(".rpm", PREFIX.length()) >= 0
                    || path.endsWith(".bak")
                    || path.endsWith(".orig"));
    return active;
  }

  @Override
  public void read(GuestFiles files, Survey survey) {
    files(files)
        .forEach(
            (path, text) -> {
              survey.configuredBy("wicked");
              oldId(path).ifPresent(survey::matchedMac);
              if (oldId(path).isEmpty() && !oldPlace(path)) {
                read(path, ShellFile.of(new TextEdit(path, text)), survey);
              }
            });
  }

  private static void read(String path, ShellFile file, Survey survey) {
    String name = path.substring(PREFIX.length());
    survey.use(name, path);
    if (file.yes("BONDING_MASTER")
        || file.yes("BRIDGE")
        || file.value("ETHERDEVICE").isPresent()
        || file.value("TUNNEL").isPresent()
        || file.value("TEAM_RUNNER").isPresent()
        || file.value("WIRELESS_ESSID").isPresent()
        || file.value("OVS_BRIDGE").isPresent()) {
      survey.virtual(name, path);
    }
    for (ShellFile.Assignment line : file.assignments()) {
      String key = line.key();
      if (key.equals("ETHERDEVICE")
          || key.startsWith("BONDING_SLAVE_")
          || key.startsWith("BONDING_SLAVE") && !key.startsWith("BONDING_SLAVE_OPTS")
          || key.startsWith("TEAM_PORT_DEVICE")
          || key.startsWith("OVS_BRIDGE_PORT_DEVICE")
          || key.equals("BRIDGE_PORTS")) {
        IniLine.split(line.value()).forEach(member -> survey.use(member, path));
      }
    }
    String start = file.value("STARTMODE").orElse("manual");
    if (!start.equals("off") && !start.equals("manual")) {
      survey.active(name, path);
    }
    if (file.value("BOOTPROTO").map(protocol -> protocol.startsWith("dhcp")).orElse(false)) {
      survey.address(name, path, "dhcp");
    }
    for (ShellFile.Assignment line : file.assignments()) {
      if (line.key().startsWith("IPADDR") && !line.value().isEmpty()) {
        String label = line.key().substring("IPADDR".length());
        Optional<String> mask =
            file.value("PREFIXLEN" + label).or(() -> file.value("NETMASK" + label));
        survey.address(name, path, IpAddress.cidr(line.value(), mask));
      }
    }
    file.value("GATEWAY").ifPresent(gateway -> survey.gateway(name, path, gateway));
  }

  /** The address in a file name such as {@code ifcfg-eth-id-00:50:56:00:00:01}. */
  private static Optional<String> oldId(String path) {
    String name = path.substring(PREFIX.length());
    int id = name.indexOf("-id-");
    return id < 0 ? Optional.empty() : Hardware.mac(name.substring(id + "-id-".length()));
  }

  /** Whether a file's name is a place, such as {@code ifcfg-eth-bus-pci-0000:02:01.0}. */
  private static boolean oldPlace(String path) {
    return path.indexOf("-bus-", PREFIX.length() - 1) >= 0;
  }

  @Override
  public void edit(GuestFiles files, Repair repair) {
    for (Map.Entry<String, String> entry : files(files).entrySet()) {
      TextEdit file = new TextEdit(entry.getKey(), entry.getValue());
      boolean place = oldPlace(entry.getKey());
      Optional<String> oldId = oldId(entry.getKey());
      if (oldId.filter(repair::absent).isPresent()) {
        repair.findings().note(entry.getKey(), 0, "", Repair.ABSENT_CARD);
      } else if (place || oldId.isPresent()) {
        String why =
            "the file's name is the old card's %s; give it the card's name"
                .formatted(place ? "place on the bus" : "hardware address");
        repair.findings().note(entry.getKey(), 0, "", why);
        String text = entry.getKey() + ": " + why;
        if (repair.full()) {
          repair.findings().failure(text);
        } else {
          repair.findings().warning(text);
        }
      }
      for (ShellFile.Assignment line : ShellFile.of(file).assignments()) {
        if (line.key().equals("LLADDR") && !line.value().isEmpty()) {
          repair.findings().note(file, line.index(), Repair.CHOSEN_ADDRESS);
        }
      }
    }
  }
}
