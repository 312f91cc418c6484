package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.network.survey.ConfigurationSystem;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.NameScheme;
import io.hyper2kvm.guest.network.survey.Repair;
import io.hyper2kvm.guest.network.survey.Survey;
import java.util.List;

/** Names given by udev rules, {@code 70-persistent-net.rules} above all. */
public final class UdevRules implements ConfigurationSystem {
  static final String FOLDER = "/etc/udev/rules.d/";
  static final String OWN_FILE = FOLDER + "70-hyper2kvm-net.rules";

  @Override
  public void read(GuestFiles files, Survey survey) {
    files
        .in(FOLDER, ".rules")
        .forEach(
            (path, text) -> {
              for (UdevRule rule : UdevRule.of(new TextEdit(path, text))) {
                if (rule.network()) {
                  rule.name().ifPresent(name -> learn(rule, name, path, survey));
                }
              }
            });
  }

  private static void learn(UdevRule rule, String name, String path, Survey survey) {
    if (rule.staleAddress() || rule.stalePlace()) {
      survey.pinned(name, path);
      rule.mac().ifPresent(mac -> survey.pinnedMac(name, path, mac));
    } else {
      if (path.equals(OWN_FILE)) {
        survey.useCard(name, path);
        survey.keptName(name);
      }
      rule.kernel()
          .filter(kernel -> NameScheme.KERNEL.matches(kernel))
          .ifPresent(kernel -> survey.knownPosition(name, (int) NameScheme.lastNumber(kernel)));
    }
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
    if (!rule.staleAddress() && !rule.stalePlace()) {
      return;
    }
    if (rule.name().isEmpty()) {
      repair.findings().note(file, rule.first(), "gives no card its name; what it is for is kept");
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

  private static boolean generated(String comment) {
    return List.of("# PCI device ", "# net device ", "# USB device ", "# vmbus device ").stream()
        .anyMatch(comment::startsWith);
  }
}
