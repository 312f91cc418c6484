package io.hyper2kvm.guest.leftover;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.edit.LeftAlone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The units of systemd that a guest starts. One that waits for a device of the former hypervisor
 * delays the boot by 90 seconds, since the wait comes before any condition: it is taken out of what
 * is started. Another one of the tools gets the condition to start under its hypervisor only, if it
 * has none.
 */
final class Services {

  private static final String ETC = Unit.FOLDERS.get(0);
  private static final Pattern LINK =
      Pattern.compile("/[a-z/]{1,60}/([^/]{1,200})\\.(wants|requires)/([^/]{1,200})");
  private static final Pattern START =
      Pattern.compile("/etc/(?:rc\\.d/)?rc[2-5S]\\.d/S..(.{1,80})");

  private static final String DEVICE_RULE = "guest_tools.waits-for-device";
  private static final String CONDITION_RULE = "guest_tools.condition";
  private static final String DROP_IN = "50-hyper2kvm.conf";

  private final GuestTree tree;
  private final List<FileEdit> edits = new ArrayList<>();
  private final List<LeftAlone> notes = new ArrayList<>();

  private Services(GuestTree tree) {
    this.tree = tree;
  }

  static EditPlan plan(GuestTree tree) {
    if (!tree.systemd()) {
      return EditPlan.NOTHING;
    }
    Services services = new Services(tree);
    services.started().forEach(services::judge);
    return new EditPlan(services.edits, services.notes, List.of(), List.of());
  }

  /** The files that tell what the units are that are started. */
  static List<String> files(GuestTree tree) {
    List<String> files = new ArrayList<>();
    new Services(tree)
        .started()
        .forEach(
            (name, links) -> {
              int at = name.indexOf('@');
              String template = at < 0 ? name : name.substring(0, at + 1) + ".service";
              links.stream().filter(link -> !link.startsWith("/etc/rc")).forEach(files::add);
              Unit.FOLDERS.forEach(
                  folder -> files.addAll(List.of(folder + name, folder + template)));
              files.addAll(Unit.dropIns(name, tree));
            });
    return files.stream().filter(tree::has).distinct().toList();
  }

  /** What is started at every boot, with the links that ask for it. */
  private Map<String, List<String>> started() {
    Map<String, List<String>> started = new TreeMap<>();
    for (String folder : Unit.FOLDERS) {
      for (String path : tree.below(folder)) {
        Matcher link = LINK.matcher(path);
        // What a device asks for is started only where the device is.
        if (link.matches() && !link.group(1).endsWith(".device")) {
          started.computeIfAbsent(link.group(3), unit -> new ArrayList<>()).add(path);
        }
      }
    }
    for (String path : tree.below("/etc/rc")) {
      Matcher link = START.matcher(path);
      if (link.matches()) {
        // systemd makes a service of it, unless there is one.
        started.computeIfAbsent(link.group(1) + ".service", unit -> new ArrayList<>()).add(path);
      }
    }
    return started;
  }

  private void judge(String name, List<String> links) {
    Optional<Unit> unit = Unit.of(name, links, tree);
    Optional<String> device = unit.flatMap(Unit::foreignDevice);
    if (device.isPresent()) {
      takeOut(
          name,
          links,
          "%s waits for %s, which is on no virtual machine of KVM, and delays the boot by 90 seconds"
              .formatted(name, device.get()));
      return;
    }
    Optional<Hypervisor> hypervisor =
        GuestTools.ofService(name.endsWith(".service") ? name.substring(0, name.length() - 8) : "")
            .or(() -> unit.flatMap(u -> GuestTools.ofFileSystem(u.value("Type"))));
    if (hypervisor.isEmpty() || Unit.isMasked(name, tree)) {
      return;
    }
    Optional<String> condition = unit.flatMap(Unit::condition);
    if (condition.isPresent()) {
      notes.add(
          new LeftAlone(
              file(name, links), 0, condition.get(), "it does not start on KVM: harmless"));
      return;
    }
    conditioned(name, hypervisor.get());
  }

  private String file(String name, List<String> links) {
    return Unit.FOLDERS.stream()
        .map(folder -> folder + name)
        .filter(tree::has)
        .findFirst()
        .orElse(links.get(0));
  }

  /** As systemctl's disable; a link of the package itself would come back, so it is masked. */
  private void takeOut(String name, List<String> links, String reason) {
    boolean packaged = false;
    for (String link : links) {
      if (link.startsWith(ETC)) {
        edits.add(
            FileEdit.removal(
                link,
                tree.text(link).filter(text -> !text.isEmpty()).orElse("\n"),
                List.of(new Change(link, 0, "starts " + name, "", DEVICE_RULE, reason))));
      } else {
        packaged = true;
      }
    }
    String mask = ETC + name;
    if (packaged && !tree.has(mask)) {
      // An empty file masks a unit as a link to /dev/null does.
      edits.add(
          new FileEdit(
              mask,
              Optional.empty(),
              Optional.of(""),
              0644,
              List.of(new Change(mask, 0, "", "(an empty file: masked)", DEVICE_RULE, reason))));
    }
  }

  private void conditioned(String name, Hypervisor hypervisor) {
    String file = ETC + name + ".d/" + DROP_IN;
    String text =
        "# Written by hyper2kvm: this belongs to %s and starts only there.\n[Unit]\nConditionVirtualization=%s\n"
            .formatted(hypervisor.title(), hypervisor.virtualization());
    Optional<String> before = tree.text(file);
    if (before.equals(Optional.of(text))) {
      return;
    }
    edits.add(
        new FileEdit(
            file,
            before,
            Optional.of(text),
            0644,
            List.of(
                new Change(
                    file,
                    0,
                    "",
                    "ConditionVirtualization=" + hypervisor.virtualization(),
                    CONDITION_RULE,
                    "%s is of %s's tools and has no condition: elsewhere it fails, or delays the boot, at every start"
                        .formatted(name, hypervisor.title())))));
  }
}
