package io.hyper2kvm.guest.fstab;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.edit.Columns;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code mdadm.conf}: which devices may be parts of arrays, and what the arrays are called. */
public final class MdadmConf {

  /** Paths of the file inside guests; a guest has one of them. */
  public static final List<String> FILES = List.of("/etc/mdadm.conf", "/etc/mdadm/mdadm.conf");

  private static final String RULE = "mdadm.devices";
  private static final String PARTS = "devices=";
  private static final Pattern OLD_PATTERN =
      Pattern.compile("/dev/(?:sd|hd|xvd|nvme|cciss/|mapper/mpath|disk/by-(?:id|path)/).*");
  private static final int MAX_WORDS = 4096;

  private MdadmConf() {}

  /** The names that the file gives arrays, by their UUIDs as mdadm writes them. */
  public static Map<String, String> names(String text) {
    Map<String, String> names = new LinkedHashMap<>();
    for (List<Columns.Column> line : lines(new TextEdit("", text))) {
      if (line.size() < 2 || !isKeyword(line.get(0).value(), "array")) {
        continue;
      }
      String name = line.get(1).value();
      String device = name.startsWith("/") ? name : "/dev/md/" + name;
      for (Columns.Column word : line) {
        if (word.value().toLowerCase(Locale.ROOT).startsWith("uuid=") && device.length() <= 100) {
          String uuid = uuid(word.value().substring("uuid=".length()));
          if (!uuid.isEmpty() && device.startsWith("/dev/md")) {
            names.put(uuid, device);
          }
        }
      }
    }
    return names;
  }

  /**
   * Lets mdadm look at all partitions where the file names only disks as the old hypervisor did,
   * and finds arrays by their UUIDs where it lists their parts.
   *
   * @param file the file's path, or that of its copy in an initramfs, for the evidence
   */
  public static Edited stabilize(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    List<Columns.Column> devices = new ArrayList<>();
    for (List<Columns.Column> line : lines(edit)) {
      if (isKeyword(line.get(0).value(), "device")) {
        devices.addAll(line.subList(1, line.size()));
      } else if (isKeyword(line.get(0).value(), "array")) {
        array(edit, line, disks);
      }
    }
    boolean unstable = devices.stream().anyMatch(word -> isOld(word.value()));
    if (unstable && devices.stream().noneMatch(word -> takesAll(word.value()))) {
      Columns.Column last = devices.get(devices.size() - 1);
      edit.replace(
          last.start(),
          last.end(),
          text.substring(last.start(), last.end()) + " partitions containers",
          RULE,
          "mdadm looks for parts of arrays only among devices that have other names on virtio");
    }
    return edit.result();
  }

  /** Whether a word of a DEVICE line names disks, or is a pattern for them, of the old machine. */
  private static boolean isOld(String word) {
    int pattern = firstOf(word, "*?[");
    return DeviceNames.isUnstable(word)
        || (pattern > 0 && OLD_PATTERN.matcher(word.substring(0, pattern)).matches());
  }

  private static boolean takesAll(String word) {
    return word.equalsIgnoreCase("partitions")
        || word.startsWith("/dev/vd")
        || word.startsWith("/dev/*")
        || word.startsWith("/dev/[");
  }

  private static int firstOf(String word, String characters) {
    for (int i = 0; i < word.length(); i++) {
      if (characters.indexOf(word.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private static void array(TextEdit edit, List<Columns.Column> line, GuestDisks disks) {
    boolean known =
        line.stream().map(word -> word.value().toLowerCase(Locale.ROOT)).anyMatch(MdadmConf::finds);
    for (Columns.Column word : line) {
      String value = word.value();
      if (!value.toLowerCase(Locale.ROOT).startsWith(PARTS)
          || List.of(value.substring(PARTS.length()).split(",")).stream()
              .noneMatch(MdadmConf::isOld)) {
        continue;
      }
      Optional<String> uuid = known ? Optional.empty() : uuidOf(line.get(1).value(), disks);
      if (!known && uuid.isEmpty()) {
        edit.warn(
            word.start(),
            value
                + " names parts of an array by names that they do not have on virtio; write UUID= there");
        continue;
      }
      edit.replace(
          word.start(),
          word.end(),
          uuid.map("UUID="::concat).orElse("devices=*"),
          RULE,
          "the array's parts have other names on virtio; it is found by its identifier");
    }
  }

  private static boolean finds(String word) {
    return word.startsWith("uuid=") || word.startsWith("name=") || word.startsWith("super-minor=");
  }

  /** The UUID of the array of this name; of the only one, if the VM has one. */
  private static Optional<String> uuidOf(String name, GuestDisks disks) {
    List<GuestPartition> arrays =
        disks.partitions().stream().filter(p -> p.arrayUuid().isPresent()).toList();
    return disks
        .resolve(name)
        .or(() -> arrays.size() == 1 ? Optional.of(arrays.get(0)) : Optional.empty())
        .flatMap(GuestPartition::arrayUuid);
  }

  /** The words of each line with those of the lines that continue it, which begin with a blank. */
  static List<List<Columns.Column>> lines(TextEdit edit) {
    List<List<Columns.Column>> lines = new ArrayList<>();
    int words = 0;
    for (int i = 0; i < edit.lineCount() && words < MAX_WORDS; i++) {
      int start = edit.lineStart(i);
      List<Columns.Column> line = new ArrayList<>();
      for (Columns.Column word : Columns.of(edit.text(), start, edit.lineEnd(i), 256)) {
        if (word.value().startsWith("#")) {
          break;
        }
        line.add(word);
      }
      words += line.size();
      if (!line.isEmpty() && line.get(0).start() > start && !lines.isEmpty()) {
        lines.get(lines.size() - 1).addAll(line);
      } else if (!line.isEmpty()) {
        lines.add(line);
      }
    }
    return lines;
  }

  /** mdadm takes a keyword in any case, and its first three letters for the whole. */
  static boolean isKeyword(String word, String keyword) {
    String lower = word.toLowerCase(Locale.ROOT);
    return lower.length() >= 3 && keyword.startsWith(lower);
  }

  private static String uuid(String value) {
    String digits = value.toLowerCase(Locale.ROOT).replaceAll("[^0-9a-f]", "");
    return digits.length() == 32
        ? String.join(
            ":",
            digits.substring(0, 8),
            digits.substring(8, 16),
            digits.substring(16, 24),
            digits.substring(24))
        : "";
  }
}
