package io.hyper2kvm.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What became of the space of a VM's disks, or of those of several VMs; in bytes.
 *
 * @param virtualSize the disks as the guest sees them
 * @param sourceData the data in the source that there was to copy, as an uncompressed qcow2 image
 *     would hold it; empty where that was not measured
 * @param trimmed how much less data there was after the fixes, since the deleted blocks of mounted
 *     file systems were given back; empty where no fix was made
 * @param outputSize the outputs' sizes
 * @param outputAllocated what the outputs occupy on their file system; empty where that was not
 *     measured
 */
public record Savings(
    long virtualSize,
    Optional<Long> sourceData,
    Optional<Long> trimmed,
    long outputSize,
    Optional<Long> outputAllocated) {

  static final String VIRTUAL_SIZE = "virtual_size_bytes";
  static final String SOURCE_DATA = "source_data_bytes";
  static final String TRIMMED = "trimmed_bytes";
  static final String OUTPUT_SIZE = "output_size_bytes";
  static final String OUTPUT_ALLOCATED = "output_allocated_bytes";

  /** Those of two VMs; what was measured of one only is that of the one. */
  public Savings plus(Savings other) {
    return new Savings(
        virtualSize + other.virtualSize,
        sum(sourceData, other.sourceData),
        sum(trimmed, other.trimmed),
        outputSize + other.outputSize,
        sum(outputAllocated, other.outputAllocated));
  }

  private static Optional<Long> sum(Optional<Long> one, Optional<Long> other) {
    return one.isPresent() && other.isPresent()
        ? Optional.of(one.get() + other.get())
        : one.or(() -> other);
  }

  /** In the keys of a report. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(VIRTUAL_SIZE, virtualSize);
    sourceData.ifPresent(bytes -> json.put(SOURCE_DATA, bytes));
    trimmed.ifPresent(bytes -> json.put(TRIMMED, bytes));
    json.put(OUTPUT_SIZE, outputSize);
    outputAllocated.ifPresent(bytes -> json.put(OUTPUT_ALLOCATED, bytes));
    return json;
  }

  /** Reads what {@link #json} wrote; empty when it is anything else. */
  static Optional<Savings> of(Function<String, Optional<Long>> values) {
    return values
        .apply(VIRTUAL_SIZE)
        .flatMap(
            virtual ->
                values
                    .apply(OUTPUT_SIZE)
                    .map(
                        output ->
                            new Savings(
                                virtual,
                                values.apply(SOURCE_DATA),
                                values.apply(TRIMMED),
                                output,
                                values.apply(OUTPUT_ALLOCATED))));
  }
}
