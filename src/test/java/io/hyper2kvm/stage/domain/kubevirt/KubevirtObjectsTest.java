package io.hyper2kvm.stage.domain.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.VolumeKind;
import io.hyper2kvm.stage.domain.GuestSystem;
import io.hyper2kvm.stage.machine.MachineDescription.Firmware;
import io.hyper2kvm.stage.machine.NetworkCard;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of object is one that KubeVirt's API knows, and no other would be taken for one. */
class KubevirtObjectsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static Arguments kind(String name, Consumer<Machines> change) {
    return Arguments.of(name, change);
  }

  static Stream<Arguments> kinds() {
    return Stream.of(
        kind("BIOS", machine -> {}),
        kind("UEFI", machine -> machine.firmware = Firmware.UEFI),
        kind(
            "Secure Boot",
            machine -> {
              machine.firmware = Firmware.UEFI;
              machine.secureBoot = true;
            }),
        kind("scsi", machine -> machine.bus = Optional.of(DiskBus.SCSI)),
        kind("sata", machine -> machine.bus = Optional.of(DiskBus.SATA)),
        kind("e1000", machine -> machine.model = Optional.of(CardModel.E1000)),
        kind("e1000e", machine -> machine.model = Optional.of(CardModel.E1000E)),
        kind("rtl8139", machine -> machine.model = Optional.of(CardModel.RTL8139)),
        kind("nothing proven", machine -> machine.bus = Optional.empty()),
        kind("large sectors", machine -> machine.sectors = List.of(512, 4096, 512)),
        kind(
            "64 disks",
            machine -> {
              machine.sectors = Collections.nCopies(64, 512);
              machine.bootDisk = 63;
            }),
        kind("no card", machine -> machine.cards = List.of()),
        kind("a card without an address", machine -> machine.cards = List.of(NetworkCard.any())),
        kind(
            "a card that is not plugged in",
            machine -> machine.cards = List.of(Machines.card("lan", Optional.empty(), false))),
        kind(
            "three networks",
            machine -> {
              machine.cards =
                  List.of(
                      Machines.card("lan", Optional.of("00:50:56:01:02:03"), true),
                      Machines.card("DMZ", Optional.of("00:50:56:01:02:01"), true),
                      Machines.card("other", Optional.empty(), true));
              machine.multus("lan", "lab/vlan-7").multus("*", "dmz.x").pod("other", "bridge");
            }),
        kind("Windows", machine -> machine.system = GuestSystem.WINDOWS),
        kind(
            "Windows with a TPM",
            machine -> {
              machine.system = GuestSystem.WINDOWS_WITH_TPM;
              machine.firmware = Firmware.UEFI;
              machine.secureBoot = true;
            }),
        kind("claims", machine -> machine.storage = Optional.of(VolumeKind.PVC)),
        kind("host-passthrough", machine -> machine.cpu = Optional.of("host-passthrough")),
        kind("a model", machine -> machine.cpu = Optional.of("EPYC-v4")),
        kind("little memory", machine -> machine.memory = OptionalLong.of(1)),
        kind("no memory told", machine -> machine.memory = OptionalLong.empty()),
        kind("a name that is no label", machine -> machine.name = "Web_01.Example-"),
        kind("a name that is a number", machine -> machine.name = "0123"),
        kind("the longest name", machine -> machine.name = "W".repeat(128)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void everyKindIsValid(String name, Consumer<Machines> change) {
    Machines machine = new Machines();
    change.accept(machine);

    assertThat(KubevirtObjects.of(machine.vm()))
        .isNotEmpty()
        .allSatisfy(object -> assertThat(KubevirtSchema.problems(object)).isEmpty());
  }

  /** A place in the VM, and what is put there; nothing: it is removed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/spec/template/spec/domain | cores | 4",
        "/spec/template/spec/domain/devices | floppies | []",
        "/spec/template/spec/domain/devices/disks/0 | bus | \"virtio\"",
        "/spec/template/spec/domain/devices/disks/0/disk | bus | \"ide\"",
        "/spec/template/spec/domain/devices/disks/0 | bootOrder | 0",
        "/spec/template/spec/domain/devices/disks/0 | bootOrder | \"1\"",
        "/spec/template/spec/domain/devices/disks/0 | name | \"disk2\"",
        "/spec/template/spec/domain/devices/interfaces/0 | model | \"vmxnet3\"",
        "/spec/template/spec/domain/devices/interfaces/0 | macAddress | \"00-50\"",
        "/spec/template/spec/domain/devices/interfaces/0 | bridge | {}",
        "/spec/template/spec/domain/devices/interfaces/0 | name | \"lan\"",
        "/spec/template/spec/domain/devices | rng | {\"backend\": \"random\"}",
        "/spec/template/spec/domain/memory | guest | \"3 GiB\"",
        "/spec/template/spec/domain/memory | guest | 3221225472",
        "/spec/template/spec/domain/cpu | sockets | 0",
        "/spec/template/spec/domain/cpu | sockets | 1.5",
        "/spec/template/spec/domain/cpu | model | \"maximum\"",
        "/spec/template/spec/domain/firmware/bootloader | efi | {}",
        "/spec/template/spec/domain/features | smm | \"on\"",
        "/spec/template/spec/domain/machine | type | \"pc\"",
        "/spec/template/spec/domain/clock | offset | \"utc\"",
        "/spec/template/spec/volumes/0/dataVolume | name |",
        "/spec/template/spec/volumes/0 | hostDisk | {\"path\": \"/a\", \"type\": \"Disk\"}",
        "/spec/template/spec/networks/0 | pod |",
        "/spec/template/spec | domain |",
        "/spec | runStrategy | \"Always\"",
        "/spec | running | true",
        "/metadata | name | \"Web_01\"",
        "'' | apiVersion | \"kubevirt.io/v1alpha3\"",
        "'' | extra | 1",
      })
  void anotherVmIsNotValid(String place, String key, String value) throws Exception {
    List<Map<String, Object>> objects = KubevirtObjects.of(new Machines().vm());
    JsonNode vm = JSON.valueToTree(objects.get(objects.size() - 1));
    assertThat(KubevirtSchema.problems(vm)).isEmpty();
    ObjectNode changed = (ObjectNode) vm.at(place);
    if (value == null) {
      changed.remove(key);
    } else {
      changed.set(key, JSON.readTree(value));
    }

    assertThat(KubevirtSchema.problems(vm)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/spec/storage/resources/requests | storage | \"ten\"",
        "/spec/storage/resources/requests | storage |",
        "/spec/storage | size | \"10Gi\"",
        "/spec/source | upload | {\"url\": \"x\"}",
        "/spec/source | blank | {}",
        "/spec | source |",
        "/metadata | name | \"a.b\"",
        "/metadata | annotations | {\"a\": 1}",
      })
  void anotherDataVolumeIsNotValid(String place, String key, String value) throws Exception {
    JsonNode volume = JSON.valueToTree(KubevirtObjects.of(new Machines().vm()).get(0));
    ObjectNode changed = (ObjectNode) volume.at(place);
    if (value == null) {
      changed.remove(key);
    } else {
      changed.set(key, JSON.readTree(value));
    }

    assertThat(KubevirtSchema.problems(volume)).isNotEmpty();
  }

  @Test
  void twoCardsOnThePodsNetworkAreNotValid() {
    Machines machine = new Machines();
    machine.cards = List.of(NetworkCard.any(), NetworkCard.any());

    assertThat(KubevirtSchema.problems(KubevirtObjects.of(machine.vm()).get(1)))
        .contains("more than one card is on the pod's network");
  }

  private static JsonNode vm(Machines machine) {
    List<Map<String, Object>> objects = KubevirtObjects.of(machine.vm());
    return JSON.valueToTree(objects.get(objects.size() - 1));
  }

  private static JsonNode instance(Machines machine) {
    return vm(machine).at("/spec/template/spec");
  }

  @Test
  void nothingIsStarted() {
    assertThat(vm(new Machines()).at("/spec/runStrategy").asText()).isEqualTo("Halted");
  }

  @Test
  void aVolumeIsMadeBeforeTheVmForEachDisk() {
    Machines machine = new Machines();
    machine.name = "Web_01";
    machine.sectors = List.of(512, 512);

    List<Map<String, Object>> objects = KubevirtObjects.of(machine.vm());

    assertThat(objects)
        .extracting(
            object -> object.get("kind") + " " + ((Map<?, ?>) object.get("metadata")).get("name"))
        .containsExactly(
            "DataVolume web-01-disk1", "DataVolume web-01-disk2", "VirtualMachine web-01");
    assertThat(instance(machine).at("/volumes/1/dataVolume/name").asText())
        .isEqualTo("web-01-disk2");
  }

  @Test
  void claimsAreNamedAndNotMade() {
    Machines machine = new Machines();
    machine.storage = Optional.of(VolumeKind.PVC);

    assertThat(KubevirtObjects.of(machine.vm())).hasSize(1);
    assertThat(instance(machine).at("/volumes/0/persistentVolumeClaim/claimName").asText())
        .isEqualTo("web-disk1");
  }

  @Test
  void theBootDiskIsTriedFirstAndTheOrderStays() {
    Machines machine = new Machines();
    machine.sectors = List.of(512, 4096, 512);
    machine.bootDisk = 1;

    JsonNode disks = instance(machine).at("/domain/devices/disks");

    assertThat(disks.findValuesAsText("bootOrder")).containsExactly("2", "1", "3");
    assertThat(disks.at("/1/blockSize/custom/logical").asInt()).isEqualTo(4096);
    assertThat(disks.at("/0").has("blockSize")).isFalse();
  }

  @Test
  void secureBootNeedsSmm() {
    Machines machine = new Machines();
    machine.firmware = Firmware.UEFI;
    assertThat(instance(machine).at("/domain/firmware/bootloader/efi/secureBoot").asBoolean(true))
        .isFalse();
    assertThat(instance(machine).at("/domain/features").has("smm")).isFalse();
    machine.secureBoot = true;

    assertThat(instance(machine).at("/domain/features/smm/enabled").asBoolean()).isTrue();
    assertThat(instance(machine).at("/domain/firmware/bootloader/efi/secureBoot").asBoolean())
        .isTrue();
  }

  @Test
  void socketsAndCoresAreTheMachines() {
    Machines machine = new Machines();
    machine.cpus = 6;
    machine.cores = 3;

    assertThat(instance(machine).at("/domain/cpu").toString())
        .isEqualTo("{\"sockets\":2,\"cores\":3,\"threads\":1}");
  }

  @Test
  void aMachineWithoutCardsGetsNone() {
    Machines machine = new Machines();
    machine.cards = List.of();

    assertThat(instance(machine).has("networks")).isFalse();
    assertThat(instance(machine).at("/domain/devices/autoattachPodInterface").asBoolean(true))
        .isFalse();
  }

  @Test
  void cardsKeepTheirOrderAddressAndNetwork() {
    Machines machine = new Machines();
    machine.cards =
        List.of(
            Machines.card("lan", Optional.of("00:50:56:01:02:03"), true),
            Machines.card("DMZ", Optional.of("00:50:56:01:02:01"), false));
    machine.multus("DMZ", "lab/dmz").pod("lan", "bridge");

    JsonNode cards = instance(machine).at("/domain/devices/interfaces");
    assertThat(cards.findValuesAsText("macAddress"))
        .containsExactly("00:50:56:01:02:03", "00:50:56:01:02:01");
    assertThat(cards.at("/1/state").asText()).isEqualTo("down");
    assertThat(cards).allSatisfy(card -> assertThat(card.has("bridge")).isTrue());
    assertThat(instance(machine).at("/networks/1/multus/networkName").asText())
        .isEqualTo("lab/dmz");
    assertThat(instance(machine).at("/networks/0").has("pod")).isTrue();
  }

  @Test
  void aWindowsFindsHyperVAndItsTimers() {
    Machines machine = new Machines();
    machine.system = GuestSystem.WINDOWS;

    assertThat(instance(machine).at("/domain/features/hyperv").size()).isEqualTo(8);
    assertThat(instance(machine).at("/domain/clock/timer/hpet/present").asBoolean(true)).isFalse();
    assertThat(instance(machine).at("/domain/devices").has("tpm")).isFalse();
  }

  @Test
  void aTpmKeepsItsContents() {
    Machines machine = new Machines();
    machine.system = GuestSystem.WINDOWS_WITH_TPM;
    machine.firmware = Firmware.UEFI;

    assertThat(instance(machine).at("/domain/devices/tpm/persistent").asBoolean()).isTrue();
  }
}
