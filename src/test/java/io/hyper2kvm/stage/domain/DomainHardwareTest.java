package io.hyper2kvm.stage.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.manifest.model.DomainNetwork;
import io.hyper2kvm.manifest.model.DomainNetwork.Kind;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageReport;
import io.hyper2kvm.report.StageStatus;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.MachineJson;
import io.hyper2kvm.stage.machine.NetworkCard;
import io.hyper2kvm.stage.machine.VirtioProof;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hardware of a libvirt domain, of what a record says of the machine; it may be anybody's. */
class DomainHardwareTest {

  private static final DomainDevices DEVICES =
      new DomainDevices(DomainSpec.NOTHING, VirtioProof.none("nobody looked"));

  private static MachineDescription machine(String load, String inspect) throws IOException {
    Map<String, Object> loaded = details(load);
    loaded.putIfAbsent("artifacts", List.of());
    Map<StageName, StageReport> stages = new EnumMap<>(StageName.class);
    stages.put(StageName.LOAD, StageReport.without(StageStatus.SUCCESS, loaded));
    stages.put(StageName.INSPECT, StageReport.without(StageStatus.SUCCESS, details(inspect)));
    return MachineJson.read(stages).orElseThrow();
  }

  private static Map<String, Object> details(String json) throws IOException {
    return new ObjectMapper().readValue(json, new TypeReference<Map<String, Object>>() {});
  }

  private static DomainHardware facts(String load, String inspect) throws IOException {
    return DomainHardware.of(machine(load, inspect), DEVICES, GuestSystem.OTHER);
  }

  private static List<String> macs(DomainHardware facts) {
    return facts.cards().stream().map(NetworkCard::mac).map(mac -> mac.orElse("any")).toList();
  }

  @Test
  void whatNobodyToldIsADefaultAndSaidToBeOne() throws IOException {
    DomainHardware facts = facts("{}", "{}");

    assertThat(facts)
        .isEqualTo(
            new DomainHardware(
                2048,
                2,
                1,
                false,
                false,
                0,
                List.of(),
                List.of(NetworkCard.any()),
                DEVICES,
                List.of("memory", "cpus", "firmware", "network_cards"),
                GuestSystem.OTHER));
  }

  @Test
  void theDisksAreShownAsTheGuestKnewThem() throws IOException {
    DomainHardware facts =
        facts(
            """
            {"artifacts": [{"logical_sector_size_bytes": 512}, {"logical_sector_size_bytes": 4096}]}
            """,
            "{\"boot_disk\": 2}");

    DomainDefinition domain =
        facts.definition(
            "db",
            List.of(Path.of("/out/1.raw"), Path.of("/out/2.raw"), Path.of("/out/3.raw")),
            OutputFormat.RAW);

    assertThat(domain.bootDisk()).isEqualTo(1);
    assertThat(domain.disks().stream().map(DomainDisk::sectorSize)).containsExactly(512, 4096, 512);
  }

  @Test
  void aBootDiskBeyondTheOutputsIsTheLast() throws IOException {
    DomainHardware facts = facts("{}", "{\"boot_disk\": 7}");

    assertThat(facts.definition("db", List.of(Path.of("/out/1.raw")), OutputFormat.RAW).bootDisk())
        .isZero();
  }

  @Test
  void anOvaTellsAllOfIt() throws IOException {
    DomainHardware facts =
        facts(
            """
            {"machine": {"memory_bytes": 8589934592, "cpus": 8, "cores_per_socket": 4,
             "firmware": "uefi", "secure_boot": true,
             "network_cards": [{"mac": "00:50:56:01:02:03"}, {}, {"mac": "00:50:56:01:02:02"}]}}
            """,
            "{\"firmware\": \"bios\", \"network\": {\"interfaces\": [{\"name\": \"eth9\"}]}}");

    assertThat(facts.memoryMib()).isEqualTo(8192);
    assertThat(facts.cpus()).isEqualTo(8);
    assertThat(facts.coresPerSocket()).isEqualTo(4);
    assertThat(facts.uefi()).isTrue();
    assertThat(facts.secureBoot()).isTrue();
    assertThat(macs(facts)).containsExactly("00:50:56:01:02:03", "any", "00:50:56:01:02:02");
    assertThat(facts.assumed()).isEmpty();
  }

  @Test
  void anOvaWithoutCardsHasNone() throws IOException {
    DomainHardware facts = facts("{\"machine\": {\"cpus\": 1, \"network_cards\": []}}", "{}");

    assertThat(facts.cards()).isEmpty();
    assertThat(facts.assumed()).containsExactly("memory", "firmware");
  }

  @Test
  void theGuestTellsItsFirmwareAndItsCards() throws IOException {
    DomainHardware facts =
        facts(
            "{}",
            """
            {"firmware": "uefi", "network": {"interfaces": [
              {"name": "ens192", "mac": "00:0c:29:3e:5f:a1"},
              {"name": "ens224"},
              {"name": "lan0", "mac": "00:0c:29:3e:5f:a2"},
              {"name": "bond0", "mac": "00:0c:29:3e:5f:a3"},
              {"name": "br0"},
              {"name": "ens192.7", "mac": "00:0c:29:3e:5f:a1"}]}}
            """);

    assertThat(facts.uefi()).isTrue();
    assertThat(facts.secureBoot()).isFalse();
    assertThat(macs(facts)).containsExactly("00:0c:29:3e:5f:a1", "any", "00:0c:29:3e:5f:a2");
    assertThat(facts.assumed()).containsExactly("memory", "cpus", "secure_boot");
  }

  @Test
  void aNetworkThatNobodyMapsIsSaidToBeADefault() throws IOException {
    MachineDescription machine =
        machine(
            """
            {"machine": {"memory_bytes": 1073741824, "cpus": 1, "firmware": "bios",
             "network_cards": [{"network": "VM Network"}, {"network": "DMZ"}, {}]}}
            """,
            "{}");
    DomainNetwork bridge = new DomainNetwork(Kind.BRIDGE, "br0", OptionalInt.empty());

    DomainHardware one = mapped(machine, Map.of("VM Network", bridge));
    assertThat(one.assumed()).containsExactly("networks");
    assertThat(networks(one)).containsExactly("br0", "default", "default");
    DomainHardware both = mapped(machine, Map.of("VM Network", bridge, "DMZ", bridge));
    assertThat(both.assumed()).isEmpty();
    assertThat(networks(both)).containsExactly("br0", "br0", "default");
    DomainHardware all = mapped(machine, Map.of("*", bridge));
    assertThat(all.assumed()).isEmpty();
    assertThat(networks(all)).containsExactly("br0", "br0", "br0");
  }

  private static DomainHardware mapped(
      MachineDescription machine, Map<String, DomainNetwork> networks) {
    DomainSpec spec =
        new DomainSpec(Optional.empty(), Optional.empty(), networks, Optional.empty());
    return DomainHardware.of(machine, new DomainDevices(spec, DEVICES.proof()), GuestSystem.OTHER);
  }

  private static List<String> networks(DomainHardware hardware) {
    return hardware
        .definition("db", List.of(Path.of("/out/1.raw")), OutputFormat.RAW)
        .cards()
        .stream()
        .map(card -> card.network().name())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1048576, 1", "1048577, 2", "1073741824, 1024"})
  void memoryIsRoundedUpToWholeMebibytes(long bytes, long mib) throws IOException {
    assertThat(facts("{\"machine\": {\"memory_bytes\": %d}}".formatted(bytes), "{}").memoryMib())
        .isEqualTo(mib);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"memory_bytes\": -1, \"cpus\": 0}",
        "{\"memory_bytes\": 9223372036854775807, \"cpus\": 2147483648}",
        "{\"memory_bytes\": 1e400, \"cpus\": \"8\"}",
        "{\"memory_bytes\": null, \"cpus\": [], \"cores_per_socket\": -3, \"firmware\": {}}",
        "{\"memory_bytes\": 36893488147419103232, \"network_cards\": [{\"mac\": \"<x/>\"}]}",
      })
  void whatCannotBeIsNotKnown(String machine) throws IOException {
    DomainHardware facts = facts("{\"machine\": %s}".formatted(machine), "{}");

    assertThat(facts.memoryMib()).isEqualTo(2048);
    assertThat(facts.cpus()).isEqualTo(2);
    assertThat(facts.coresPerSocket()).isEqualTo(1);
    assertThat(facts.assumed()).contains("memory", "cpus");
  }

  @Test
  void coresThatDoNotFillTheirSocketsAreSocketsThemselves() throws IOException {
    assertThat(
            facts("{\"machine\": {\"cpus\": 6, \"cores_per_socket\": 4}}", "{}").coresPerSocket())
        .isEqualTo(1);
  }

  @Test
  void cardsWithoutEndAreCutOff() throws IOException {
    String cards = "{},".repeat(5000) + "{}";

    assertThat(facts("{\"machine\": {\"network_cards\": [%s]}}".formatted(cards), "{}").cards())
        .hasSize(64);
  }

  @Test
  void aGuestForAnotherProcessorHasNone() throws IOException {
    assertThat(DomainHardware.obstacle(machine("{}", "{\"architecture\": \"aarch64\"}"), DEVICES))
        .hasValue("the guest is for aarch64, and the domain would be for x86_64");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x86_64", "i386"})
  void aGuestWhoseProgramsRunOnItHasOne(String architecture) throws IOException {
    String inspect = "{\"architecture\": \"%s\"}".formatted(architecture);

    assertThat(DomainHardware.obstacle(machine("{}", inspect), DEVICES)).isEmpty();
  }
}
