package io.hyper2kvm.guest.initramfs.dropin;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /etc/mkinitfs/mkinitfs.conf} of Alpine, a shell script that names features, not modules:
 * {@code virtio} holds the drivers but that of virtio-scsi, which is in {@code scsi}.
 */
final class MkinitfsConfig {

  private static final Pattern FEATURES =
      Pattern.compile("(?m)^[ \\t]{0,8}features=([\"'])([^\"'\\n]{0,4000})\\1");

  private MkinitfsConfig() {}

  private static List<String> features(Set<String> modules) {
    return modules.contains("virtio_scsi") || modules.contains("sd_mod")
        ? List.of("virtio", "scsi")
        : List.of("virtio");
  }

  static String with(String text, Set<String> modules) {
    List<String> lacking = new ArrayList<>(features(modules));
    Matcher line = FEATURES.matcher(text);
    int lines = 0;
    int end = 0;
    while (line.find()) {
      if (!line.group(2).contains("$features")) {
        lacking = new ArrayList<>(features(modules));
      }
      lacking.removeAll(List.of(line.group(2).strip().split("[ \\t]+")));
      lines++;
      end = line.end() - 1;
    }
    if (lacking.isEmpty()) {
      return text;
    }
    String more = String.join(" ", lacking);
    return lines == 1
        ? text.substring(0, end) + " " + more + text.substring(end)
        : ConfigDropIn.endingLine(text)
            + ConfigDropIn.HEAD
            + "features=\"$features %s\"\n".formatted(more);
  }
}
