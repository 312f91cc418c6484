package io.hyper2kvm.stage.description;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.manifest.Installations;
import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.model.VmSpec;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.NetworkCard;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappedNetworksTest {

  private static VmSpec vm(String convert) {
    return read("pipeline: {load: {source_path: /a.ova}, convert: %s}\n".formatted(convert));
  }

  private static VmSpec read(String manifest) {
    return new ManifestReader(Installations.OPEN)
        .read("web.yaml", ("version: \"1.0\"\n" + manifest).getBytes(StandardCharsets.UTF_8))
        .vms()
        .get(0);
  }

  private static MachineDescription machine(String... networks) {
    return MachineDescription.ofDisks(List.of())
        .withCards(
            Stream.of(networks)
                .map(name -> new NetworkCard(Optional.empty(), "", name, OptionalInt.empty()))
                .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{networks: {VM Netwrok: {bridge: br0}}} | did you mean \"VM Network\"?",
        "{networks: {vm network: {bridge: br0}}} | did you mean \"VM Network\"?",
        "{networks: {Production: {bridge: br0}}} | its cards are on VM Network, DMZ",
        "{domain: {networks: {Production: {bridge: br0}}}} | its cards are on VM Network, DMZ",
        "{domain: kubevirt, networks: {lan: {multus: lan}}} | its cards are on VM Network, DMZ",
        "{networks: {lan: {bridge: br0}, '*': {bridge: br1}}} | its cards are on VM Network, DMZ",
      })
  void aNameThatNoCardHasIsWarnedOf(String convert, String end) {
    assertThat(MappedNetworks.warnings(vm(convert), machine("VM Network", "DMZ")))
        .singleElement()
        .asString()
        .startsWith("convert.networks names the network \"")
        .endsWith(end);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}",
        "{networks: {'*': {bridge: br0}}}",
        "{networks: {VM Network: {bridge: br0}}}",
        "{networks: {VM Network: {bridge: br0}}, domain: {networks: {DMZ: {network: dmz}}}}",
      })
  void aNameThatACardHasIsNot(String convert) {
    assertThat(MappedNetworks.warnings(vm(convert), machine("VM Network", "DMZ", ""))).isEmpty();
  }

  @Test
  void aSourceWithoutNetworksHasOnlyOtherCards() {
    VmSpec vm = vm("{networks: {lan: {bridge: br0}}}");

    assertThat(MappedNetworks.warnings(vm, machine("")))
        .singleElement()
        .asString()
        .contains("the source tells of no networks; write \"*\"");
  }

  @Test
  void whatABatchNamesForAllIsNotMissedByOne() {
    VmSpec vm =
        read(
            """
            batch: true
            defaults:
              pipeline: {load: {source_path: /a.ova}, convert: {networks: {lan: {bridge: br0}}}}
            vms:
              - {name: a, pipeline: {convert: {networks: {DMZ: {bridge: br1}}}}}
            """);

    assertThat(MappedNetworks.warnings(vm, machine("VM Network")))
        .singleElement()
        .asString()
        .contains("\"DMZ\"");
  }
}
