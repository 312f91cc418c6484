package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.boot.BootFix;
import io.hyper2kvm.guest.boot.BootedDisks;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.distribution.Release;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.edit.LeftAlone;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guest.fstab.FstabFix;
import io.hyper2kvm.guest.initramfs.dropin.ConfigDropIn;
import io.hyper2kvm.guest.luks.MappedNames;
import io.hyper2kvm.guest.network.NetworkFix;
import io.hyper2kvm.guest.network.NetworkPlan;
import io.hyper2kvm.guest.network.survey.CardNaming;
import io.hyper2kvm.guest.network.survey.GuestTraits;
import io.hyper2kvm.guest.network.survey.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What all pure fixes make of a guest's files, in the order of the stage. */
final class TreeFixes {

  /** The reasons to leave a line alone that say no more than that there was nothing to do. */
  private static final List<String> SAME_EVERYWHERE =
      List.of("the same on every hypervisor", "a pseudo file system", "a path inside the guest");

  private final GuestTree tree;
  private final SortedMap<String, String> before;
  private final SortedMap<String, String> after;
  private final List<String> lines = new ArrayList<>();

  private TreeFixes(GuestTree tree, SortedMap<String, String> before) {
    this.tree = tree;
    this.before = before;
    this.after = new TreeMap<>(before);
    Release release = Release.of(tree.release());
    CardNaming naming = CardNaming.of(before, tree.systemd(), release);
    GuestDisks disks = BootedDisks.learned(before, MappedNames.learned(before, tree.disks()));
    lines.add(
        "release: %s %s, family %s".formatted(release.id(), release.version(), release.family()));
    lines.add("names of cards by: " + naming);
    tree.kernels()
        .kernels()
        .forEach(
            k -> lines.add("kernel: %s %s %s".formatted(k.version(), k.image(), k.initramfs())));
    tree.kernels().unmatched().forEach((image, why) -> lines.add("kernel? " + image + ": " + why));

    NetworkPlan network =
        new NetworkFix()
            .plan(before, Level.FULL, GuestTraits.of(before, naming, tree.cards(), release));
    network
        .interfaces()
        .forEach(
            i ->
                lines.add(
                    "interface: %s %s%s (%s)"
                        .formatted(
                            i.name().isEmpty() ? "-" : i.name(),
                            i.addresses(),
                            i.gateway().map(g -> " via " + g).orElse(""),
                            i.configuredIn())));
    apply("fstab", FstabFix.plan(after, disks, Fstab.Mode.STABILIZE_ALL));
    apply("boot", BootFix.plan(after, disks, false));
    apply("network", network.edits());
    apply(
        "initramfs",
        ConfigDropIn.of(tree.generator(), after, tree.drivers())
            .map(EditPlan::of)
            .orElse(EditPlan.NOTHING));
    Fstab.unresolved(after.getOrDefault(Fstab.FILE, ""), disks)
        .forEach(
            row -> lines.add("unresolved: %s on %s".formatted(row.device(), row.mountPoint())));
  }

  static TreeFixes of(GuestTree tree) {
    return new TreeFixes(tree, tree.files());
  }

  /** The same fixes on the files that they have changed. */
  TreeFixes again() {
    return new TreeFixes(tree, after);
  }

  List<String> changedFiles() {
    List<String> changed = new ArrayList<>();
    after.forEach(
        (path, text) -> {
          if (!text.equals(before.get(path))) {
            changed.add(path);
          }
        });
    before.keySet().stream().filter(path -> !after.containsKey(path)).forEach(changed::add);
    return changed;
  }

  String text() {
    return String.join("\n", lines) + "\n";
  }

  private void apply(String fix, EditPlan plan) {
    lines.add("");
    lines.add("== " + fix);
    for (FileEdit edit : plan.files()) {
      if (!edit.before().equals(java.util.Optional.ofNullable(after.get(edit.file())))) {
        throw new IllegalStateException(edit.file() + " is edited from another text");
      }
      lines.add(
          (edit.before().isEmpty() ? "new " : edit.after().isEmpty() ? "gone " : "") + edit.file());
      difference(split(edit.before().orElse("")), split(edit.after().orElse("")));
      edit.after()
          .ifPresentOrElse(text -> after.put(edit.file(), text), () -> after.remove(edit.file()));
    }
    for (LeftAlone left : plan.leftAlone()) {
      if (SAME_EVERYWHERE.stream().anyMatch(left.reason()::contains)) {
        continue;
      }
      lines.add(
          "left %s:%d %s: %s".formatted(left.file(), left.line(), left.text(), left.reason()));
    }
    plan.warnings().forEach(warning -> lines.add("warning: " + warning));
    plan.failures().forEach(failure -> lines.add("FAILURE: " + failure));
  }

  private static List<String> split(String text) {
    // A GRUB environment block ends in hundreds of these.
    String shown = text.replaceAll("#{40,}", "#…");
    return text.isEmpty() ? List.of() : Arrays.asList(shown.split("\n"));
  }

  /** The lines that only one text has, by their longest common subsequence. */
  private void difference(List<String> a, List<String> b) {
    int[][] common = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        common[i][j] =
            a.get(i).equals(b.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
        i++;
        j++;
      } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
        lines.add("  - " + a.get(i++));
      } else {
        lines.add("  + " + b.get(j++));
      }
    }
  }
}
