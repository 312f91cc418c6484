package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.ConfigurationSystem;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.Hardware;
import io.hyper2kvm.guest.network.survey.IniLine;
import io.hyper2kvm.guest.network.survey.InterfaceName;
import io.hyper2kvm.guest.network.survey.Repair;
import io.hyper2kvm.guest.network.survey.Survey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The {@code .network} and {@code .netdev} files of systemd-networkd. */
public final class NetworkFiles implements ConfigurationSystem {
  private static final String RULE = "networkd-match";

  @Override
  public void read(GuestFiles files, Survey survey) {
    files
        .in(LinkFiles.FOLDER, ".netdev")
        .forEach(
            (path, text) ->
                IniLine.of(new TextEdit(path, text)).stream()
                    .filter(line -> line.is("NetDev", "Name"))
                    .forEach(line -> survey.virtual(line.value(), path)));
    files
        .in(LinkFiles.FOLDER, ".network")
        .forEach(
            (path, text) -> {
              survey.configuredBy("systemd-networkd");
              read(path, IniLine.of(new TextEdit(path, text)), survey);
            });
  }

  private static void read(String path, List<IniLine> lines, Survey survey) {
    List<String> names = names(lines);
    List<String> macs = LinkFiles.macs(lines);
    macs.forEach(survey::matchedMac);
    if (names.isEmpty()) {
      LinkFiles.place(lines).ifPresent(survey.busOrder()::matched);
    }
    if (names.isEmpty() && macs.size() == 1) {
      survey.addresses().byAddress().add(macs.get(0), path, addresses(lines), gateway(lines), true);
    }
    if (names.isEmpty() && macs.isEmpty() && anyCard(lines)) {
      survey.anyCard(path);
      lines.stream()
          .filter(line -> line.is("Match", "Driver"))
          .forEach(line -> survey.drivers().only(path, "", line.words()));
    }
    boolean physical =
        lines.stream()
            .filter(line -> line.is("Match", "Type"))
            .allMatch(line -> line.words().contains("ether"));
    for (String name : names) {
      if (physical) {
        survey.use(name, path);
      } else {
        survey.virtual(name, path);
      }
    }
    if (names.size() == 1 && !InterfaceName.pattern(names.get(0))) {
      String name = names.get(0);
      survey.active(name, path);
      if (macs.isEmpty()) {
        survey.addresses().unbound(name);
      }
      LinkFiles.places(lines, name, path, survey);
      macs.forEach(mac -> survey.mac(name, path, mac));
      addresses(lines).forEach(address -> survey.address(name, path, address));
      gateway(lines).ifPresent(gateway -> survey.gateway(name, path, gateway));
    }
  }

  /** Whether the match, if there is one, asks for nothing that tells one card from another. */
  private static boolean anyCard(List<IniLine> lines) {
    return lines.stream()
        .filter(line -> line.section().equals("Match"))
        .allMatch(
            line ->
                line.key().equals("Type") && line.words().contains("ether")
                    || line.key().equals("Driver"));
  }

  private static List<String> addresses(List<IniLine> lines) {
    List<String> addresses = new ArrayList<>();
    for (IniLine line : lines) {
      boolean address = line.key().equals("Address");
      if (address && (line.section().equals("Network") || line.section().equals("Address"))) {
        addresses.add(line.value());
      } else if (line.is("Network", "DHCP")
          && (IniLine.yes(line.value())
              || List.of("ipv4", "ipv6", "both", "v4", "v6").contains(line.value()))) {
        addresses.add("dhcp");
      }
    }
    return addresses;
  }

  private static Optional<String> gateway(List<IniLine> lines) {
    return lines.stream()
        .filter(line -> line.is("Network", "Gateway") || line.is("Route", "Gateway"))
        .map(IniLine::value)
        .findFirst();
  }

  @Override
  public void edit(GuestFiles files, Repair repair) {
    files
        .in(LinkFiles.FOLDER, ".network")
        .forEach(
            (path, text) -> {
              TextEdit file = new TextEdit(path, text);
              edit(file, IniLine.of(file), repair);
              repair.accept(file);
            });
    files
        .in(LinkFiles.FOLDER, ".netdev")
        .forEach(
            (path, text) -> {
              TextEdit file = new TextEdit(path, text);
              IniLine.of(file).stream()
                  .filter(line -> line.is("NetDev", "MACAddress"))
                  .forEach(
                      line -> repair.findings().note(file, line.index(), Repair.CHOSEN_ADDRESS));
            });
  }

  private static void edit(TextEdit file, List<IniLine> lines, Repair repair) {
    List<String> macs = LinkFiles.macs(lines);
    if (!macs.isEmpty() && macs.stream().allMatch(repair::absent)) {
      lines.stream()
          .filter(LinkFiles::address)
          .forEach(line -> repair.findings().note(file, line.index(), Repair.ABSENT_CARD));
      return;
    }
    boolean told = !names(lines).isEmpty();
    Optional<String> name =
        macs.isEmpty()
            ? LinkFiles.place(lines).flatMap(repair::nameAt).or(repair::onlyName)
            : names(macs, repair).or(() -> LinkFiles.place(lines).flatMap(repair::nameAt));
    boolean driverTold = lines.stream().anyMatch(line -> line.is("Match", "Driver"));
    for (IniLine line : lines) {
      if (line.is("Link", "MACAddress")) {
        repair.findings().note(file, line.index(), Repair.CHOSEN_ADDRESS);
      }
      if (!line.section().equals("Match")) {
        continue;
      }
      if (line.key().equals("Driver")) {
        Optional<List<String>> drivers = Hardware.withoutOldDrivers(line.words());
        if (drivers.isPresent()) {
          file.replaceLine(
              line.index(), "Driver=" + String.join(" ", drivers.get()), RULE, Repair.STALE_DRIVER);
        }
      } else if (LinkFiles.stale(line)) {
        told = editPin(file, line, told, driverTold, name, repair);
      }
    }
  }

  /** The names of the cards with these addresses; empty unless each that there is has one. */
  private static Optional<String> names(List<String> macs, Repair repair) {
    Set<String> names = new LinkedHashSet<>();
    for (String mac : macs) {
      Optional<String> name = repair.keptName(mac);
      if (name.isEmpty() && !repair.absent(mac)) {
        return Optional.empty();
      }
      name.ifPresent(names::add);
    }
    return names.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", names));
  }

  private static boolean editPin(
      TextEdit file,
      IniLine line,
      boolean told,
      boolean driverTold,
      Optional<String> name,
      Repair repair) {
    String reason = LinkFiles.reason(line);
    if (told) {
      file.removeLine(line.index(), RULE, reason);
      return true;
    }
    if (name.isPresent()) {
      file.replaceLine(line.index(), "Name=" + name.get(), RULE, reason);
    } else if (repair.single() && !driverTold) {
      file.replaceLine(line.index(), "Driver=" + Hardware.VIRTIO_NET, RULE, reason);
    } else if (repair.single()) {
      file.removeLine(line.index(), RULE, reason);
    } else {
      repair.unresolved(file, line.index(), Repair.UNKNOWN_CARD);
      return false;
    }
    return true;
  }

  private static List<String> names(List<IniLine> lines) {
    List<String> names = new ArrayList<>();
    lines.stream()
        .filter(line -> line.is("Match", "Name") && !line.value().startsWith("!"))
        .forEach(line -> names.addAll(line.words()));
    return names;
  }
}
