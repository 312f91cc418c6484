package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.BusPlace;
import io.hyper2kvm.guest.network.survey.ConfigurationSystem;
import io.hyper2kvm.guest.network.survey.Findings;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.Hardware;
import io.hyper2kvm.guest.network.survey.IniLine;
import io.hyper2kvm.guest.network.survey.NameScheme;
import io.hyper2kvm.guest.network.survey.Repair;
import io.hyper2kvm.guest.network.survey.Survey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Names given by udev rules, {@code 70-persistent-net.rules} above all. */
public final class UdevRules implements ConfigurationSystem {
  static final String FOLDER = "/etc/udev/rules.d/";
  static final String OWN_FILE = FOLDER + "70-hyper2kvm-net.rules";

  /** Copies of files that come with udev; their names for new cards are what udev always gives. */
  private static final Set<String> STANDARD =
      Set.of(
          FOLDER + "60-net.rules",
          FOLDER + "71-biosdevname.rules",
          FOLDER + "75-persistent-net-generator.rules",
          FOLDER + "80-net-name-slot.rules",
          FOLDER + "80-net-setup-link.rules");

  @Override
  public void read(GuestFiles files, Survey survey) {
    files
        .in(FOLDER, ".rules")
        .forEach(
            (path, text) -> {
              TextEdit file = new TextEdit(path, text);
              for (UdevRule rule : UdevRule.of(file)) {
                if (rule.network()) {
                  rule.name().ifPresent(name -> learn(rule, name, file, survey));
                }
              }
            });
  }

  private static void learn(UdevRule rule, String name, TextEdit file, Survey survey) {
    String path = file.file();
    if (rule.staleAddress() || rule.stalePlace()) {
      survey.pinned(name, path);
      rule.mac().ifPresent(mac -> survey.pinnedMac(name, path, mac));
      String comment = comment(file, rule);
      rule.busPlace()
          .or(() -> placeIn(comment))
          .ifPresent(place -> survey.busOrder().add(name, place, path, rule.first() + 1));
      if (rule.vmware()
          || comment.contains("(vmxnet")
          || rule.mac().filter(Hardware::vmware).isPresent()) {
        survey.busOrder().onVmware();
      }
    } else {
      if (path.equals(OWN_FILE)) {
        survey.useCard(name, path);
        rule.result()
            .flatMap(CardNumber::of)
            .ifPresent(number -> survey.knownPosition(name, number));
        survey.keptName(name);
      }
      rule.kernel()
          .filter(kernel -> NameScheme.KERNEL.matches(kernel))
          .ifPresent(kernel -> survey.knownPosition(name, (int) NameScheme.lastNumber(kernel)));
    }
  }

  /** The comment above a rule that a generator wrote; it describes the rule's card. */
  private static String comment(TextEdit file, UdevRule rule) {
    String above = rule.first() > 0 ? file.line(rule.first() - 1) : "";
    return generated(above) ? above : "";
  }

  /** {@code # PCI device 0x15ad:/sys/devices/pci0000:00/0000:00:15.0/0000:03:00.0 (vmxnet3)}. */
  private static Optional<BusPlace> placeIn(String comment) {
    int path = comment.indexOf("/sys/devices/");
    return path < 0 ? Optional.empty() : BusPlace.of(IniLine.split(comment.substring(path)).get(0));
  }

  @Override
  public void edit(GuestFiles files, Repair repair) {
    files
        .in(FOLDER, ".rules")
        .forEach(
            (path, text) -> {
              TextEdit file = new TextEdit(path, text);
              UdevRule.of(file).stream()
                  .filter(UdevRule::network)
                  .forEach(rule -> edit(file, rule, repair));
              repair.acceptOrRemove(file);
            });
  }

  private static void edit(TextEdit file, UdevRule rule, Repair repair) {
    if (!file.file().equals(OWN_FILE) && !STANDARD.contains(file.file())) {
      rule.computedName().ifPresent(by -> warnOfComputed(file, rule, by, repair));
    }
    if (!rule.staleAddress() && !rule.stalePlace()) {
      return;
    }
    if (rule.name().isEmpty()) {
      repair.findings().note(file, rule.first(), "gives no card its name; what it is for is kept");
      if (rule.stalePlace()) {
        repair
            .findings()
            .warning(
                "%s line %d is for a card at its old place, and takes effect for no card now, or for another one; see what it is for"
                    .formatted(file.file(), rule.first() + 1));
      }
      return;
    }
    String name = rule.name().get();
    if (repair.full() && repair.order().names().contains(name) && !repair.kept(name)) {
      repair.unresolved(
          file, rule.first(), repair.order().failure().orElse("the card cannot be told"));
      return;
    }
    String reason = rule.staleAddress() ? Repair.STALE_ADDRESS : Repair.STALE_PLACE;
    if (repair.full() && !repair.kept(name) && !repair.absentName(name)) {
      repair
          .findings()
          .warning(
              "%s line %d: the name %s is not pinned again, because nothing in the configuration uses it"
                  .formatted(file.file(), rule.first() + 1, name));
    }
    if (rule.first() > 0 && generated(file.line(rule.first() - 1))) {
      file.removeLine(rule.first() - 1, "udev-pin", "describes the rule below, which goes");
    }
    for (int i = rule.first(); i <= rule.last(); i++) {
      file.removeLine(i, "udev-pin", reason);
    }
  }

  private static void warnOfComputed(TextEdit file, UdevRule rule, String by, Repair repair) {
    repair
        .findings()
        .warning(
            "%s line %d decides on a card's name by %s, and what that says of the new card is not known; compare the names when the guest runs"
                .formatted(file.file(), rule.first() + 1, Findings.shortened(by)));
  }

  private static boolean generated(String comment) {
    return List.of("# PCI device ", "# net device ", "# USB device ", "# vmbus device ").stream()
        .anyMatch(comment::startsWith);
  }
}
