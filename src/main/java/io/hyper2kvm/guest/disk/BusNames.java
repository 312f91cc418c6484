package io.hyper2kvm.guest.disk;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of disks in a guest's configuration that only the bus of before gives them. */
public final class BusNames {

  private static final Pattern NAME =
      Pattern.compile("(?<![A-Za-z0-9._/-])/dev/(sd[a-z]{1,2}|hd[a-z])[0-9]{0,3}(?![A-Za-z0-9])");
  private static final Pattern ARGUMENT =
      Pattern.compile(
          "\\b(root|resume)=[\"']?(/dev/(sd[a-z]{1,2}|hd[a-z])[0-9]{0,3})(?![A-Za-z0-9])");

  /** Comments, and rows of what is not mounted at the boot. */
  private static final Pattern IDLE =
      Pattern.compile("^\\s{0,99}#|[\\s,](noauto|iso9660|udf)(?=[\\s,]|$)");

  private static final List<String> TABLES = List.of("/etc/fstab", "/etc/crypttab");
  private static final Pattern BOOT = Pattern.compile("/(boot|efi)/.*|/etc/kernel/cmdline");

  private BusNames() {}

  /**
   * The first such name in a table of file systems, with its place: {@code /dev/sda1 in
   * /etc/fstab:3}.
   *
   * @param texts the guest's files by path
   */
  public static Optional<String> inTables(Map<String, String> texts) {
    return first(texts, TABLES, NAME, 0);
  }

  /** The first such name as the kernel's root or resume device in a boot configuration. */
  public static Optional<String> inArguments(Map<String, String> texts) {
    return first(
        texts,
        texts.keySet().stream().filter(file -> BOOT.matcher(file).matches()).sorted().toList(),
        ARGUMENT,
        2);
  }

  private static Optional<String> first(
      Map<String, String> texts, List<String> files, Pattern pattern, int group) {
    for (String file : files) {
      int number = 0;
      for (String line : (Iterable<String>) texts.getOrDefault(file, "").lines()::iterator) {
        number++;
        Matcher name = pattern.matcher(line);
        if (!IDLE.matcher(line).find() && name.find()) {
          return Optional.of("%s in %s:%d".formatted(name.group(group), file, number));
        }
      }
    }
    return Optional.empty();
  }
}
