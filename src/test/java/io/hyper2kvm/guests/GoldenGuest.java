package io.hyper2kvm.guests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A guest that is written down as a tree of files ({@code src/test/resources/guests}). What it is
 * made of is read from the tree itself.
 */
record GoldenGuest(String name, List<String> tree, List<String> result) {

  private static final Path FOLDER = Path.of("src/test/resources/guests");
  private static final Pattern DEVICE = Pattern.compile("@ device (\\S+) .*\\btype=(\\S+).*");
  private static final Pattern INTERFACE =
      Pattern.compile("interface: (\\S+) \\[(.*?)\\].*\\((/\\S+|/.*)\\)");

  /** All of a source tree, by name. */
  static List<GoldenGuest> all() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      List<Path> sorted =
          folders.filter(folder -> Files.exists(folder.resolve("tree.txt"))).sorted().toList();
      List<GoldenGuest> guests = new java.util.ArrayList<>();
      for (Path folder : sorted) {
        guests.add(
            new GoldenGuest(
                folder.getFileName().toString(),
                Files.readAllLines(folder.resolve("tree.txt")),
                Files.readAllLines(folder.resolve("result.txt"))));
      }
      return guests;
    }
  }

  /** What the tree's first line calls it. */
  String distribution() {
    return tree.get(0).split(":", 2)[0];
  }

  String storage() {
    String root = fact("@ root ").orElse("");
    Set<String> types = new TreeSet<>();
    String rootType = "";
    for (String line : tree) {
      Matcher device = DEVICE.matcher(line);
      if (device.matches()) {
        types.add(device.group(2));
        if (device.group(1).equals(root)) {
          rootType = device.group(2);
        }
      }
    }
    StringBuilder text = new StringBuilder(rootType.isEmpty() ? "not stated" : rootType);
    add(text, types.contains("LVM2_member"), "on LVM");
    add(text, types.contains("linux_raid_member"), "md RAID");
    add(text, types.contains("crypto_LUKS"), "LUKS");
    add(text, rows().anyMatch(row -> row.contains("subvol")), "subvolumes");
    for (String point : List.of("/boot", "/usr", "/var", "/home")) {
      boolean apart =
          rows()
              .anyMatch(row -> row.split("\\s+").length > 1 && row.split("\\s+")[1].equals(point));
      add(
          text,
          apart
              && !rows()
                  .filter(row -> row.split("\\s+")[1].equals(point))
                  .allMatch(row -> row.contains("subvol")),
          point + " apart");
    }
    return text.toString();
  }

  String boot() {
    StringBuilder text =
        new StringBuilder(
            tree.stream().anyMatch(line -> line.startsWith("@ efi ")) ? "UEFI" : "BIOS");
    add(text, hasFile(file -> file.matches("/boot/grub/(grub\\.conf|menu\\.lst)")), "GRUB legacy");
    add(text, hasFile(file -> file.matches("/boot/grub2?/grub\\.cfg")), "GRUB 2");
    add(text, hasFile(file -> file.contains("extlinux")), "extlinux");
    boolean entries = hasFile(file -> file.contains("/loader/entries/"));
    add(
        text,
        entries,
        hasFile(file -> file.endsWith("/grub.cfg")) ? "BLS entries" : "systemd-boot");
    return text.toString();
  }

  String network() {
    Set<String> kinds = new TreeSet<>();
    for (String line : result) {
      Matcher found = INTERFACE.matcher(line);
      if (found.matches()) {
        kinds.add(kind(found.group(3)));
        if (found.group(1).contains(".")) {
          kinds.add("VLAN");
        }
        Matcher built = Pattern.compile("(bond|br|team)\\d+.*").matcher(found.group(1));
        if (built.matches()) {
          kinds.add(built.group(1).equals("br") ? "bridge" : built.group(1));
        }
        if (found.group(2).contains("/")) {
          kinds.add("static address");
        }
      }
    }
    return kinds.isEmpty() ? "none configured" : String.join(", ", kinds);
  }

  private static String kind(String file) {
    if (file.startsWith("/etc/netplan/")) {
      return "netplan";
    } else if (file.startsWith("/etc/sysconfig/network-scripts/")) {
      return "ifcfg";
    } else if (file.startsWith("/etc/sysconfig/network/")) {
      return "wicked";
    } else if (file.startsWith("/etc/NetworkManager/")) {
      return "NetworkManager";
    } else if (file.startsWith("/etc/systemd/network/")) {
      return "networkd";
    }
    return file.startsWith("/etc/network/") ? "ifupdown" : file;
  }

  private java.util.Optional<String> fact(String prefix) {
    return tree.stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()).strip())
        .findFirst();
  }

  private boolean hasFile(Predicate<String> path) {
    return tree.stream()
        .filter(line -> line.startsWith("== "))
        .map(line -> line.substring(3).replaceFirst(" (pad|unread)$", ""))
        .anyMatch(path);
  }

  private Stream<String> rows() {
    int start = tree.indexOf("== /etc/fstab");
    return start < 0
        ? Stream.empty()
        : tree.subList(start + 1, tree.size()).stream()
            .takeWhile(line -> !line.startsWith("== "))
            .filter(line -> !line.startsWith("#") && line.strip().contains(" "))
            .map(String::strip);
  }

  private static void add(StringBuilder text, boolean wanted, String what) {
    if (wanted) {
      text.append(", ").append(what);
    }
  }
}
