package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.BusPlace;
import io.hyper2kvm.guest.network.survey.ConfigurationSystem;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.Hardware;
import io.hyper2kvm.guest.network.survey.IniLine;
import io.hyper2kvm.guest.network.survey.InterfaceName;
import io.hyper2kvm.guest.network.survey.IpAddress;
import io.hyper2kvm.guest.network.survey.Repair;
import io.hyper2kvm.guest.network.survey.Survey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The {@code ifcfg-*} files of Red Hat's network scripts, read by NetworkManager as well. */
public final class RedHatIfcfg implements ConfigurationSystem {
  private static final String FOLDER = "/etc/sysconfig/network-scripts/";
  private static final String PREFIX = FOLDER + "ifcfg-";
  private static final String RULE = "ifcfg-hwaddr";
  private static final String PATH_RULE = "ifcfg-path";
  private static final List<String> BACKUPS =
      List.of(".bak", ".orig", ".old", ".save", ".rpmnew", ".rpmorig", ".rpmsave", "~", ".swp");
  private static final List<String> VIRTUAL_TYPES =
      List.of(
          "bond",
          "bridge",
          "vlan",
          "team",
          "tunnel",
          "gre",
          "ipip",
          "sit",
          "wireless",
          "ovsbridge",
          "ovsbond",
          "ovsintport",
          "ipsec",
          "infiniband",
          "dummy",
          "cipe");

  private static SortedMap<String, String> files(GuestFiles files) {
    SortedMap<String, String> active = new TreeMap<>(files.in(FOLDER, ""));
    active
        .keySet()
        .removeIf(
            path ->
                !path.startsWith(PREFIX)
                    || path.equals(PREFIX + "lo")
                    || BACKUPS.stream().anyMatch(path::endsWith));
    return active;
  }

  @Override
  public void read(GuestFiles files, Survey survey) {
    files(files)
        .forEach(
            (path, text) -> {
              survey.configuredBy("ifcfg");
              read(path, ShellFile.of(new TextEdit(path, text)), files, survey);
            });
  }

  private static void read(String path, ShellFile file, GuestFiles guest, Survey survey) {
    Optional<String> mac = file.value("HWADDR").flatMap(Hardware::mac);
    Optional<String> name = name(path, file);
    if (!virtual(file) && name.map(RedHatIfcfg::mayBeCard).orElse(true)) {
      mac.ifPresent(survey::matchedMac);
    }
    boolean up = file.value("ONBOOT").map(IniLine::yes).orElse(true);
    if (name.isEmpty()) {
      if (mac.isEmpty() && place(file).isEmpty() && up && !virtual(file)) {
        survey.anyCard(path);
        file.value("MATCH_DRIVER")
            .ifPresent(words -> survey.drivers().only(path, "", IniLine.split(words)));
      }
      mac.ifPresent(
          address ->
              file.value("UUID")
                  .flatMap(uuid -> DhcpLeases.nameFor(uuid, guest))
                  .ifPresent(leased -> survey.mac(leased, path, address)));
      if (!virtual(file)) {
        mac.ifPresent(
            address ->
                survey
                    .addresses()
                    .byAddress()
                    .add(address, path, addresses(file), file.value("GATEWAY"), up));
      }
      place(file).ifPresent(survey.busOrder()::matched);
      return;
    }
    String device = name.get();
    survey.use(device, path);
    if (virtual(file)) {
      survey.virtual(device, path);
    }
    file.value("PHYSDEV").ifPresent(parent -> survey.use(parent, path));
    mac.ifPresent(address -> survey.mac(device, path, address));
    place(file).ifPresent(place -> survey.busOrder().add(device, place, path, 1));
    if (up) {
      survey.active(device, path);
      if (mac.isEmpty()) {
        survey.addresses().unbound(device);
      }
    }
    addresses(file).forEach(address -> survey.address(device, path, address));
    file.value("GATEWAY").ifPresent(gateway -> survey.gateway(device, path, gateway));
  }

  private static boolean mayBeCard(String device) {
    return device.indexOf('.') < 0 && !InterfaceName.looksVirtual(device);
  }

  private static boolean virtual(ShellFile file) {
    String type = file.value("TYPE").or(() -> file.value("DEVICETYPE")).orElse("");
    return VIRTUAL_TYPES.contains(type.toLowerCase(Locale.ROOT))
        || file.value("DEVICETYPE").map(t -> t.equalsIgnoreCase("team")).orElse(false)
        || file.yes("VLAN")
        || file.value("BONDING_OPTS").isPresent()
        || file.yes("BONDING_MASTER");
  }

  private static List<String> addresses(ShellFile file) {
    List<String> addresses = new ArrayList<>();
    if (file.value("BOOTPROTO").map(p -> p.equalsIgnoreCase("dhcp")).orElse(false)) {
      addresses.add("dhcp");
    }
    for (String number : List.of("", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9")) {
      file.value("IPADDR" + number)
          .ifPresent(
              address ->
                  addresses.add(
                      IpAddress.cidr(
                          address,
                          file.value("PREFIX" + number).or(() -> file.value("NETMASK" + number)))));
    }
    file.value("IPV6ADDR").ifPresent(addresses::add);
    return addresses;
  }

  /** The name of the interface; a file without {@code DEVICE} speaks by its own name, or not. */
  private static Optional<String> name(String path, ShellFile file) {
    return file.value("DEVICE")
        .or(
            () ->
                Optional.of(path.substring(PREFIX.length()))
                    .filter(suffix -> InterfaceName.looksLikeCard(suffix)));
  }

  @Override
  public void edit(GuestFiles files, Repair repair) {
    files(files)
        .forEach(
            (path, text) -> {
              TextEdit file = new TextEdit(path, text);
              ShellFile shell = ShellFile.of(file);
              boolean device = shell.value("DEVICE").isPresent() || virtual(shell);
              Optional<String> known = device ? Optional.empty() : name(path, shell);
              for (ShellFile.Assignment line : shell.assignments()) {
                if (line.key().equals("MACADDR") && !line.value().isEmpty()) {
                  repair.findings().note(file, line.index(), Repair.CHOSEN_ADDRESS);
                } else if (line.key().equals("HWADDR") && !line.value().isEmpty()) {
                  address(file, line, device || file.changed(), known, repair);
                } else if (line.key().equals("MATCH_PATH") && Hardware.busPlace(line.value())) {
                  path(file, line, device || file.changed(), known, repair);
                } else if (line.key().equals("MATCH_DRIVER")) {
                  driver(file, line);
                }
              }
              repair.accept(file);
            });
  }

  private static void address(
      TextEdit file,
      ShellFile.Assignment line,
      boolean told,
      Optional<String> known,
      Repair repair) {
    boolean absent =
        Hardware.mac(line.value()).filter(repair::absent).isPresent()
            || known.filter(repair::absentName).isPresent();
    if (absent) {
      repair.findings().note(file, line.index(), Repair.ABSENT_CARD);
      return;
    }
    if (told) {
      file.removeLine(line.index(), RULE, Repair.STALE_ADDRESS);
      return;
    }
    Optional<String> name =
        known.filter(repair::kept).or(() -> Hardware.mac(line.value()).flatMap(repair::keptName));
    if (name.isPresent()) {
      file.replaceLine(line.index(), "DEVICE=" + name.get(), RULE, Repair.STALE_ADDRESS);
    } else if (repair.single()) {
      file.removeLine(line.index(), RULE, Repair.STALE_ADDRESS);
    } else {
      repair.unresolved(file, line.index(), Repair.UNKNOWN_CARD);
    }
  }

  /** As {@link #address}, for what NetworkManager alone reads. */
  private static void path(
      TextEdit file,
      ShellFile.Assignment line,
      boolean told,
      Optional<String> known,
      Repair repair) {
    Optional<String> name =
        known.filter(repair::kept).or(() -> BusPlace.of(line.value()).flatMap(repair::nameAt));
    if (told || name.isEmpty() && repair.single()) {
      file.removeLine(line.index(), PATH_RULE, Repair.STALE_PLACE);
    } else if (name.isPresent()) {
      file.replaceLine(line.index(), "DEVICE=" + name.get(), PATH_RULE, Repair.STALE_PLACE);
    } else {
      repair.unresolved(file, line.index(), Repair.UNKNOWN_CARD);
    }
  }

  private static void driver(TextEdit file, ShellFile.Assignment line) {
    Hardware.withoutOldDrivers(IniLine.split(line.value()))
        .ifPresent(
            drivers ->
                file.replaceLine(
                    line.index(),
                    "MATCH_DRIVER=\"%s\"".formatted(String.join(" ", drivers)),
                    "ifcfg-driver",
                    Repair.STALE_DRIVER));
  }

  private static Optional<BusPlace> place(ShellFile file) {
    return file.value("MATCH_PATH").flatMap(BusPlace::of);
  }
}
