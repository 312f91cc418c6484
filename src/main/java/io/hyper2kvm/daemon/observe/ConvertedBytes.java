package io.hyper2kvm.daemon.observe;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The sizes in a VM's report; a key that is not there counts as nothing. */
final class ConvertedBytes {

  private ConvertedBytes() {}

  /** The size of the files of all source disks, in bytes; {@code load} are that stage's keys. */
  static long read(Map<String, Object> load) {
    // Several disks may be in one archive.
    Map<Object, Long> sizes = new HashMap<>();
    for (Object disk : list(load.get("artifacts"))) {
      if (disk instanceof Map<?, ?> artifact) {
        for (Object file : list(artifact.get("fingerprint"))) {
          if (file instanceof Map<?, ?> one) {
            sizes.put(one.get("path"), number(one.get("size_bytes")));
          }
        }
      }
    }
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The size of all outputs, in bytes; {@code convert} are that stage's keys. */
  static long written(Map<String, Object> convert) {
    return number(convert.get("size_bytes"));
  }

  private static List<?> list(Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static long number(Object value) {
    return value instanceof Number number ? Math.max(0, number.longValue()) : 0;
  }
}
