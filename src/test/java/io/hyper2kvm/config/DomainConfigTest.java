package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hyper2kvm.config.value.NetworkMapping;
import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.ClusterNetwork;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainNetwork;
import io.hyper2kvm.manifest.model.DomainNetwork.Kind;
import io.hyper2kvm.manifest.model.DomainSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainConfigTest {

  @TempDir Path root;

  @Test
  void defaults() throws Exception {
    DomainConfig domain = new Site(root).fileWith().load().config().domain();

    assertThat(domain)
        .isEqualTo(
            new DomainConfig(Optional.empty(), Optional.empty(), List.of(), Optional.empty()));
    assertThat(domain.spec()).isEqualTo(DomainSpec.NOTHING);
  }

  @Test
  void everyKeyIsMapped() throws Exception {
    FullMapping.of(
            new Site(root),
            DomainConfig.class,
            DaemonConfig::domain,
            "domain_disk_bus: scsi",
            "domain_network_model: e1000",
            "domain_networks: [VM Network = bridge br0, '* = network lan vlan 7']",
            "domain_cpu: EPYC-v4")
        .isEqualTo(
            new DomainConfig(
                Optional.of(DiskBus.SCSI),
                Optional.of(CardModel.E1000),
                List.of(
                    NetworkMapping.parse("VM Network = bridge br0"),
                    NetworkMapping.parse("* = network lan vlan 7")),
                Optional.of("EPYC-v4")));
  }

  @ParameterizedTest
  @CsvSource({
    "VM Network = bridge br0, VM Network, BRIDGE, br0, -1",
    "VM Network=network lan, VM Network, NETWORK, lan, -1",
    "a=b = bridge br-1.7  vlan 4094, a=b, BRIDGE, br-1.7, 4094",
    "* = network default vlan 1, *, NETWORK, default, 1",
    "Netz (intern) = bridge br0, Netz (intern), BRIDGE, br0, -1",
  })
  void aMappingIsRead(String text, String name, Kind kind, String target, int vlan) {
    OptionalInt number = vlan < 0 ? OptionalInt.empty() : OptionalInt.of(vlan);

    assertThat(NetworkMapping.parse(text))
        .isEqualTo(new NetworkMapping(name, new DomainNetwork(kind, target, number)));
    assertThat(NetworkMapping.parse(NetworkMapping.parse(text).toString()))
        .isEqualTo(NetworkMapping.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "VM Network = multus lan, VM Network, MULTUS, lan",
    "a=b=multus lab/vlan-7.x, a=b, MULTUS, lab/vlan-7.x",
    "* = multus  default, *, MULTUS, default",
    "lan = pod masquerade, lan, POD, masquerade",
    "* = pod bridge, *, POD, bridge",
  })
  void aMappingForKubevirtIsRead(String text, String name, ClusterNetwork.Kind kind, String to) {
    assertThat(NetworkMapping.parse(text))
        .isEqualTo(new NetworkMapping(name, new ClusterNetwork(kind, to)));
    assertThat(NetworkMapping.parse(NetworkMapping.parse(text).toString()))
        .isEqualTo(NetworkMapping.parse(text));
  }

  @Test
  void oneNameIsMappedForEachTarget() throws Exception {
    DomainSpec spec =
        new Site(root)
            .fileWith("domain_networks: [lan = bridge br0, lan = multus lab/lan]")
            .load()
            .config()
            .domain()
            .spec();

    assertThat(spec.networkOf("lan").orElseThrow().name()).isEqualTo("br0");
    assertThat(spec.kubevirt().networkOf("lan").orElseThrow().name()).isEqualTo("lab/lan");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lan = multus",
        "lan = multus Lan",
        "lan = multus a/b/c",
        "lan = multus lan vlan 7",
        "lan = pod slirp",
        "= multus lan",
        "",
        "VM Network",
        "= bridge br0",
        "lan = br0",
        "lan = bridge",
        "lan = bridge br0 vlan 0",
        "lan = bridge br0 vlan 4095",
        "lan = bridge br0 vlan x",
        "lan = bridge br0 network default",
        "lan = bridge br0'/>",
        "lan = bridge a-name-of-16-chr",
        "lan = network ../x",
      })
  void whatIsNoMappingIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> NetworkMapping.parse(text));
  }

  @Test
  void aBadValueIsAProblemWithItsPlace() throws Exception {
    Site site = new Site(root);

    assertThat(site.fileWith("domain_disk_bus: nvme", "domain_cpu: 'a b'").problems())
        .hasSize(2)
        .anyMatch(problem -> problem.toString().contains("one of virtio, scsi, sata, ide"));
  }
}
