package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.network.survey.CardNaming;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.Repair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files of ours that give the virtio cards the names that the guest's configuration uses. */
public final class NamePins {
  private static final int MODE = 0644;
  private static final String WHY =
      "the configuration uses this name, and the card has another driver, place and perhaps address now";

  public void plan(GuestFiles files, Repair repair) {
    Optional<String> unknown = repair.order().failure();
    if (unknown.isPresent()) {
      repair.findings().failure("the names of the network cards cannot be kept: " + unknown.get());
      return;
    }
    switch (repair.traits().naming()) {
      case LINKS -> {
        for (String name : repair.order().names()) {
          if (!repair.isPinned(name)) {
            link(name, files, repair);
          }
        }
      }
      case RULES, EXCHANGING_RULES -> rules(files, repair);
      case KERNEL -> kernelNames(repair);
    }
  }

  /** Where nothing renames a card, its name is the kernel's, or it cannot be kept. */
  private static void kernelNames(Repair repair) {
    for (String name : repair.order().names()) {
      int number = repair.order().position().getOrDefault(name, 0);
      if (!name.equals("eth" + number)) {
        repair
            .findings()
            .failure(
                "the guest has no udev that could pin a name, so card %d is eth%d and cannot be named %s; use eth%d in its configuration"
                    .formatted(number + 1, number, name, number));
      }
    }
  }

  private static void link(String name, GuestFiles files, Repair repair) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "# Written by hyper2kvm: this virtio network card keeps the name it had before the move.");
    lines.add("[Match]");
    // No Type=: older systemd compares it with the kernel's device type, which cards do not have.
    lines.addAll(repair.linkMatch(name).orElseThrow());
    lines.add("");
    lines.add("[Link]");
    lines.add("Name=" + name);
    write(LinkFiles.OWN_PREFIX + name + ".link", lines, "link-pin", files, repair);
  }

  private static void rules(GuestFiles files, Repair repair) {
    if (repair.order().names().isEmpty()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "# Written by hyper2kvm: the virtio network cards keep the names they had before the move.");
    for (String name : repair.order().names()) {
      Integer number = repair.order().position().get(name);
      lines.add(
          "SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"virtio_net\", ATTR{type}==\"1\",%s NAME=\"%s\""
              .formatted(card(number, repair), name));
    }
    write(UdevRules.OWN_FILE, lines, "udev-name", files, repair);
  }

  /**
   * What tells the card from others. Where there is one, the kernel's kind of name is enough; a
   * newer udev may have given it another name in the initramfs.
   */
  private static String card(Integer number, Repair repair) {
    if (number == null) {
      boolean kernelName = repair.traits().naming() == CardNaming.EXCHANGING_RULES;
      return kernelName ? " KERNEL==\"eth*\"," : "";
    }
    return repair.order().crosses()
        ? " " + CardNumber.terms(number) + ","
        : " KERNEL==\"eth%d\",".formatted(number);
  }

  private static void write(
      String path, List<String> lines, String rule, GuestFiles files, Repair repair) {
    String text = String.join("\n", lines) + "\n";
    Optional<String> before = Optional.ofNullable(files.text().get(path));
    if (before.equals(Optional.of(text))) {
      return;
    }
    List<Change> changes = new ArrayList<>();
    for (String line : lines) {
      if (!line.isEmpty() && !line.startsWith("#")) {
        changes.add(new Change(path, 0, "", line, rule, WHY));
      }
    }
    repair.accept(new FileEdit(path, before, Optional.of(text), MODE, changes));
  }
}
