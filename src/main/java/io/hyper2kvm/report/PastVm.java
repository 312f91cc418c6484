package io.hyper2kvm.report;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an earlier report says of the time and the size of a VM's work.
 *
 * @param seconds how long each stage took that succeeded
 * @param data the data that there was to copy, in bytes
 * @param written the size of the outputs, in bytes
 * @param output their format and compression, such as {@code qcow2 zstd}
 * @param bootTest whether the result was booted
 */
public record PastVm(
    Map<StageName, Double> seconds, long data, long written, String output, boolean bootTest) {

  private static final String FORMAT = "output_format";
  private static final String COMPRESSION = "compression_type";
  private static final String BOOT_TEST = "boot_test";

  private static final Set<String> SKIPPED = Set.of("metadata", "exception", "reused_from", "plan");
  private static final Map<String, Set<String>> KEPT =
      Map.of(
          "stages",
          Stream.concat(
                  Stream.of(StageName.values()).map(StageName::text),
                  Stream.of(
                      "status",
                      "duration_seconds",
                      "savings",
                      Savings.SOURCE_DATA,
                      Savings.OUTPUT_SIZE,
                      FORMAT,
                      COMPRESSION,
                      BOOT_TEST))
              .collect(Collectors.toUnmodifiableSet()));

  public PastVm {
    seconds = Map.copyOf(seconds);
  }

  /** Format and compression as one word or two. */
  public static String output(String format, Optional<String> compression) {
    return compression.map(type -> format + " " + type).orElse(format);
  }

  /**
   * Reads a report; of nonsense, what makes sense in it.
   *
   * @return the VMs whose disks were copied in that run
   */
  public static List<PastVm> read(InputStream in) throws IOException {
    JsonValues json = JsonValues.read(in, SKIPPED, KEPT);
    List<JsonValues> vms = json.has("vms") ? json.objects("vms") : List.of(json);
    List<PastVm> past = new ArrayList<>();
    for (JsonValues vm : vms) {
      if (!vm.has("reused")) {
        of(vm.object("stages")).ifPresent(past::add);
      }
    }
    return past;
  }

  private static Optional<PastVm> of(JsonValues stages) {
    Map<StageName, Double> seconds = new EnumMap<>(StageName.class);
    for (StageName name : StageName.values()) {
      JsonValues stage = stages.object(name.text());
      if (stage.text("status").filter("success"::equals).isPresent()) {
        stage
            .number("duration_seconds")
            .filter(took -> took >= 0)
            .ifPresent(took -> seconds.put(name, took));
      }
    }
    JsonValues convert = stages.object(StageName.CONVERT.text());
    JsonValues savings = convert.object("savings");
    Optional<Double> data = savings.number(Savings.SOURCE_DATA).filter(bytes -> bytes > 0);
    Optional<Double> written = savings.number(Savings.OUTPUT_SIZE).filter(bytes -> bytes >= 0);
    Optional<String> format = convert.text(FORMAT);
    if (data.isEmpty() || written.isEmpty() || format.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new PastVm(
            seconds,
            data.get().longValue(),
            written.get().longValue(),
            output(format.get(), convert.text(COMPRESSION)),
            stages.object(StageName.VALIDATE.text()).has(BOOT_TEST)));
  }
}
