package io.hyper2kvm.stage;

import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.tool.GuestfishWords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A guest and its appliance in memory: it reads scripts as guestfish does and answers from file
 * systems that are maps. A command that fails answers nothing, as with guestfish's {@code -}.
 */
public final class FakeGuest {

  private static final byte[] NO_BYTES = {};

  /** The number of the top level of a btrfs. */
  private static final int TOP = 5;

  public final List<String> disks = new ArrayList<>(List.of("/dev/sda"));
  public final List<String> partitions = new ArrayList<>();
  final List<String> logicalVolumes = new ArrayList<>();
  final Map<String, String> arrays = new LinkedHashMap<>();
  private final Map<String, SortedMap<Integer, String>> subvolumes = new LinkedHashMap<>();
  private final Map<String, Integer> defaultSubvolumes = new LinkedHashMap<>();
  private final Map<String, String> prefixes = new TreeMap<>();

  /** Subvolumes that btrfs holds for read-only, by their paths. */
  public final Set<String> readOnlySubvolumes = new TreeSet<>();

  /** Arrays that the appliance leaves stopped, as {@code md126}. */
  public final Set<String> stoppedArrays = new TreeSet<>();

  /** Those of them that mdadm cannot start; the appliance lists them all the same. */
  public final Set<String> unstartableArrays = new TreeSet<>();

  /** Volume groups that lack a physical volume. */
  public final Set<String> partialGroups = new TreeSet<>();

  /** Further answers of {@code md-detail}, by the appliance's devices. */
  public final Map<String, List<String>> arrayDetails = new TreeMap<>();

  public final Map<String, Map<String, String>> tags = new LinkedHashMap<>();
  public final Map<String, SortedMap<String, byte[]>> fileSystems = new LinkedHashMap<>();
  public final Map<String, String> mounts = new TreeMap<>();
  public final List<List<String>> commands = new ArrayList<>();
  public final Map<String, List<String>> statvfs = new TreeMap<>();
  private String lastMount = "";
  public String shAnswer = "";
  public Runnable onSh = () -> {};
  public String findPrefix = "/";
  public boolean readOnly;
  public final Map<String, String> links = new TreeMap<>();
  public final Set<String> notExecutable = new TreeSet<>();
  public final Set<String> emptyFolders = new TreeSet<>();

  /** The encrypted containers, which {@code cryptsetup} opens. */
  private final List<FakeContainer> containers = new ArrayList<>();

  /** SELinux labels by path. */
  public final Map<String, String> labels = new TreeMap<>();

  /** What can be read from devices, from their beginning. */
  public final Map<String, byte[]> blocks = new TreeMap<>();

  /** The exit codes of fsck by device, and what follows a run of it. */
  public final Map<String, Integer> fsck = new TreeMap<>();

  public Runnable onFsck = () -> {};

  /** What follows a mount for writing, and the end of all mounts. */
  public Runnable onMount = () -> {};

  public Runnable onUnmount = () -> {};

  /** The registry of a Windows. */
  public final FakeHives hives = new FakeHives();

  /** The log of the appliance's kernel. */
  public String dmesg = "";

  /** The kernel's own names in the appliance, by the names that programs there use. */
  public final Map<String, String> kernelNames = new TreeMap<>();

  /** Devices whose file systems take no further file. */
  public final Set<String> fullPartitions = new TreeSet<>();

  /** Adds a partition and, for one that can be mounted, its file system. */
  public FakeGuest partition(String device, String type, String uuid) {
    partitions.add(device);
    Map<String, String> blkid = new LinkedHashMap<>();
    blkid.put("TYPE", type);
    blkid.put("UUID", uuid);
    tags.put(device, blkid);
    if (!type.equals("swap")) {
      fileSystems.put(device, new TreeMap<>());
    }
    return this;
  }

  /** Adds a file system on a logical volume, by LVM's name {@code /dev/GROUP/VOLUME}. */
  public FakeGuest logicalVolume(String device, String type, String uuid) {
    partition(device, type, uuid);
    partitions.remove(device);
    logicalVolumes.add(device);
    return this;
  }

  /** Adds an encrypted container on a device that is there. */
  public FakeContainer container(FakeContainer container) {
    containers.add(container);
    blocks.put(container.device, container.header);
    fileSystems.remove(container.device);
    return container;
  }

  /** Takes a device off the list of logical volumes: nobody lists what is in a container. */
  public void hide(String device) {
    logicalVolumes.remove(device);
  }

  /** Adds a file system on an md array, by the appliance's device and its superblock's name. */
  public FakeGuest array(String device, String name, String type, String uuid) {
    partition(device, type, uuid);
    partitions.remove(device);
    arrays.put(device, name);
    return this;
  }

  /**
   * Adds a subvolume to a btrfs, whose files are those of the partition below the path.
   *
   * @param id its number; 5 for the top level, which is there already
   */
  public FakeGuest subvolume(String device, int id, String path) {
    subvolumes.computeIfAbsent(device, it -> new TreeMap<>()).put(id, path);
    return this;
  }

  /** Chooses the subvolume that is mounted without an option. */
  public FakeGuest defaultSubvolume(String device, int id) {
    defaultSubvolumes.put(device, id);
    return this;
  }

  public FakeGuest file(String device, String path, String text) {
    fileSystems.get(device).put(path, text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Adds a file of any bytes. */
  public FakeGuest file(String device, String path, byte[] content) {
    fileSystems.get(device).put(path, content);
    return this;
  }

  /** Adds an EFI system partition that the guest mounts at /boot/efi. */
  public FakeGuest efiSystemPartition(String device) {
    partition(device, "vfat", "C0FF-EE11");
    tags.get(device).put("PART_ENTRY_TYPE", "c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
    return file(
        "/dev/sda1",
        "/etc/fstab",
        text("/dev/sda1", "/etc/fstab") + "UUID=C0FF-EE11 /boot/efi vfat umask=0077 0 1\n");
  }

  public String text(String device, String path) {
    return new String(fileSystems.get(device).get(path), StandardCharsets.ISO_8859_1);
  }

  /** A small Debian on /dev/sda1 with swap on /dev/sda5 and one kernel that needs no initramfs. */
  public static FakeGuest debian() {
    return new FakeGuest()
        .partition("/dev/sda1", "ext4", "1111-root")
        .partition("/dev/sda5", "swap", "5555-swap")
        .file(
            "/dev/sda1",
            "/etc/os-release",
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n")
        .file("/dev/sda1", "/etc/hostname", "web01\n")
        .file(
            "/dev/sda1",
            "/etc/fstab",
            "# by hand\n/dev/sda1 / ext4 errors=remount-ro 0 1\n/dev/sda5 none swap sw 0 0\n")
        .file("/dev/sda1", "/etc/default/grub", "GRUB_CMDLINE_LINUX=\"root=/dev/sda1 quiet\"\n")
        .file(
            "/dev/sda1",
            "/boot/grub/grub.cfg",
            "menuentry 'Debian' {\n\tlinux /boot/vmlinuz-6.1.0 root=/dev/sda1 ro quiet\n}\n")
        .file("/dev/sda1", "/boot/vmlinuz-6.1.0", "kernel")
        .file("/dev/sda1", "/lib/modules/6.1.0/modules.dep", "")
        .file("/dev/sda1", "/bin/sh", elf(62))
        .file("/dev/sda1", "/etc/netplan/01.yaml", "network: {version: 2}\n")
        .file("/dev/sda1", "/usr/sbin/update-initramfs", "#!/bin/sh\n")
        .file("/dev/sda1", "/var/lib/dpkg/status", "Package: base-files\n")
        .file("/dev/sda1", "/lib/systemd/systemd", "x");
  }

  public static String elf(int machine) {
    char[] head = new char[64];
    "\177ELF\2\1".getChars(0, 6, head, 0);
    head[18] = (char) (machine & 0xff);
    head[19] = (char) (machine >> 8);
    return new String(head);
  }

  /** Talks until nothing is left to ask. */
  public void talk(GuestfishSession dialogue) {
    dialogue.advance();
    while (dialogue.hasQuestion()) {
      dialogue.answer(answer(dialogue.question()));
      dialogue.advance();
    }
  }

  /** The answer of an appliance to which every command fails. */
  public static byte[] echoes(String script) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    script
        .lines()
        .map(GuestfishWords::of)
        .filter(words -> words.get(0).equals("echo"))
        .forEach(words -> out.writeBytes((words.get(1) + "\n").getBytes(StandardCharsets.UTF_8)));
    return out.toByteArray();
  }

  public byte[] answer(String script) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    script
        .lines()
        .map(GuestfishWords::of)
        .forEach(
            words -> {
              if (words.get(0).equals("echo")) {
                out.writeBytes((words.get(1) + "\n").getBytes(StandardCharsets.UTF_8));
              } else {
                commands.add(words);
                out.writeBytes(run(words.get(0).substring(1), words.subList(1, words.size())));
              }
            });
    return out.toByteArray();
  }

  /** The file of this path in any case; as libguestfs, also of a file that is not there. */
  private byte[] caseSensitive(String path) {
    String device = mounts.get("/");
    return device == null
        ? NO_BYTES
        : fileSystems.get(device).keySet().stream()
            .filter(path::equalsIgnoreCase)
            .findFirst()
            .map(found -> lines(List.of(found)))
            .orElse(NO_BYTES);
  }

  private byte[] run(String command, List<String> arguments) {
    List<String> words = arguments.stream().map(it -> links.getOrDefault(it, it)).toList();
    try {
      return switch (command) {
        case "case-sensitive-path" -> caseSensitive(words.get(0));
        case "hivex-open" -> get(words.get(0)) == null ? NO_BYTES : hives.run(command, words);
        case "hivex-root",
            "hivex-close",
            "hivex-node-get-child",
            "hivex-node-values",
            "hivex-node-get-value",
            "hivex-value-key",
            "hivex-value-type",
            "hivex-value-value" ->
            hives.run(command, words);
        case "statvfs" -> lines(statvfs.getOrDefault(words.get(0), List.of()));
        case "list-devices" -> lines(disks);
        case "list-partitions" -> lines(partitions);
        case "lvs" -> lines(logicalVolumes);
        case "list-md-devices" ->
            lines(
                arrays.keySet().stream()
                    .filter(
                        array ->
                            !stoppedArrays.contains(array.substring(5))
                                || unstartableArrays.contains(array.substring(5)))
                    .toList());
        case "vgs-full" -> volumeGroups();
        case "lvs-full" -> volumes();
        case "lvuuid" -> lines(List.of(volumeId(words.get(0))));
        case "readlink" ->
            lines(
                links.containsKey(arguments.get(0))
                    ? List.of(links.get(arguments.get(0)))
                    : List.of());
        case "is-symlink" -> lines(List.of(String.valueOf(links.containsKey(arguments.get(0)))));
        case "md-detail" ->
            lines(
                List.of(
                    "level: raid1",
                    "uuid: " + arrayId(words.get(0)),
                    "name: " + arrays.get(words.get(0)),
                    String.join("\n", arrayDetails.getOrDefault(words.get(0), List.of()))));
        case "blkid" -> blkid(words.get(0));
        case "debug-upload" -> {
          containers.forEach(it -> it.uploaded(arguments.get(0)));
          yield lines(List.of());
        }
        case "debug" -> debug(arguments.get(1));
        case "mount", "mount-ro" ->
            mount(command, words.get(0), words.get(1), defaultOf(words.get(0)));
        case "mount-options" ->
            mount(
                words.get(0).startsWith("ro,") ? "mount-ro" : "mount",
                words.get(1),
                words.get(2),
                Integer.parseInt(words.get(0).replaceAll("(?:ro,)?subvolid=", "")));
        case "btrfs-subvolume-list" -> subvolumes(mounts.get(pointOf(words.get(0))));
        case "btrfs-subvolume-get-default" ->
            lines(List.of(String.valueOf(defaultOf(mounts.get(pointOf(words.get(0)))))));
        case "btrfs-subvolume-show" ->
            lines(
                List.of(
                    "Flags: "
                        + (readOnlySubvolumes.contains(words.get(0).substring(1))
                            ? "readonly"
                            : "")));
        case "umount-all" -> {
          if (mounts.containsKey("/") && !lastMount.equals("mount-ro")) {
            onUnmount.run();
          }
          mounts.clear();
          prefixes.clear();
          yield lines(List.of());
        }
        case "mountpoints" ->
            lines(mounts.entrySet().stream().map(e -> e.getValue() + ": " + e.getKey()).toList());
        case "ln-sf" -> {
          String link = arguments.get(1);
          links.put(link, link.substring(0, link.lastIndexOf('/') + 1) + arguments.get(0));
          yield lines(List.of());
        }
        case "is-dir" ->
            lines(
                List.of(
                    String.valueOf(
                        !under(words.get(0)).isEmpty() || emptyFolders.contains(words.get(0)))));
        case "is-file" -> lines(List.of(String.valueOf(get(words.get(0)) != null)));
        case "exists" -> lines(List.of(String.valueOf(isThere(words.get(0)))));
        case "lgetxattr" ->
            labels.getOrDefault(words.get(0), "").getBytes(StandardCharsets.ISO_8859_1);
        case "lsetxattr" -> {
          // Written with the NUL at its end.
          labels.put(
              words.get(3), (words.get(1) + "\0").substring(0, Integer.parseInt(words.get(2))));
          yield lines(List.of());
        }
        case "lstatns" ->
            lines(
                isThere(words.get(0))
                    ? List.of(
                        "st_mode: " + (get(words.get(0)) != null ? 0100644 : 040755),
                        "st_mtime_sec: 1700000000")
                    : List.of());
        case "statns" ->
            lines(
                get(words.get(0)) == null
                    ? List.of()
                    : List.of(
                        "st_mode: " + (notExecutable.contains(words.get(0)) ? 0100644 : 0100755)));
        case "fsck" -> {
          onFsck.run();
          yield lines(List.of("0x%x".formatted(fsck.getOrDefault(words.get(1), 0))));
        }
        case "dmesg" -> dmesg.getBytes(StandardCharsets.UTF_8);
        case "touch" -> {
          fileSystem(words.get(0)).put(inside(words.get(0)), new byte[0]);
          yield lines(List.of());
        }
        case "pread-device" ->
            part(
                blocks.getOrDefault(words.get(0), new byte[0]),
                Integer.parseInt(words.get(1)),
                Long.parseLong(words.get(2)));
        case "find" -> lines(under(words.get(0)).stream().map(n -> findPrefix + n).toList());
        case "ls" ->
            lines(
                new TreeSet<>(under(words.get(0)).stream().map(n -> n.split("/", 2)[0]).toList())
                    .stream().toList());
        case "pread" ->
            read(words.get(0), Integer.parseInt(words.get(1)), Integer.parseInt(words.get(2)));
        case "realpath" -> lines(get(words.get(0)) == null ? List.of() : List.of(words.get(0)));
        case "filesize" ->
            lines(
                get(words.get(0)) == null
                    ? List.of()
                    : List.of(String.valueOf(get(words.get(0)).length)));
        case "download-offset" ->
            download(
                words.get(0),
                Path.of(words.get(1)),
                Integer.parseInt(words.get(2)),
                Long.parseLong(words.get(3)));
        case "copy-file-to-file" -> {
          int from = Integer.parseInt(words.get(2).split(":")[1]);
          int size = Integer.parseInt(words.get(3).split(":")[1]);
          byte[] whole = get(words.get(0));
          fileSystem(words.get(1))
              .put(inside(words.get(1)), Arrays.copyOfRange(whole, from, from + size));
          yield lines(List.of());
        }
        case "mv" -> {
          byte[] content = fileSystem(words.get(0)).remove(inside(words.get(0)));
          if (content != null) {
            fileSystem(words.get(1)).put(inside(words.get(1)), content);
          }
          yield lines(List.of());
        }
        case "rm-rf" -> {
          String folder = inside(words.get(0)) + "/";
          fileSystem(words.get(0)).keySet().removeIf(path -> path.startsWith(folder));
          yield lines(List.of());
        }
        case "upload" -> upload(Path.of(words.get(0)), words.get(1));
        case "upload-offset" ->
            uploadAt(Path.of(words.get(0)), words.get(1), Integer.parseInt(words.get(2)));
        case "checksum" ->
            lines(
                get(words.get(1)) == null
                    ? List.of()
                    : List.of(checksum(words.get(0), get(words.get(1)))));
        case "cp" -> {
          if (get(words.get(0)) != null
              && !fullPartitions.contains(mounts.get(pointOf(words.get(1))))) {
            fileSystem(words.get(1)).put(inside(words.get(1)), get(words.get(0)));
          }
          yield lines(List.of());
        }
        case "rm-f" -> {
          fileSystem(words.get(0)).remove(inside(words.get(0)));
          yield lines(List.of());
        }
        case "sh" -> {
          onSh.run();
          yield shAnswer.getBytes(StandardCharsets.UTF_8);
        }
        default -> lines(List.of());
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** LVM's identifier of a volume here: its name, filled up to 32 letters. */
  public static String volumeId(String volume) {
    return (volume.replaceAll("[^A-Za-z0-9]", "") + "x".repeat(32)).substring(0, 32);
  }

  /** mdadm's identifier of an array here. */
  public static String arrayId(String device) {
    return "%08x:00000000:00000000:00000000".formatted(device.hashCode());
  }

  private byte[] volumeGroups() {
    TreeSet<String> groups = new TreeSet<>();
    logicalVolumes.forEach(volume -> groups.add(volume.split("/")[2]));
    List<String> lines = new ArrayList<>();
    groups.forEach(
        g ->
            lines.addAll(
                List.of(
                    "vg_name: " + g,
                    "vg_uuid: " + volumeId(g),
                    "vg_attr: wz-" + (partialGroups.contains(g) ? "p" : "-") + "n-")));
    return lines(lines);
  }

  private byte[] volumes() {
    List<String> lines = new ArrayList<>();
    logicalVolumes.forEach(
        v -> lines.addAll(List.of("lv_name: " + v.split("/")[3], "lv_uuid: " + volumeId(v))));
    return lines(lines);
  }

  private static byte[] lines(List<String> lines) {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] blkid(String device) {
    return lines(
        tags.getOrDefault(device, Map.of()).entrySet().stream()
            .map(tag -> tag.getKey() + ": " + tag.getValue())
            .toList());
  }

  /** What a shell in the appliance answers. */
  private byte[] debug(String command) {
    for (FakeContainer container : containers) {
      if (command.contains("cryptsetup open") && command.contains(container.inAppliance() + " ")) {
        return lines(List.of(container.open(command, this)));
      }
    }
    if (command.startsWith("dmsetup rename ")) {
      String[] words = command.split("[ ;]+");
      String device = "/dev/mapper/" + words[2];
      tags.put("/dev/mapper/" + words[3], tags.remove(device));
      fileSystems.put("/dev/mapper/" + words[3], fileSystems.remove(device));
      return new byte[0];
    }
    if (command.startsWith("mdadm --run /dev/")) {
      String array = command.substring(17).split(" ")[0];
      if (unstartableArrays.contains(array)) {
        return lines(List.of("mdadm: failed to start array " + array + ": Input/output error"));
      }
      stoppedArrays.remove(array);
    }
    if (command.startsWith("echo 0 $(readlink -f ")) {
      return lines(
          Pattern.compile("echo ([0-9]+) \\$\\(readlink -f '([^']+)'\\); ")
              .matcher(command)
              .results()
              .map(it -> it.group(1) + " " + kernelName(it.group(2)))
              .toList());
    }
    if (command.contains("array_state")) {
      return lines(
          stoppedArrays.stream().map(it -> "/sys/block/" + it + "/md/array_state").toList());
    }
    return new byte[0];
  }

  private String kernelName(String device) {
    return kernelNames.getOrDefault(
        device, device.replaceFirst("/dev/disk/guestfs/guestdisk", "/dev/sd"));
  }

  private byte[] mount(String command, String device, String point, int subvolume) {
    boolean refused = readOnly && command.equals("mount");
    String path = subvolumes.getOrDefault(device, new TreeMap<>()).getOrDefault(subvolume, "");
    boolean there = subvolume == TOP || !path.isEmpty();
    if (fileSystems.containsKey(device) && !refused && there) {
      lastMount = command;
      onMount.run();
      mounts.put(point, device);
      prefixes.put(point, path.isEmpty() ? "" : "/" + path);
    }
    return new byte[0];
  }

  private int defaultOf(String device) {
    return defaultSubvolumes.getOrDefault(device, TOP);
  }

  private byte[] subvolumes(String device) {
    List<String> lines = new ArrayList<>();
    subvolumes
        .getOrDefault(device, new TreeMap<>())
        .forEach(
            (id, path) ->
                lines.addAll(
                    List.of(
                        "[0] = {",
                        "  btrfssubvolume_id: " + id,
                        "  btrfssubvolume_top_level_id: 5",
                        "  btrfssubvolume_path: " + path,
                        "}")));
    return lines(lines);
  }

  /** The mount point that a path lies below; empty when nothing is mounted there. */
  private String pointOf(String path) {
    String found = "";
    for (String point : mounts.keySet()) {
      boolean below = point.equals("/") || path.equals(point) || path.startsWith(point + "/");
      found = below && point.length() > found.length() ? point : found;
    }
    return found;
  }

  private SortedMap<String, byte[]> fileSystem(String path) {
    return fileSystems.getOrDefault(mounts.get(pointOf(path)), new TreeMap<>());
  }

  private String inside(String path) {
    String point = pointOf(path);
    return prefixes.getOrDefault(point, "")
        + (point.equals("/") ? path : path.substring(point.length()));
  }

  private byte[] get(String path) {
    return fileSystem(path).get(inside(path));
  }

  private boolean isThere(String path) {
    return get(path) != null || !under(path).isEmpty();
  }

  private static byte[] part(byte[] content, int max, long offset) {
    return offset >= content.length
        ? new byte[0]
        : Arrays.copyOfRange(content, (int) offset, (int) Math.min(offset + max, content.length));
  }

  private List<String> under(String folder) {
    String prefix = inside(folder) + "/";
    return fileSystem(folder).keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()))
        .toList();
  }

  private byte[] read(String path, int max, int offset) {
    byte[] content = get(path);
    return content == null || offset > content.length
        ? new byte[0]
        : Arrays.copyOfRange(content, offset, Math.min(offset + max, content.length));
  }

  private byte[] download(String path, Path host, int offset, long size) throws IOException {
    if (get(path) != null) {
      int end = (int) Math.min(get(path).length, offset + size);
      Files.write(host, Arrays.copyOfRange(get(path), Math.min(offset, end), end));
    }
    return new byte[0];
  }

  private byte[] upload(Path host, String path) throws IOException {
    if (!mounts.isEmpty()) {
      fileSystem(path).put(inside(path), Files.readAllBytes(host));
    }
    return new byte[0];
  }

  private byte[] uploadAt(Path host, String path, int offset) throws IOException {
    byte[] content = Files.readAllBytes(host);
    byte[] whole = Arrays.copyOf(get(path), Math.max(get(path).length, offset + content.length));
    System.arraycopy(content, 0, whole, offset, content.length);
    fileSystem(path).put(inside(path), whole);
    return new byte[0];
  }

  private static String checksum(String type, byte[] content) {
    try {
      String algorithm = type.equals("sha256") ? "SHA-256" : type;
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
