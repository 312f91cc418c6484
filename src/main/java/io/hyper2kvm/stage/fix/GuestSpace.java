package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.space.SpaceFinding;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether the guest's own file systems have room for the fixes, asked before the first is made: a
 * file system that fills up in between leaves a guest that is neither old nor new.
 */
final class GuestSpace {

  /** Text files, and what grub-mkconfig writes; far more than was ever seen. */
  private static final long ROOT_BYTES = 16L << 20;

  /** The boot loader's configuration is rewritten. */
  private static final long BOOT_BYTES = 8L << 20;

  /** A few files of another file system, such as an EFI system partition, are rewritten. */
  private static final long OTHER_BYTES = 1L << 20;

  private static final long INODES = 100;

  /** The bit in {@code statvfs} of a file system that is mounted for reading only. */
  private static final long READ_ONLY = 1;

  private final GuestFacts guest;
  private final Map<String, Long> bytesByPoint = new LinkedHashMap<>();

  /**
   * The needs of the fixes.
   *
   * @param fixes those that the manifest asks for
   * @param edited the files that edits change
   */
  GuestSpace(GuestFacts guest, Collection<Fix> fixes, Collection<String> edited) {
    this.guest = guest;
    bytesByPoint.put("/", ROOT_BYTES);
    String boot = guest.mounts().containsKey("/boot") ? "/boot" : "/";
    long needed = fixes.stream().mapToLong(fix -> fix.bytesOnBoot(guest)).sum();
    bytesByPoint.merge(boot, Math.max(BOOT_BYTES, needed), Long::sum);
    edited.forEach(file -> bytesByPoint.putIfAbsent(guest.mountPoint(file), OTHER_BYTES));
  }

  GuestfishScript question() {
    GuestfishScript script = new GuestfishScript();
    bytesByPoint.keySet().forEach(point -> script.ask(point, "statvfs", point));
    return script;
  }

  private boolean isBtrfs(String point) {
    String device = guest.mounts().getOrDefault(point, "");
    return guest.disks().partitions().stream()
        .anyMatch(it -> it.device().equals(device) && it.fsType().equals("btrfs"));
  }

  /**
   * Refuses a guest that has too little; one that does not say what it has is taken.
   *
   * @param details the evidence of a refusal
   */
  void judge(GuestfishAnswers answers, Map<String, Object> details) {
    for (Map.Entry<String, Long> need : bytesByPoint.entrySet()) {
      Map<String, Long> facts = facts(answers, need.getKey());
      refuseReadOnly(need.getKey(), facts, details);
      long block = facts.getOrDefault("frsize", 0L);
      if (block <= 0 || !facts.containsKey("bfree")) {
        continue;
      }
      long free = free(need.getKey(), facts) * block;
      if (free < need.getValue()) {
        throw noSpace(
            "the guest's %s has %s free, the fixes need %s"
                .formatted(
                    need.getKey(), SpaceFinding.size(free), SpaceFinding.size(need.getValue())),
            details);
      }
      // Btrfs and its like have no number of inodes.
      long inodes = facts.getOrDefault("ffree", INODES);
      if (facts.getOrDefault("files", 0L) > 0 && inodes < INODES) {
        throw noSpace(
            "the guest's %s has room for %d more files, the fixes need %d"
                .formatted(need.getKey(), inodes, INODES),
            details);
      }
    }
  }

  /** What only root may use counts; of btrfs, what its metadata has no room for does not. */
  private long free(String point, Map<String, Long> facts) {
    long free = facts.get("bfree");
    return isBtrfs(point) ? Math.min(free, facts.getOrDefault("bavail", free)) : free;
  }

  private static void refuseReadOnly(
      String point, Map<String, Long> facts, Map<String, Object> details) {
    if ((facts.getOrDefault("flag", 0L) & READ_ONLY) != 0) {
      throw StageFailedException.withEvidence(
          FailureCode.GUEST_READ_ONLY,
          "the guest's %s is on a file system that cannot be written to".formatted(point),
          details);
    }
  }

  private static StageFailedException noSpace(String message, Map<String, Object> details) {
    return StageFailedException.withEvidence(FailureCode.GUEST_NO_SPACE, message, details);
  }

  private static Map<String, Long> facts(GuestfishAnswers answers, String point) {
    Map<String, Long> facts = new LinkedHashMap<>();
    for (String line : answers.lines(point)) {
      String[] parts = line.split(":", 2);
      if (parts.length == 2 && parts[1].strip().matches("\\d{1,15}")) {
        facts.put(parts[0].strip(), Long.valueOf(parts[1].strip()));
      }
    }
    return facts;
  }
}
