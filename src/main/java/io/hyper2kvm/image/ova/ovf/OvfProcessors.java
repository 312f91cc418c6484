package io.hyper2kvm.image.ova.ovf;

import io.hyper2kvm.text.Printable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Processors and memory of the hardware.
 *
 * @param memory in bytes
 * @param cpus altogether
 * @param coresPerSocket in one socket
 */
record OvfProcessors(OptionalLong memory, OptionalInt cpus, OptionalInt coresPerSocket) {

  private static final int MOST_CPUS = 4096;
  private static final long MOST_MEMORY = 1L << 50;

  static OvfProcessors of(List<XmlElement> items, List<String> warnings, String where) {
    OptionalLong memory = OptionalLong.empty();
    OptionalInt cpus = OptionalInt.empty();
    OptionalInt cores = OptionalInt.empty();
    for (XmlElement item : items) {
      int type = OvfItems.type(item);
      if (type == OvfItems.MEMORY && memory.isEmpty()) {
        memory = memory(item);
        warnIf(memory.isEmpty(), "memory", item, warnings, where);
      } else if (type == OvfItems.PROCESSOR && cpus.isEmpty()) {
        OptionalInt sockets = count(item, "num_of_sockets");
        OptionalInt inSocket = count(item, "cpu_per_socket");
        cores = inSocket.isPresent() ? inSocket : count(item, "CoresPerSocket");
        cpus =
            sockets.isPresent() && inSocket.isPresent()
                ? ovirt(sockets.getAsInt(), inSocket.getAsInt(), count(item, "threads_per_cpu"))
                : count(item, "VirtualQuantity");
        warnIf(cpus.isEmpty(), "processor", item, warnings, where);
      }
    }
    return new OvfProcessors(memory, cpus, cores);
  }

  private static OptionalInt ovirt(int sockets, int cores, OptionalInt threads) {
    long all = (long) sockets * cores * threads.orElse(1);
    return all > MOST_CPUS ? OptionalInt.empty() : OptionalInt.of((int) all);
  }

  /** Without a unit it is the one that every hypervisor's own export uses. */
  private static OptionalLong memory(XmlElement item) {
    String unit = item.textOf("AllocationUnits").orElse("byte * 2^20");
    OptionalLong bytes =
        item.textOf("VirtualQuantity")
            .map(number -> AllocationUnits.bytes(number, unit))
            .orElse(OptionalLong.empty());
    boolean sane = bytes.isPresent() && bytes.getAsLong() > 0 && bytes.getAsLong() <= MOST_MEMORY;
    return sane ? bytes : OptionalLong.empty();
  }

  private static OptionalInt count(XmlElement item, String name) {
    Optional<Integer> count =
        item.textOf(name)
            .filter(text -> text.matches("\\d{1,6}"))
            .map(Integer::valueOf)
            .filter(n -> n > 0 && n <= MOST_CPUS);
    return count.map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  private static void warnIf(
      boolean missing, String what, XmlElement item, List<String> warnings, String where) {
    if (missing) {
      warnings.add(
          "%s, line %d: the %s quantity is not understood: %s %s"
              .formatted(
                  where,
                  item.line(),
                  what,
                  Printable.of(item.textOf("VirtualQuantity").orElse("none")),
                  Printable.of(item.textOf("AllocationUnits").orElse(""))));
    }
  }
}
