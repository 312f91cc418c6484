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

  private static final long INODES = 100;

  private final Map<String, Long> bytesByPoint = new LinkedHashMap<>();

  /**
   * The needs of the fixes.
   *
   * @param fixes those that the manifest asks for
   */
  GuestSpace(GuestFacts guest, Collection<Fix> fixes) {
    bytesByPoint.put("/", ROOT_BYTES);
    String boot = guest.mounts().containsKey("/boot") ? "/boot" : "/";
    long needed = fixes.stream().mapToLong(fix -> fix.bytesOnBoot(guest)).sum();
    bytesByPoint.merge(boot, Math.max(BOOT_BYTES, needed), Long::sum);
  }

  GuestfishScript question() {
    GuestfishScript script = new GuestfishScript();
    bytesByPoint.keySet().forEach(point -> script.ask(point, "statvfs", point));
    return script;
  }

  /**
   * Refuses a guest that has too little; one that does not say what it has is taken.
   *
   * @param details the evidence of a refusal
   */
  void judge(GuestfishAnswers answers, Map<String, Object> details) {
    for (Map.Entry<String, Long> need : bytesByPoint.entrySet()) {
      Map<String, Long> facts = facts(answers, need.getKey());
      long block = facts.getOrDefault("frsize", 0L);
      if (block <= 0 || !facts.containsKey("bfree")) {
        continue;
      }
      long free = facts.get("bfree") * block;
      if (free < need.getValue()) {
        throw refused(
            "the guest's %s has %s free, the fixes need %s"
                .formatted(
                    need.getKey(), SpaceFinding.size(free), SpaceFinding.size(need.getValue())),
            details);
      }
      // Btrfs and its like have no number of inodes.
      long inodes = facts.getOrDefault("ffree", INODES);
      if (facts.getOrDefault("files", 0L) > 0 && inodes < INODES) {
        throw refused(
            "the guest's %s has room for %d more files, the fixes need %d"
                .formatted(need.getKey(), inodes, INODES),
            details);
      }
    }
  }

  private static StageFailedException refused(String message, Map<String, Object> details) {
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
