package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.Hardware;
import io.hyper2kvm.guest.network.survey.IniLine;
import io.hyper2kvm.guest.network.survey.Repair;
import java.util.List;
import java.util.Optional;

/**
 * A VLAN in a keyfile of NetworkManager whose parent is told by the hardware address of a card: in
 * the place of a name or beside it.
 */
final class KeyfileVlan {
  private static final String RULE = "networkmanager-vlan";

  private KeyfileVlan() {}

  static boolean is(List<IniLine> lines) {
    return lines.stream().anyMatch(line -> line.is("connection", "type") && isVlan(line.value()));
  }

  private static boolean isVlan(String type) {
    return type.equals("vlan");
  }

  /** The address of the parent; empty when it has none. */
  static Optional<String> mac(List<IniLine> lines) {
    return lines.stream()
        .filter(KeyfileVlan::isAddress)
        .flatMap(line -> Hardware.mac(line.value()).stream())
        .findFirst();
  }

  private static boolean isAddress(IniLine line) {
    return line.is("ethernet", "mac-address") || line.is("802-3-ethernet", "mac-address");
  }

  /** Gives the parent by its name. */
  static void edit(TextEdit file, List<IniLine> lines, Repair repair) {
    boolean told =
        lines.stream().anyMatch(line -> line.is("vlan", "parent") && !line.value().isEmpty());
    Optional<IniLine> section =
        lines.stream().filter(line -> line.section().equals("vlan")).findFirst();
    for (IniLine line : lines) {
      Optional<String> mac = isAddress(line) ? Hardware.mac(line.value()) : Optional.empty();
      if (mac.isEmpty()) {
        continue;
      }
      Optional<String> name = repair.keptName(mac.get());
      if (repair.absent(mac.get())) {
        repair.findings().note(file, line.index(), Repair.ABSENT_CARD);
      } else if (told) {
        file.removeLine(line.index(), RULE, Repair.STALE_ADDRESS);
      } else if (name.isPresent() && section.isPresent()) {
        file.removeLine(line.index(), RULE, Repair.STALE_ADDRESS);
        file.addLineAfter(
            section.get().index() - 1,
            "parent=" + name.get(),
            RULE,
            "the parent is told by its name now");
        told = true;
      } else {
        repair.unresolved(file, line.index(), Repair.UNKNOWN_CARD);
      }
    }
  }
}
