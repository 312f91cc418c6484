package io.hyper2kvm.stage.inspect.state;

import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.state.FileSystemState;
import io.hyper2kvm.guest.state.NtfsVolume;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** The states of the file systems of the type NTFS, by three reads of each. */
final class NtfsStates {

  private final Supplier<List<GuestPartition>> partitions;
  private final Map<String, NtfsVolume> volumes = new LinkedHashMap<>();
  private final Map<String, byte[]> records = new LinkedHashMap<>();

  NtfsStates(Supplier<List<GuestPartition>> partitions) {
    this.partitions = partitions;
  }

  /**
   * Adds the turns.
   *
   * @param found takes the state of a device that could be told
   */
  void ask(GuestfishSession session, BiConsumer<String, FileSystemState> found) {
    session
        .then(this::askSectors, this::takeSectors)
        .then(this::askRecords, this::takeRecords)
        .then(
            this::askLogs,
            answers ->
                volumes.forEach(
                    (device, volume) -> {
                      FileSystemState state =
                          volume.state(records.get(device), answers.bytes(device));
                      if (state.kind() != FileSystemState.Kind.UNKNOWN) {
                        found.accept(device, state);
                      }
                    }));
  }

  private GuestfishScript askSectors() {
    GuestfishScript script = new GuestfishScript();
    partitions.get().stream()
        .filter(partition -> partition.fsType().equals("ntfs"))
        .forEach(partition -> read(script, partition.device(), NtfsVolume.SECTOR, 0));
    return script;
  }

  private void takeSectors(GuestfishAnswers answers) {
    for (GuestPartition partition : partitions.get()) {
      NtfsVolume.of(answers.bytes(partition.device()))
          .ifPresent(volume -> volumes.put(partition.device(), volume));
    }
  }

  private GuestfishScript askRecords() {
    GuestfishScript script = new GuestfishScript();
    volumes.forEach(
        (device, volume) -> read(script, device, 2 * volume.recordBytes(), volume.recordsOffset()));
    return script;
  }

  private void takeRecords(GuestfishAnswers answers) {
    volumes.keySet().forEach(device -> records.put(device, answers.bytes(device)));
  }

  private GuestfishScript askLogs() {
    GuestfishScript script = new GuestfishScript();
    volumes.forEach(
        (device, volume) -> {
          OptionalLong log = volume.logOffset(records.get(device));
          log.ifPresent(offset -> read(script, device, NtfsVolume.LOG_BYTES, offset));
        });
    return script;
  }

  private static void read(GuestfishScript script, String device, int bytes, long offset) {
    script.ask(device, "pread-device", device, String.valueOf(bytes), String.valueOf(offset));
  }
}
