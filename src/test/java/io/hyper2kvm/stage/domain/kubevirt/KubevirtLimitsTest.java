package io.hyper2kvm.stage.domain.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.stage.domain.GuestSystem;
import io.hyper2kvm.stage.machine.NetworkCard;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KubevirtLimitsTest {

  private final Machines machine = new Machines();

  private Optional<String> obstacle() {
    return KubevirtLimits.obstacle(machine.hardware());
  }

  private List<String> warnings() {
    return KubevirtLimits.warnings(machine.name, machine.hardware());
  }

  @Test
  void ideIsNotThere() {
    machine.bus = Optional.of(DiskBus.IDE);

    assertThat(obstacle()).hasValueSatisfying(why -> assertThat(why).contains("ide", "sata"));
  }

  @Test
  void vmxnet3IsNotThere() {
    machine.model = Optional.of(CardModel.VMXNET3);

    assertThat(obstacle()).hasValueSatisfying(why -> assertThat(why).contains("vmxnet3", "e1000e"));
  }

  @Test
  void theProcessorMaximumIsNotThere() {
    machine.cpu = Optional.of("maximum");

    assertThat(obstacle())
        .hasValueSatisfying(why -> assertThat(why).contains("convert.domain.cpu"));
  }

  @Test
  void oneCardIsOnThePodsNetwork() {
    assertThat(obstacle()).isEmpty();
    machine.cards =
        List.of(
            Machines.card("VM Network", Optional.empty(), true),
            Machines.card("DMZ", Optional.empty(), true),
            NetworkCard.any());
    machine.multus("DMZ", "dmz");

    assertThat(obstacle())
        .hasValueSatisfying(
            why ->
                assertThat(why)
                    .startsWith("card 1 (\"VM Network\") and card 3 would be on the network")
                    .contains("convert.networks"));
    machine.multus("*", "lan");
    assertThat(obstacle()).isEmpty();
  }

  @Test
  void aNetworksNameCannotHideAnything() {
    machine.cards =
        List.of(
            Machines.card("a\n\u202eb", Optional.empty(), true),
            Machines.card("c", Optional.empty(), true));

    assertThat(obstacle())
        .hasValueSatisfying(why -> assertThat(why).doesNotContain("\n", "\u202e"));
  }

  @Test
  void nothingIsWarnedOfWhereTheManifestSaysIt() {
    machine.multus("lan", "lan");

    assertThat(warnings()).isEmpty();
  }

  @Test
  void thePodsNetworkByDefaultIsWarnedOf() {
    assertThat(warnings())
        .singleElement()
        .asString()
        .startsWith("card 1 (\"lan\") is on the network of the VM's pod")
        .contains("static address");
    machine.pod("lan", "masquerade");
    assertThat(warnings()).isEmpty();
  }

  @Test
  void anotherNameIsTold() {
    machine.multus("lan", "lan");
    machine.name = "Web_01";

    assertThat(warnings())
        .singleElement()
        .asString()
        .startsWith("in KubeVirt the VM is called web-01");
  }

  @Test
  void theClockOfAWindowsIsTold() {
    machine.multus("lan", "lan");
    machine.system = GuestSystem.WINDOWS;

    assertThat(warnings()).singleElement().asString().contains("UTC", "clock.timezone");
  }
}
