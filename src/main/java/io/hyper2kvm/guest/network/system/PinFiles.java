package io.hyper2kvm.guest.network.system;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The files that name network cards, for an initramfs: the udev in there sees the cards first, and
 * a name that it has given is kept, or is in the way of the right one.
 *
 * @param added the new and changed pins, content by path in the guest and in the initramfs
 * @param stale the changed rules that are no pins of ours, content by file name; empty for one that
 *     is gone
 */
public record PinFiles(SortedMap<String, String> added, SortedMap<String, String> stale) {
  private static final String EMPTIED =
      "# Emptied by hyper2kvm: the rules here were for the network cards of the old machine.\n";

  /** Where an initramfs has udev's rules; all of them are read. */
  private static final List<String> RULE_FOLDERS =
      List.of("/etc/udev/rules.d/", "/usr/lib/udev/rules.d/", "/lib/udev/rules.d/");

  /** Copies the maps. */
  public PinFiles {
    added = Collections.unmodifiableSortedMap(new TreeMap<>(added));
    stale = Collections.unmodifiableSortedMap(new TreeMap<>(stale));
  }

  /**
   * The pins that differ.
   *
   * @param before the guest's files before the fixes
   * @param after the guest's files as they shall be
   */
  public static PinFiles of(Map<String, String> before, Map<String, String> after) {
    SortedMap<String, String> added = new TreeMap<>();
    SortedMap<String, String> stale = new TreeMap<>();
    after.forEach(
        (path, text) -> {
          boolean isLink = path.startsWith(LinkFiles.FOLDER) && path.endsWith(".link");
          if ((isLink || path.equals(UdevRules.OWN_FILE)) && !text.equals(before.get(path))) {
            added.put(path, text);
          }
        });
    before.forEach(
        (path, text) -> {
          boolean isRule = path.startsWith(UdevRules.FOLDER) && path.endsWith(".rules");
          Optional<String> now = Optional.ofNullable(after.get(path));
          if (isRule && !path.equals(UdevRules.OWN_FILE) && !now.equals(Optional.of(text))) {
            stale.put(path.substring(UdevRules.FOLDER.length()), now.orElse(EMPTIED));
          }
        });
    return new PinFiles(added, stale);
  }

  /** Whether the fixes change no pin. */
  public boolean isEmpty() {
    return added.isEmpty() && stale.isEmpty();
  }

  /**
   * What an initramfs must have, content by path: the pins, and in the place of its copies of stale
   * rules what the guest has now.
   *
   * @param present whether the initramfs has a file at a path
   */
  public SortedMap<String, String> in(Predicate<String> present) {
    SortedMap<String, String> files = new TreeMap<>(added);
    stale.forEach(
        (name, text) ->
            RULE_FOLDERS.stream()
                .map(folder -> folder + name)
                .filter(present)
                .forEach(path -> files.put(path, text)));
    return files;
  }
}
