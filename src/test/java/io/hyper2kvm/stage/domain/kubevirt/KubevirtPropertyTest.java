package io.hyper2kvm.stage.domain.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.VolumeKind;
import io.hyper2kvm.stage.domain.GuestSystem;
import io.hyper2kvm.stage.machine.MachineDescription.Firmware;
import io.hyper2kvm.stage.machine.NetworkCard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Whatever a machine is: it is a VM that KubeVirt's API knows, or there is a reason why not. */
@Tag("property")
class KubevirtPropertyTest {

  /** The parts of a machine that are chosen together. */
  private record Parts(Firmware firmware, boolean secureBoot, GuestSystem system, int cpus) {}

  @Provide
  Arbitrary<Machines> machines() {
    Arbitrary<Parts> parts =
        Combinators.combine(
                Arbitraries.of(Firmware.values()),
                Arbitraries.of(true, false),
                Arbitraries.of(GuestSystem.values()),
                Arbitraries.integers().between(1, 4096))
            .as(Parts::new);
    Arbitrary<NetworkCard> card =
        Combinators.combine(
                Arbitraries.strings().ofMaxLength(4),
                Arbitraries.longs().between(1, 0xffffffffffL).optional(),
                Arbitraries.of(true, false))
            .as(
                (network, mac, connected) ->
                    Machines.card(network, mac.map(KubevirtPropertyTest::mac), connected));
    return Combinators.combine(
            parts,
            card.list().ofMaxSize(5),
            Arbitraries.of(512, 4096).list().ofMinSize(1).ofMaxSize(8),
            Arbitraries.of(DiskBus.values()),
            Arbitraries.of(CardModel.values()),
            Arbitraries.of("", "host-model", "maximum", "EPYC-v4", "486"),
            Arbitraries.of(VolumeKind.values()),
            Arbitraries.longs().between(1, 1L << 50))
        .as(
            (p, cards, sectors, bus, model, cpu, storage, memory) -> {
              Machines machine = new Machines();
              machine.firmware = p.firmware();
              machine.secureBoot = p.secureBoot();
              machine.system = p.system();
              machine.cpus = p.cpus();
              machine.cards = cards;
              machine.sectors = sectors;
              machine.bootDisk = sectors.size() - 1;
              machine.bus = Optional.of(bus);
              machine.model = Optional.of(model);
              machine.cpu = Optional.of(cpu).filter(name -> !name.isEmpty());
              machine.storage = Optional.of(storage);
              machine.memory = OptionalLong.of(memory);
              return cards.size() % 2 == 0 ? machine.multus("*", "lab/lan") : machine;
            });
  }

  private static String mac(long number) {
    List<String> bytes = new ArrayList<>(List.of("52"));
    for (int shift = 32; shift >= 0; shift -= 8) {
      bytes.add("%02x".formatted((number >> shift) & 0xff));
    }
    return String.join(":", bytes);
  }

  @Property
  void everyMachineIsValidOrHasAReason(@ForAll("machines") Machines machine) {
    if (KubevirtLimits.obstacle(machine.hardware()).isEmpty()) {
      for (Map<String, Object> object : KubevirtObjects.of(machine.vm())) {
        assertThat(KubevirtSchema.problems(object)).isEmpty();
      }
    }
  }

  @Property
  void everyFileHoldsItsObjects(@ForAll("machines") Machines machine) throws IOException {
    KubevirtVm vm = machine.vm();
    List<JsonNode> objects =
        KubevirtObjects.of(vm).stream()
            .map(object -> new ObjectMapper().<JsonNode>valueToTree(object))
            .toList();

    byte[] yaml = KubevirtYaml.of(vm, Path.of("/out/web.kubevirt.yaml"));

    assertThat(new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(yaml).readAll())
        .isEqualTo(objects);
  }
}
