package io.hyper2kvm.stage.inspect.volume;

import io.hyper2kvm.guest.disk.VolumeNames;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The identifiers that LVM gives groups and volumes, of which udev makes names for the volumes. */
final class LvmIds {

  private static final String GROUP_NAME = "vg_name: ";
  private static final String ATTRIBUTES = "vg_attr: ";

  /** Which of the attributes says that a physical volume is missing. */
  private static final int PARTIAL_AT = 3;

  private LvmIds() {}

  /**
   * Asks for the identifiers of all volumes: once for all of them, except where two groups have
   * volumes of one name.
   *
   * @param volumes as {@code /dev/GROUP/VOLUME}
   */
  static void ask(GuestfishScript script, Set<String> volumes) {
    if (volumes.isEmpty()) {
      return;
    }
    script.ask("groups", "vgs-full").ask("volumes", "lvs-full");
    volumes.stream()
        .filter(volume -> !isOnlyOfItsName(volume, volumes))
        .forEach(volume -> script.ask(volume + "/uuid", "lvuuid", volume));
  }

  /** The further names of one of the volumes. */
  static Set<String> names(String volume, Set<String> volumes, GuestfishAnswers answers) {
    String group = ids("vg", answers.lines("groups")).getOrDefault(VolumeNames.groupOf(volume), "");
    String own =
        isOnlyOfItsName(volume, volumes)
            ? ids("lv", answers.lines("volumes")).getOrDefault(ownName(volume), "")
            : answers.text(volume + "/uuid").strip();
    return VolumeNames.ofLogicalVolume(volume, group, own);
  }

  /** The groups that lack a physical volume; those of their volumes that need it are not there. */
  static List<String> warnings(GuestfishAnswers answers) {
    List<String> warnings = new ArrayList<>();
    String named = "";
    for (String line : answers.lines("groups")) {
      if (line.startsWith(GROUP_NAME)) {
        named = line.substring(GROUP_NAME.length());
      } else if (line.startsWith(ATTRIBUTES)
          && line.indexOf('p', ATTRIBUTES.length()) == ATTRIBUTES.length() + PARTIAL_AT) {
        warnings.add(
            Printable.guestLine(
                "the volume group %s lacks a physical volume, so not all of its volumes are there; name all disks of the VM in load.additional_disks"
                    .formatted(named)));
      }
    }
    return warnings;
  }

  private static String ownName(String volume) {
    return volume.substring(volume.lastIndexOf('/') + 1);
  }

  private static boolean isOnlyOfItsName(String volume, Set<String> volumes) {
    return volumes.stream().filter(v -> ownName(v).equals(ownName(volume))).count() == 1;
  }

  /** The identifiers in a listing of groups ({@code vg}) or volumes ({@code lv}) by name. */
  private static Map<String, String> ids(String kind, List<String> listing) {
    Map<String, String> ids = new LinkedHashMap<>();
    String named = "";
    for (String line : listing) {
      if (line.startsWith(kind + "_name: ")) {
        named = line.substring(kind.length() + 7);
      } else if (line.startsWith(kind + "_uuid: ")) {
        ids.putIfAbsent(named, line.substring(kind.length() + 7));
      }
    }
    return ids;
  }
}
