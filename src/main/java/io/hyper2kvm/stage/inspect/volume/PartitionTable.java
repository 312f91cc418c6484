package io.hyper2kvm.stage.inspect.volume;

import io.hyper2kvm.guest.disk.DiscoverablePartition;
import io.hyper2kvm.guest.disk.GuestPartition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the partition tables say of the use of their partitions. */
final class PartitionTable {

  private final Map<String, DiscoverablePartition> useByDevice = new HashMap<>();
  private final Set<String> hidden = new HashSet<>();

  /** Keeps what blkid tells of a device. */
  void keep(String device, Map<String, String> tags) {
    DiscoverablePartition.of(tags.getOrDefault("PART_ENTRY_TYPE", ""))
        .ifPresent(use -> useByDevice.put(device, use));
    if (DiscoverablePartition.isHidden(tags.getOrDefault("PART_ENTRY_FLAGS", ""))) {
      hidden.add(device);
    }
  }

  /** The use of a partition by its type; empty for types that say nothing. */
  Optional<DiscoverablePartition> use(GuestPartition partition) {
    return Optional.ofNullable(useByDevice.get(partition.device()));
  }

  /** Whether its attributes forbid to mount it by its type. */
  boolean isHidden(GuestPartition partition) {
    return hidden.contains(partition.device());
  }
}
