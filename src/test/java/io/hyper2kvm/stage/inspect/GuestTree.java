package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.boot.BootFile;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.distribution.ReleaseFiles;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guest.fstab.FstabFix;
import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
import io.hyper2kvm.guest.kernel.InstalledKernels;
import io.hyper2kvm.guest.network.survey.BusPlace;
import io.hyper2kvm.guest.network.survey.MachineCards;
import io.hyper2kvm.guest.network.system.DhcpLeases;
import io.hyper2kvm.stage.inspect.read.GuestFilesOfInterest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A guest written down as one text: lines of {@code @} for what no file tells (devices, cards,
 * kernels), then {@code == /path} before each file. {@code == /path pad} fills a GRUB environment
 * block to its size; {@code == /path unread} is a file that INSPECT does not read.
 */
final class GuestTree {

  private static final int GRUB_ENVIRONMENT = 1024;

  private final String name;
  private final SortedMap<String, String> files = new TreeMap<>();
  private final Set<String> unread = new HashSet<>();
  private final List<GuestPartition> devices = new ArrayList<>();
  private final Map<String, String> facts = new HashMap<>();
  private final List<MachineCards.Card> cards = new ArrayList<>();
  private final Map<String, String> modules = new LinkedHashMap<>();
  private final List<InstalledKernels.Image> images = new ArrayList<>();
  private final Map<String, String> boot = new LinkedHashMap<>();

  private GuestTree(String name) {
    this.name = name;
  }

  static GuestTree read(Path file) throws IOException {
    GuestTree tree = new GuestTree(file.getParent().getFileName().toString());
    String path = null;
    StringBuilder text = new StringBuilder();
    for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\n", -1)) {
      if (line.startsWith("== ")) {
        tree.close(path, text);
        path = line.substring(3);
        text.setLength(0);
      } else if (path != null) {
        text.append(line).append('\n');
      } else if (line.startsWith("@ ")) {
        tree.fact(line.substring(2).split(" +"));
      }
    }
    // The text's own last end of line makes an empty line more.
    text.setLength(Math.max(0, text.length() - 1));
    tree.close(path, text);
    return tree;
  }

  private void close(String heading, CharSequence text) {
    if (heading == null) {
      return;
    }
    String path = heading.replaceFirst(" (pad|unread)$", "");
    String content = text.toString();
    if (heading.endsWith(" pad")) {
      content += "#".repeat(GRUB_ENVIRONMENT - content.length());
    } else if (heading.endsWith(" unread")) {
      unread.add(path);
    }
    files.put(path, content);
  }

  private void fact(String[] words) {
    switch (words[0]) {
      case "device" -> devices.add(device(words));
      case "card" -> cards.add(card(words));
      case "modules" -> modules.put(words[1], words.length > 2 ? words[2] : "");
      case "kernel" ->
          images.add(
              new InstalledKernels.Image(
                  words[1],
                  words.length > 2 && !words[2].startsWith("=") ? words[2] : words[1],
                  Arrays.stream(words)
                      .filter(word -> word.startsWith("="))
                      .map(word -> word.substring(1))
                      .findFirst()));
      case "initramfs" -> boot.put(words[1], words.length > 2 ? words[2] : words[1]);
      default -> facts.put(words[0], String.join(" ", List.of(words).subList(1, words.length)));
    }
  }

  /** {@code device /dev/sda1 DISK NUMBER key=value…}; the disk is counted from 1, 0 for none. */
  private static GuestPartition device(String[] words) {
    Map<String, String> values = new HashMap<>();
    Set<String> names = new HashSet<>();
    for (String word : List.of(words).subList(4, words.length)) {
      String[] pair = word.split("=", 2);
      if (pair[0].equals("name")) {
        names.add(pair[1]);
      } else {
        values.put(pair[0], pair[1]);
      }
    }
    return new GuestPartition(
        words[1],
        Integer.parseInt(words[2]) - 1,
        Integer.parseInt(words[3]),
        values.getOrDefault("uuid", ""),
        values.getOrDefault("partuuid", ""),
        values.getOrDefault("label", ""),
        values.getOrDefault("type", ""),
        names);
  }

  /** {@code card MAC [SLOT]}; {@code -} for an address that is not known. */
  private static MachineCards.Card card(String[] words) {
    return new MachineCards.Card(
        Optional.empty(),
        Optional.of(words[1]).filter(mac -> !mac.equals("-")),
        true,
        words.length > 2 ? BusPlace.ofVmwareSlot(Integer.parseInt(words[2])) : Optional.empty(),
        "VmxNet3");
  }

  String name() {
    return name;
  }

  /** The files that INSPECT reads. */
  SortedMap<String, String> files() {
    SortedMap<String, String> read = new TreeMap<>(files);
    read.keySet().removeAll(unread);
    ReleaseFiles.OS_RELEASE.forEach(read::remove);
    read.keySet().removeAll(ReleaseFiles.files());
    return read;
  }

  /** The files of the tree that should be read, and are not. */
  List<String> overlooked() {
    return files().keySet().stream().filter(path -> !reads(path)).toList();
  }

  private boolean reads(String path) {
    String efi = facts.getOrDefault("efi", "/no-efi");
    if (InstalledSoftware.markers().contains(path)) {
      return true;
    }
    boolean inEfi = path.startsWith(efi + "/");
    String below = inEfi ? path.substring(efi.length()) : "";
    return GuestFilesOfInterest.FILES.contains(path)
        || GuestFilesOfInterest.FOLDERS.stream().anyMatch(f -> path.startsWith(f + "/"))
        || isNaming(path)
        || DhcpLeases.isLease(path)
        || FstabFix.reads(path)
        || GuestFilesOfInterest.EFI_FILES.contains(below)
        || BootFile.of(path).isPresent()
            && (isIn(path, GuestFilesOfInterest.BOOT_FOLDERS)
                || isIn(below, GuestFilesOfInterest.EFI_FOLDERS));
  }

  private static boolean isIn(String path, List<String> folders) {
    return folders.stream().anyMatch(folder -> path.startsWith(folder + "/"));
  }

  private static boolean isNaming(String path) {
    int slash = path.lastIndexOf('/');
    return GuestFilesOfInterest.NAMING_FOLDERS.contains(path.substring(0, slash))
        && GuestFilesOfInterest.names(List.of(path.substring(slash + 1))).size() == 1;
  }

  Map<String, String> release() {
    String osRelease =
        ReleaseFiles.OS_RELEASE.stream()
            .filter(files::containsKey)
            .map(files::get)
            .findFirst()
            .orElse("");
    return ReleaseFiles.of(osRelease, files::get);
  }

  GuestDisks disks() {
    int count = devices.stream().mapToInt(GuestPartition::disk).max().orElse(-1) + 1;
    GuestPartition root =
        devices.stream()
            .filter(device -> device.device().equals(facts.get("root")))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(name + ": no device of the root"));
    return Fstab.learned(
        files.getOrDefault(Fstab.FILE, ""), new GuestDisks(devices, count).withRoot(root));
  }

  boolean systemd() {
    return !facts.getOrDefault("init", "systemd").equals("other");
  }

  MachineCards cards() {
    return cards.isEmpty() ? MachineCards.UNKNOWN : new MachineCards(true, cards);
  }

  InstalledKernels kernels() {
    return InstalledKernels.of(modules, images, boot);
  }

  /** What made the initramfs, by a reader of it. */
  InitramfsGenerator generator() {
    return InitramfsGenerator.valueOf(facts.getOrDefault("generator", "UNKNOWN"));
  }

  /** The virtio drivers that are modules. */
  List<String> drivers() {
    return List.of(
        facts.getOrDefault("drivers", "virtio_pci virtio_blk virtio_scsi virtio_net").split(" "));
  }
}
