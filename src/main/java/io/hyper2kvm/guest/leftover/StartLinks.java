package io.hyper2kvm.guest.leftover;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.edit.LeftAlone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The start scripts of a guest without systemd. Those that build modules, and so may take minutes
 * at each boot, are not started any more; the others end by themselves outside their hypervisor.
 */
final class StartLinks {

  private static final Pattern LINK =
      Pattern.compile(
          "/etc/(?:rc\\.d/)?rc[2-5S]\\.d/S..(.{1,80})|/etc/runlevels/[^/]{1,80}/(.{1,80})");

  /** They build the modules for the kernel that runs when the modules do not load. */
  private static final Set<String> BUILD = Set.of("vboxadd", "vboxadd-service", "vboxadd-x11");

  private StartLinks() {}

  static EditPlan plan(GuestTree tree) {
    List<FileEdit> edits = new ArrayList<>();
    List<LeftAlone> notes = new ArrayList<>();
    if (!tree.systemd()) {
      for (String path : tree.below("/etc/r")) {
        Matcher link = LINK.matcher(path);
        if (!link.matches()) {
          continue;
        }
        String name = link.group(1) == null ? link.group(2) : link.group(1);
        Optional<Hypervisor> hypervisor = GuestTools.ofService(name);
        if (BUILD.contains(name)) {
          String reason =
              "%s does not load on KVM, and this script then builds modules at every boot"
                  .formatted(name);
          edits.add(
              FileEdit.removal(
                  path,
                  tree.text(path).filter(text -> !text.isEmpty()).orElse("\n"),
                  List.of(new Change(path, 0, "starts " + name, "", "guest_tools.start", reason))));
        } else if (hypervisor.isPresent()) {
          notes.add(
              new LeftAlone(
                  path,
                  0,
                  name,
                  "it ends by itself outside %s".formatted(hypervisor.get().title())));
        }
      }
    }
    return new EditPlan(edits, notes, List.of(), List.of());
  }
}
