package io.hyper2kvm.stage.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageReport;
import io.hyper2kvm.report.StageStatus;
import io.hyper2kvm.stage.machine.MachineDescription.Drive;
import io.hyper2kvm.stage.machine.MachineDescription.Firmware;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine in the reports of its stages, which may have been written by anybody. */
class MachineJsonTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final MachineDescription DESCRIBED =
      new MachineDescription(
          true,
          "db",
          "vmx-19",
          "debian12_64Guest",
          OptionalLong.of(8L << 30),
          OptionalInt.of(8),
          OptionalInt.of(4),
          Optional.of(Firmware.UEFI),
          true,
          true,
          "",
          0,
          List.of(
              new MachineDisk(
                  4096,
                  "vmdisk1",
                  OptionalLong.of(10L << 30),
                  Optional.of(
                      new DiskController(
                          DiskController.Bus.SCSI, "lsilogic", "0", OptionalInt.of(16), "3")),
                  OptionalInt.of(1)),
              MachineDisk.anywhere(512)),
          List.of(
              new NetworkCard(
                  Optional.of("00:50:56:01:02:03"), "VmxNet3", "VM Network", OptionalInt.of(7)),
              new NetworkCard(
                  Optional.empty(),
                  "E1000",
                  "",
                  OptionalInt.empty(),
                  false,
                  Optional.of("eth1"),
                  OptionalInt.of(33)),
              NetworkCard.any()),
          List.of(Drive.CD, Drive.FLOPPY));

  private static MachineDescription read(String load, String inspect) throws IOException {
    return MachineJson.read(JSON.readTree(load), JSON.readTree(inspect));
  }

  private static Map<StageName, StageReport> stages(String load) throws IOException {
    Map<String, Object> details = JSON.readValue(load, new TypeReference<>() {});
    Map<StageName, StageReport> stages = new EnumMap<>(StageName.class);
    stages.put(StageName.LOAD, StageReport.without(StageStatus.SUCCESS, details));
    stages.put(StageName.INSPECT, StageReport.without(StageStatus.SKIPPED, Map.of()));
    return stages;
  }

  @Test
  void aDescriptionIsReadAsItWasWritten() throws IOException {
    String machine = JSON.writeValueAsString(MachineJson.of(DESCRIBED));
    String load =
        """
        {"artifacts": [{"logical_sector_size_bytes": 4096}, {"logical_sector_size_bytes": 512}],
         "machine": %s}
        """
            .formatted(machine);

    assertThat(read(load, "{}")).isEqualTo(DESCRIBED);
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    assertThat(MachineJson.of(MachineDescription.ofDisks(List.of())))
        .containsOnlyKeys("name", "hardware", "secure_boot", "disks", "network_cards", "drives");
  }

  @Test
  void theGuestTellsWhatNoDescriptionDoes() throws IOException {
    MachineDescription machine =
        read(
            "{\"artifacts\": [{}, {}]}",
            """
            {"architecture": "x86_64", "firmware": "uefi", "boot_disk": 2,
             "network": {"interfaces": [{"name": "ens192", "mac": "00:0C:29:3E:5F:A1"}]}}
            """);

    assertThat(machine)
        .isEqualTo(
            MachineDescription.ofDisks(
                    List.of(MachineDisk.anywhere(512), MachineDisk.anywhere(512)))
                .withGuest(
                    "x86_64",
                    Optional.of(Firmware.UEFI),
                    1,
                    List.of(NetworkCard.withMac("00:0c:29:3e:5f:a1"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"machine\": 7, \"artifacts\": 7}",
        "{\"machine\": {\"disks\": {}, \"network_cards\": \"x\", \"drives\": [null, \"tape\"]}}",
        "{\"machine\": {\"firmware\": \"coreboot\", \"memory_bytes\": -1, \"cpus\": 1e9}}",
        "{\"machine\": {\"cores_per_socket\": 4097, \"secure_boot\": []}}",
      })
  void whatCannotBeIsNotKnown(String load) throws IOException {
    MachineDescription machine = read(load, "{\"boot_disk\": 0, \"firmware\": 1}");

    assertThat(machine.memory()).isEmpty();
    assertThat(machine.cpus()).isEmpty();
    assertThat(machine.coresPerSocket()).isEmpty();
    assertThat(machine.firmware()).isEmpty();
    assertThat(machine.secureBoot()).isFalse();
    assertThat(machine.bootDisk()).isZero();
    assertThat(machine.disks()).isEmpty();
    assertThat(machine.cards()).isEmpty();
    assertThat(machine.drives()).isEmpty();
  }

  @Test
  void aControllerOfAnUnknownKindIsNotKnown() throws IOException {
    MachineDescription machine =
        read("{\"machine\": {\"disks\": [{\"controller\": \"mfm\", \"unit\": -1}]}}", "{}");

    assertThat(machine.disks()).containsExactly(MachineDisk.anywhere(512));
  }

  @Test
  void textsCannotWriteToATerminal() throws IOException {
    assertThat(read("{\"machine\": {\"name\": \"\\u001b[2Jdb\"}}", "{}").name())
        .isEqualTo("\ufffd[2Jdb");
  }

  @Test
  void aRecordWithoutDetailsTellsNothing() throws IOException {
    assertThat(MachineJson.read(stages("{}"))).isEmpty();
    assertThat(MachineJson.read(stages("{\"artifacts\": []}"))).isPresent();
  }
}
