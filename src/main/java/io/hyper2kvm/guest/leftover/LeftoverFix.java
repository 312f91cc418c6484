package io.hyper2kvm.guest.leftover;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.edit.LeftAlone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Plans that nothing which a former hypervisor left in a guest stops or delays its boot. The tools
 * themselves stay, and work again under that hypervisor.
 */
public final class LeftoverFix {

  private static final int MAX_TOLD = 20;

  private LeftoverFix() {}

  /** The folders whose files' names the plan needs to know. */
  public static final List<String> FOLDERS =
      List.of(
          "/etc/systemd/system",
          "/usr/local/lib/systemd/system",
          "/usr/lib/systemd/system",
          "/lib/systemd/system",
          "/etc/modules-load.d",
          "/etc/X11/xorg.conf.d",
          "/etc/ld.so.conf.d",
          "/etc/xdg/autostart",
          "/etc/runlevels");

  /** The further files whose texts it needs, which every inspection reads. */
  public static final List<String> READ_ANYWAY = List.of("/etc/fstab", "/etc/modules");

  /** The same for links, as shell patterns. */
  public static final List<String> PATTERNS =
      List.of("/etc/rc[2-5S].d/S*", "/etc/rc.d/rc[2-5S].d/S*");

  /** Files whose presence tells which tools and agents there are. */
  public static List<String> markers() {
    List<String> markers = new ArrayList<>(GuestTools.CLOUD_AGENTS);
    markers.addAll(GuestTools.QEMU_AGENTS);
    GuestTools.ALL.forEach(tools -> markers.addAll(tools.programs()));
    return markers;
  }

  /**
   * The texts that the plan reads and may change, of files that the tree has.
   *
   * @param tree knows the names of all files
   */
  public static List<String> texts(GuestTree tree) {
    List<String> files = new ArrayList<>(List.of("/etc/inittab", "/etc/X11/xorg.conf"));
    files.addAll(tree.below("/etc/modules-load.d/"));
    files.addAll(tree.below("/etc/X11/xorg.conf.d/"));
    return files;
  }

  /**
   * The texts of units that the plan reads.
   *
   * @param tree knows the names of all files
   */
  public static List<String> units(GuestTree tree) {
    return tree.systemd() ? Services.files(tree) : List.of();
  }

  /** The tools that a guest has, with the files that show it. */
  public static Map<Hypervisor, List<String>> found(GuestTree tree) {
    Map<Hypervisor, List<String>> found = new TreeMap<>();
    for (GuestTools tools : GuestTools.ALL) {
      List<String> programs = tools.programs().stream().filter(tree::has).toList();
      if (!programs.isEmpty()) {
        found.put(tools.hypervisor(), programs);
      }
    }
    return found;
  }

  /** Whether QEMU's guest agent is installed. */
  public static boolean hasQemuAgent(GuestTree tree) {
    return GuestTools.QEMU_AGENTS.stream().anyMatch(tree::has);
  }

  /** The plan; it never throws for any text, and a second one of its result changes nothing. */
  public static EditPlan plan(GuestTree tree) {
    return EditPlan.joined(
        List.of(
            Services.plan(tree),
            StartLinks.plan(tree),
            Modules.plan(tree),
            ForeignMounts.plan(tree),
            Consoles.plan(tree),
            Displays.plan(tree),
            harmless(tree)));
  }

  /**
   * A plan of which some files stay as they are: each of their changes becomes a warning.
   *
   * @param stays the files that stay
   * @param why why they do, such as {@code fix.fstab has the mode noop}
   */
  public static EditPlan told(EditPlan plan, Predicate<String> stays, String why) {
    List<String> warnings = new ArrayList<>(plan.warnings());
    plan.files().stream()
        .filter(edit -> stays.test(edit.file()))
        .map(FileEdit::changes)
        .flatMap(List::stream)
        .limit(MAX_TOLD)
        .map(change -> warning(change, why))
        .forEach(warnings::add);
    return new EditPlan(
        plan.files().stream().filter(edit -> !stays.test(edit.file())).toList(),
        plan.leftAlone(),
        warnings,
        plan.failures());
  }

  private static String warning(Change change, String why) {
    String line = change.line() > 0 ? ":" + change.line() : "";
    return "%s%s: %s; it stays, since %s".formatted(change.file(), line, change.reason(), why);
  }

  /** What looks as if it mattered. */
  private static EditPlan harmless(GuestTree tree) {
    List<LeftAlone> notes = new ArrayList<>();
    for (String path : tree.below("/etc/ld.so.conf.d/")) {
      if (path.contains("nosegneg")) {
        notes.add(note(path, "only Xen's kernels ask for these libraries"));
      }
    }
    for (String path : tree.below("/etc/xdg/autostart/")) {
      if (path.contains("vmware-user")) {
        notes.add(note(path, "the program ends by itself outside VMware"));
      }
    }
    GuestTools.CLOUD_AGENTS.stream()
        .filter(tree::has)
        .map(path -> note(path, "an agent of a cloud; it finds no cloud on KVM, and stays"))
        .forEach(notes::add);
    return new EditPlan(List.of(), notes, List.of(), List.of());
  }

  private static LeftAlone note(String path, String reason) {
    return new LeftAlone(path, 0, "", reason);
  }
}
