package io.hyper2kvm.stage.inspect.state;

import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.state.BtrfsSuperblock;
import io.hyper2kvm.guest.state.ExtSuperblock;
import io.hyper2kvm.guest.state.FileSystemState;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import java.util.Set;

/** The questions for superblocks: one read of a device each, which takes some 20 ms. */
final class Superblocks {

  private static final Set<String> EXT = Set.of("ext2", "ext3", "ext4");

  private Superblocks() {}

  static boolean isExt(GuestPartition partition) {
    return EXT.contains(partition.fsType());
  }

  private static boolean isBtrfs(GuestPartition partition) {
    return partition.fsType().equals("btrfs");
  }

  private static String key(GuestPartition partition) {
    return "superblock:" + partition.device();
  }

  static void ask(GuestfishScript script, GuestPartition partition) {
    if (isExt(partition)) {
      read(script, partition, ExtSuperblock.BYTES, ExtSuperblock.OFFSET);
    } else if (isBtrfs(partition)) {
      read(script, partition, BtrfsSuperblock.BYTES, BtrfsSuperblock.OFFSET);
    }
  }

  private static void read(GuestfishScript script, GuestPartition of, int bytes, int offset) {
    script.ask(key(of), "pread-device", of.device(), String.valueOf(bytes), String.valueOf(offset));
  }

  static FileSystemState state(GuestfishAnswers answers, GuestPartition partition) {
    byte[] block = answers.bytes(key(partition));
    return isExt(partition)
        ? ExtSuperblock.state(block)
        : isBtrfs(partition) ? BtrfsSuperblock.state(block) : FileSystemState.NOT_KNOWN;
  }

  /** How many inodes a check would have to look at; 0 when that cannot be told. */
  static long usedInodes(GuestfishAnswers answers, GuestPartition partition) {
    return isExt(partition) ? ExtSuperblock.usedInodes(answers.bytes(key(partition))) : 0;
  }
}
