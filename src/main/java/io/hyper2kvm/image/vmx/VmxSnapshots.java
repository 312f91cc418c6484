package io.hyper2kvm.image.vmx;

import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The list of a VM's snapshots, its .vmsd file. The VM goes on from its current snapshot, on files
 * of its own.
 *
 * @param all in the order of the list
 * @param current the one that the VM goes on from; empty when there is none, or it is not said
 * @param warnings where the list contradicts itself, as sentences
 */
public record VmxSnapshots(List<Snapshot> all, Optional<Snapshot> current, List<String> warnings) {

  private static final Pattern SNAPSHOT = Pattern.compile("snapshot\\d{1,4}");
  private static final int MOST_DISKS = 64;

  /**
   * One snapshot.
   *
   * @param name as the operator called it; may be empty
   * @param disks the files that its disks had, by their places such as {@code scsi0:0}
   */
  public record Snapshot(String name, Map<String, String> disks) {

    public Snapshot {
      disks = Map.copyOf(disks);
    }
  }

  public VmxSnapshots {
    all = List.copyOf(all);
    warnings = List.copyOf(warnings);
  }

  /**
   * Reads the list.
   *
   * @param where its name, for messages
   * @throws io.hyper2kvm.image.ImageRefusedException when it is no such list
   */
  public static VmxSnapshots read(byte[] bytes, String where) {
    List<String> warnings = new ArrayList<>();
    VmxText text = VmxText.read(bytes, where, warnings);
    Map<String, Snapshot> byUid = new LinkedHashMap<>();
    for (String device : text.devices(SNAPSHOT)) {
      String uid = text.text(device + ".uid");
      if (!uid.isEmpty()) {
        byUid.put(uid, snapshot(text, device));
      }
    }
    OptionalInt count = text.number("snapshot.numSnapshots", 0, 9999);
    if (count.isPresent() && count.getAsInt() != byUid.size()) {
      text.warn(
          "it says that there are %d snapshots, and lists %d"
              .formatted(count.getAsInt(), byUid.size()));
    }
    String uid = text.text("snapshot.current");
    if (!byUid.isEmpty() && !uid.isEmpty() && !byUid.containsKey(uid)) {
      text.warn("its current snapshot, %s, is not in the list".formatted(uid));
    }
    return new VmxSnapshots(
        List.copyOf(byUid.values()), Optional.ofNullable(byUid.get(uid)), warnings);
  }

  private static Snapshot snapshot(VmxText text, String device) {
    Map<String, String> disks = new LinkedHashMap<>();
    int count = text.number(device + ".numDisks", 0, MOST_DISKS).orElse(0);
    for (int i = 0; i < count; i++) {
      String disk = "%s.disk%d".formatted(device, i);
      String node = Printable.of(VmxEntry.id(text.text(disk + ".node")));
      text.filled(disk + ".fileName").ifPresent(file -> disks.put(node, file.value().strip()));
    }
    return new Snapshot(text.text(device + ".displayName"), disks);
  }
}
