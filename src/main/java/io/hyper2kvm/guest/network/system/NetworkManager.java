package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.BusPlace;
import io.hyper2kvm.guest.network.survey.ConfigurationSystem;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.Hardware;
import io.hyper2kvm.guest.network.survey.IniLine;
import io.hyper2kvm.guest.network.survey.Repair;
import io.hyper2kvm.guest.network.survey.Survey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** NetworkManager's keyfiles. */
public final class NetworkManager implements ConfigurationSystem {
  private static final String CONNECTIONS = "/etc/NetworkManager/system-connections/";
  private static final String RULE = "networkmanager-match";

  /** NetworkManager passes over hidden files, copies of editors, and keys and certificates. */
  private static SortedMap<String, String> connections(GuestFiles files) {
    SortedMap<String, String> read = new TreeMap<>(files.in(CONNECTIONS, ""));
    read.keySet()
        .removeIf(
            path -> path.startsWith(CONNECTIONS + ".") || path.matches("(?s).*(~|\\.pem|\\.der)"));
    return read;
  }

  @Override
  public void read(GuestFiles files, Survey survey) {
    connections(files)
        .forEach((path, text) -> read(path, IniLine.of(new TextEdit(path, text)), files, survey));
  }

  private static void read(String path, List<IniLine> lines, GuestFiles files, Survey survey) {
    String type = value(lines, "connection", "type").orElse("");
    Optional<String> name = value(lines, "connection", "interface-name");
    if (type.isEmpty()) {
      return;
    }
    survey.configuredBy("NetworkManager");
    value(lines, "vlan", "parent")
        .filter(parent -> parent.length() <= 15)
        .ifPresent(parent -> survey.use(parent, path));
    if (KeyfileVlan.is(lines)) {
      KeyfileVlan.mac(lines).ifPresent(survey::matchedMac);
    }
    lines.stream()
        .filter(line -> line.is("match", "interface-name"))
        .flatMap(line -> line.words().stream())
        .filter(word -> !word.startsWith("!"))
        .forEach(word -> survey.use(word, path));
    boolean ethernet = ethernet(type);
    Optional<String> mac = ethernet ? mac(lines) : Optional.empty();
    mac.ifPresent(survey::matchedMac);
    Optional<BusPlace> place = ethernet ? place(lines) : Optional.empty();
    if (name.isEmpty()) {
      place.ifPresent(survey.busOrder()::matched);
      mac.ifPresent(
          address ->
              value(lines, "connection", "uuid")
                  .flatMap(uuid -> DhcpLeases.nameFor(uuid, files))
                  .ifPresent(leased -> survey.mac(leased, path, address)));
      mac.ifPresent(
          address ->
              survey
                  .addresses()
                  .byAddress()
                  .add(address, path, addresses(lines), gateway(lines), comesUp(lines)));
      boolean bound = lines.stream().anyMatch(l -> wired(l, "mac-address") || matched(l));
      if (ethernet && !bound && comesUp(lines)) {
        survey.anyCard(path);
        lines.stream()
            .filter(line -> line.is("match", "driver"))
            .forEach(line -> survey.drivers().only(path, "", line.words()));
      }
      return;
    }
    place.ifPresent(at -> survey.busOrder().add(name.get(), at, path, pathLine(lines)));
    if (ethernet) {
      survey.use(name.get(), path);
    } else {
      survey.virtual(name.get(), path);
    }
    mac.ifPresent(address -> survey.mac(name.get(), path, address));
    if (comesUp(lines)) {
      survey.active(name.get(), path);
      if (ethernet && mac.isEmpty()) {
        survey.addresses().unbound(name.get());
      }
    }
    addresses(lines).forEach(address -> survey.address(name.get(), path, address));
    gateway(lines).ifPresent(gateway -> survey.gateway(name.get(), path, gateway));
  }

  private static boolean comesUp(List<IniLine> lines) {
    return value(lines, "connection", "autoconnect").map(IniLine::yes).orElse(true);
  }

  private static boolean matched(IniLine line) {
    return line.section().equals("match") && !line.key().equals("driver");
  }

  private static boolean ethernet(String type) {
    return type.equals("ethernet") || type.equals("802-3-ethernet");
  }

  private static Optional<BusPlace> place(List<IniLine> lines) {
    return lines.stream()
        .filter(line -> line.is("match", "path"))
        .flatMap(line -> BusPlace.of(String.join("|", line.words())).stream())
        .findFirst();
  }

  private static int pathLine(List<IniLine> lines) {
    return lines.stream()
        .filter(line -> line.is("match", "path"))
        .mapToInt(line -> line.index() + 1)
        .findFirst()
        .orElse(0);
  }

  private static List<String> addresses(List<IniLine> lines) {
    List<String> addresses = new ArrayList<>();
    for (IniLine line : lines) {
      boolean family = line.section().equals("ipv4") || line.section().equals("ipv6");
      if (line.is("ipv4", "method") && line.value().equals("auto")) {
        addresses.add("dhcp");
      } else if (family && numbered(line.key(), "address")) {
        addresses.add(IniLine.split(line.value()).stream().findFirst().orElse(""));
      } else if (family && line.key().equals("addresses")) {
        addresses.addAll(line.words());
      }
    }
    return addresses;
  }

  private static Optional<String> gateway(List<IniLine> lines) {
    Optional<String> own = value(lines, "ipv4", "gateway");
    return own.isPresent()
        ? own
        : lines.stream()
            .filter(line -> line.section().equals("ipv4") && numbered(line.key(), "address"))
            .map(line -> IniLine.split(line.value()))
            .filter(words -> words.size() > 1)
            .map(words -> words.get(1))
            .findFirst();
  }

  private static boolean numbered(String key, String stem) {
    return key.startsWith(stem)
        && key.length() > stem.length()
        && key.chars().skip(stem.length()).allMatch(c -> c >= '0' && c <= '9');
  }

  @Override
  public void edit(GuestFiles files, Repair repair) {
    connections(files)
        .forEach(
            (path, text) -> {
              TextEdit file = new TextEdit(path, text);
              List<IniLine> lines = IniLine.of(file);
              if (ethernet(value(lines, "connection", "type").orElse(""))) {
                connection(file, lines, repair);
              } else if (KeyfileVlan.is(lines)) {
                KeyfileVlan.edit(file, lines, repair);
              }
              repair.accept(file);
            });
  }

  private static void connection(TextEdit file, List<IniLine> lines, Repair repair) {
    boolean named =
        value(lines, "connection", "interface-name").isPresent()
            || value(lines, "match", "interface-name").isPresent();
    for (IniLine line : lines) {
      if (wired(line, "cloned-mac-address")) {
        repair.findings().note(file, line.index(), Repair.CHOSEN_ADDRESS);
      } else if (wired(line, "mac-address") && Hardware.mac(line.value()).isPresent()) {
        named |= address(file, line, named, lines, repair);
      } else if (line.is("match", "driver")) {
        Hardware.withoutOldDrivers(line.words())
            .ifPresent(
                drivers ->
                    file.replaceLine(
                        line.index(),
                        "driver=" + String.join(";", drivers) + ";",
                        RULE,
                        Repair.STALE_DRIVER));
      } else if (line.is("match", "path") && line.words().stream().anyMatch(Hardware::busPlace)) {
        Optional<String> name = place(lines).flatMap(repair::nameAt);
        if (named || name.isPresent() || repair.single()) {
          file.removeLine(line.index(), RULE, Repair.STALE_PLACE);
          if (!named && name.isPresent()) {
            addName(file, lines, name.get());
            named = true;
          }
        } else {
          repair.unresolved(file, line.index(), Repair.UNKNOWN_CARD);
        }
      }
    }
  }

  /** Takes the address out; answers whether the connection has a name in its place now. */
  private static boolean address(
      TextEdit file, IniLine line, boolean named, List<IniLine> lines, Repair repair) {
    Optional<String> mac = Hardware.mac(line.value());
    if (mac.filter(repair::absent).isPresent()) {
      repair.findings().note(file, line.index(), Repair.ABSENT_CARD);
      return false;
    }
    Optional<String> name = mac.flatMap(repair::keptName);
    if (!named && name.isEmpty() && !repair.single()) {
      repair.unresolved(file, line.index(), Repair.UNKNOWN_CARD);
      return false;
    }
    file.removeLine(line.index(), RULE, Repair.STALE_ADDRESS);
    if (named || name.isEmpty()) {
      return false;
    }
    addName(file, lines, name.get());
    return true;
  }

  private static void addName(TextEdit file, List<IniLine> lines, String name) {
    int type =
        lines.stream().filter(l -> l.is("connection", "type")).findFirst().orElseThrow().index();
    file.addLineAfter(type, "interface-name=" + name, RULE, "the card is told by its name now");
  }

  private static boolean wired(IniLine line, String key) {
    return line.is("ethernet", key) || line.is("802-3-ethernet", key);
  }

  private static Optional<String> mac(List<IniLine> lines) {
    return lines.stream()
        .filter(line -> wired(line, "mac-address"))
        .flatMap(line -> Hardware.mac(line.value()).stream())
        .findFirst();
  }

  private static Optional<String> value(List<IniLine> lines, String section, String key) {
    return lines.stream()
        .filter(line -> line.is(section, key) && !line.value().isEmpty())
        .map(IniLine::value)
        .findFirst();
  }
}
