package io.hyper2kvm.guests;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the last recorded run found of a real guest: a line of {@code
 * src/test/guests/results.jsonl}.
 *
 * @param name the guest's specification in {@code src/test/guests/real}
 * @param booted whether its output booted on virtio and answered at its old address and name
 * @param date of the run, in UTC
 * @param commit that the run was made on
 * @param sourceSeconds from power-on to the answer on the machine that it comes from
 * @param unfixed what became of the unfixed source on virtio
 * @param conversionSeconds from the start of the conversion to its end
 * @param warnings of the conversion
 * @param bootSeconds from power-on to the answer on virtio
 * @param nextKernels for how many kernels the guest's own tool then built an initramfs anew that
 *     still drives the disks; 0 if that was not tried
 */
public record RecordedGuest(
    @JsonProperty("name") String name,
    @JsonProperty("distribution") String distribution,
    @JsonProperty("storage") String storage,
    @JsonProperty("boot") String boot,
    @JsonProperty("network") String network,
    @JsonProperty("booted") boolean booted,
    @JsonProperty("date") String date,
    @JsonProperty("commit") String commit,
    @JsonProperty("source_seconds") long sourceSeconds,
    @JsonProperty("unfixed") String unfixed,
    @JsonProperty("conversion_seconds") long conversionSeconds,
    @JsonProperty("warnings") int warnings,
    @JsonProperty("boot_seconds") long bootSeconds,
    @JsonProperty("next_kernels") int nextKernels) {

  /** The file of a source tree. */
  public static final Path FILE = Path.of("src/test/guests/results.jsonl");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** All records of a file, by name; none if there is no file yet. */
  public static SortedMap<String, RecordedGuest> read(Path file) throws IOException {
    SortedMap<String, RecordedGuest> records = new TreeMap<>();
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    for (String line : lines) {
      RecordedGuest guest = JSON.readValue(line, RecordedGuest.class);
      if (records.put(guest.name(), guest) != null) {
        throw new IOException(file + " has two records of " + guest.name());
      }
    }
    return records;
  }

  /** Replaces the records of these guests, and leaves those of others. */
  public static void write(Path file, Collection<RecordedGuest> found) throws IOException {
    SortedMap<String, RecordedGuest> records = read(file);
    found.forEach(guest -> records.put(guest.name(), guest));
    List<String> lines = new ArrayList<>();
    for (RecordedGuest guest : records.values()) {
      lines.add(JSON.writeValueAsString(guest));
    }
    Files.write(file, lines, StandardCharsets.UTF_8);
  }
}
