package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.disk.DiskName;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.NamedDisks;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the guest's kernel command lines tell of its names for disks: {@code root=/dev/xvde1} is the
 * file system that the guest ran from, whatever its fstab calls it.
 */
public final class BootedDisks {

  private static final Pattern DEVICE =
      Pattern.compile("\\b(root|resume)=(?:block:)?(/dev/[A-Za-z0-9/_.:+-]{1,200})");
  private static final int MAX_NAMES = 1000;

  private BootedDisks() {}

  /**
   * The disks with what the command lines tell of their names. Two names for the root in one family
   * are another system's, or old ones, and tell nothing.
   *
   * @param files the guest's configuration files: content by path
   */
  public static GuestDisks learned(Map<String, String> files, GuestDisks disks) {
    Set<String> names = new LinkedHashSet<>();
    Map<String, Map<String, String>> rootsByFamily = new TreeMap<>();
    files.forEach(
        (file, text) -> {
          Matcher word = DEVICE.matcher(isBootFile(file) ? text : "");
          while (word.find() && names.size() < MAX_NAMES) {
            Optional<DiskName> name = DiskName.of(word.group(2));
            if (name.isPresent()) {
              names.add(word.group(2));
              if (word.group(1).equals("root")) {
                rootsByFamily
                    .computeIfAbsent(name.get().family(), f -> new HashMap<>())
                    .put(name.get().disk(), word.group(2));
              }
            }
          }
        });
    List<NamedDisks.Anchor> anchors =
        rootsByFamily.values().stream()
            .filter(roots -> roots.size() == 1)
            .flatMap(roots -> roots.values().stream())
            .flatMap(
                name -> disks.rootNamed(name).map(r -> new NamedDisks.Anchor(name, r)).stream())
            .toList();
    return disks.withNames(anchors, names);
  }

  private static boolean isBootFile(String file) {
    return file.startsWith("/boot/")
        || file.startsWith("/efi/")
        || file.startsWith("/etc/default/grub")
        || file.startsWith("/etc/kernel/");
  }
}
