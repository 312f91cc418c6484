package io.hyper2kvm.guest.boot.menu;

import io.hyper2kvm.guest.boot.BootFile;
import io.hyper2kvm.guest.edit.Edited;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which kernel a guest's boot loader starts by itself, and how another becomes that one: by the
 * default of the loader's menu, or by Photon's link {@code photon.cfg}.
 */
public final class DefaultKernel {

  /** Photon's environment block with its kernel's name; a link to the kernel's own file. */
  public static final String PHOTON = "/boot/photon.cfg";

  /** What there is to do. */
  public enum Way {
    /** Nothing: the kernel is the default. */
    ALREADY,
    /** Files change. */
    EDIT,
    /** {@link DefaultKernel#PHOTON} gets another target. */
    LINK,
    /** It is not known how. */
    REFUSED
  }

  /**
   * What makes a kernel the default.
   *
   * @param way what there is to do
   * @param edits the files that change
   * @param detail the link's new target, or why it is not known how; else empty
   */
  public record Choice(Way way, List<Edited> edits, String detail) {

    public Choice {
      Objects.requireNonNull(way, "way");
      edits = List.copyOf(edits);
      Objects.requireNonNull(detail, "detail");
    }

    private static Choice of(Way way, String detail) {
      return new Choice(way, List.of(), detail);
    }
  }

  private DefaultKernel() {}

  /**
   * What makes this kernel the default.
   *
   * @param texts the guest's files by path
   * @param releases the keys of the os-release inside each unified kernel image, by its path
   * @param image the kernel's path
   */
  public static Choice of(
      Map<String, String> texts, Map<String, Map<String, String>> releases, String image) {
    if (isPhoton(texts)) {
      return photon(texts.get(PHOTON), image.substring(image.lastIndexOf('/') + 1));
    }
    BootMenus found = BootMenus.of(texts, releases);
    if (found.menu().isEmpty()) {
      return Choice.of(Way.REFUSED, found.refusal());
    }
    BootMenu menu = found.menu().get();
    MenuStart start = menu.start();
    if (start.entry().filter(entry -> entry.starts(image)).isPresent()) {
      return Choice.of(Way.ALREADY, "");
    }
    List<MenuEntry> own = menu.entries().stream().filter(entry -> entry.starts(image)).toList();
    if (own.isEmpty()) {
      return Choice.of(Way.REFUSED, "the menu has no entry for it; " + start.setting());
    }
    if (own.size() > 1 && menu instanceof GrubLoaderEntries) {
      return Choice.of(
          Way.REFUSED, "it has %d entries for that kernel, not one".formatted(own.size()));
    }
    // The first is the plain one; those for recovery come after it.
    NewDefault made = menu.withDefault(own.get(0));
    if (!made.refusal().isEmpty()) {
      return Choice.of(Way.REFUSED, made.refusal());
    }
    Map<String, String> after = new TreeMap<>(texts);
    made.edits().forEach(edited -> after.put(edited.file(), edited.text()));
    MenuStart now = BootMenus.of(after, releases).menu().map(BootMenu::start).orElse(start);
    return now.entry().filter(entry -> entry.starts(image)).isPresent()
        ? new Choice(Way.EDIT, made.edits(), "")
        : Choice.of(Way.REFUSED, "its default cannot be set; " + now.setting());
  }

  /**
   * What the guest's boot loader starts by itself, as far as its files tell; empty for a guest
   * whose loader is not known, and for Photon, which names its kernel in a link.
   */
  public static Optional<MenuStart> start(
      Map<String, String> texts, Map<String, Map<String, String>> releases) {
    return isPhoton(texts)
        ? Optional.empty()
        : BootMenus.of(texts, releases).menu().map(BootMenu::start);
  }

  /**
   * What the guest's boot loader starts when the kernel that starts by itself cannot be loaded, as
   * far as GRUB legacy's menu names it.
   */
  public static List<MenuStart> fallbacks(Map<String, String> texts) {
    return BootMenus.of(texts, Map.of()).menu().stream()
        .filter(LegacyMenu.class::isInstance)
        .flatMap(menu -> ((LegacyMenu) menu).fallbacks().stream())
        .toList();
  }

  private static boolean isPhoton(Map<String, String> texts) {
    return texts.containsKey(PHOTON)
        && texts.entrySet().stream()
            .filter(file -> BootFile.of(file.getKey()).equals(Optional.of(BootFile.GRUB_CONFIG)))
            .anyMatch(file -> file.getValue().contains("photon.cfg"));
  }

  private static Choice photon(String text, String name) {
    if (namesPhotonKernel(text, name)) {
      return Choice.of(Way.ALREADY, "");
    }
    return name.startsWith("vmlinuz-")
        ? Choice.of(Way.LINK, "linux-" + name.substring("vmlinuz-".length()) + ".cfg")
        : Choice.of(Way.REFUSED, "%s names its kernels in another way".formatted(PHOTON));
  }

  /** Whether a block of Photon's starts this kernel. */
  public static boolean namesPhotonKernel(String text, String name) {
    return text.lines().map(String::strip).anyMatch(("photon_linux=" + name)::equals);
  }
}
