package io.hyper2kvm.workflow;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Decides which names in the drop zone are those of manifests. */
public final class DropName {

  private static final List<String> MANIFEST_ENDINGS = List.of(".json", ".yaml", ".yml");
  private static final List<String> OTHER_ENDINGS =
      List.of(
          ".report.json", ".error.json", ".status.json", ".intoto.jsonl", ".tmp", ".part", ".log");

  /** Leaves room within the 255 bytes of a file system for a number and the report's ending. */
  private static final int MAX_BYTES = 200;

  private DropName() {}

  /** Whether a file of this name may lie in the drop zone without being meant as a manifest. */
  public static boolean isOther(String name) {
    return name.startsWith(".") || OTHER_ENDINGS.stream().anyMatch(lower(name)::endsWith);
  }

  /** Why a file of this name, which is meant as a manifest, is never taken; empty: it is. */
  public static Optional<String> refusal(String name) {
    if (MANIFEST_ENDINGS.stream().noneMatch(lower(name)::endsWith)) {
      return Optional.of("its name does not end in .json, .yaml or .yml");
    }
    if (!isSafe(name)) {
      return Optional.of("its name holds control characters, a backslash or unreadable bytes");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      return Optional.of("its name is longer than " + MAX_BYTES + " bytes");
    }
    return Optional.empty();
  }

  /** Whether a file of this name is taken as a manifest. */
  public static boolean isManifest(String name) {
    return !isOther(name) && refusal(name).isEmpty();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static boolean isSafe(String name) {
    return name.chars().noneMatch(c -> Character.isISOControl(c) || c == '\\' || c == 0xfffd);
  }
}
