package io.hyper2kvm.guest.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of cloud-init systemd starts. */
class CloudUnitsTest {

  private static Set<String> paths(String names, String folder) {
    return Arrays.stream((names == null ? "" : names).split(" "))
        .filter(name -> !name.isEmpty())
        .map(name -> folder + name.replace("T/", "cloud-init.target.wants/"))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @CsvSource({
    // the vendor's units, the links (T/ of the target), the masks, whether it is off
    ", , , false",
    "cloud-init.service cloud-init-local.service, T/cloud-init.service T/cloud-init-local.service, , false",
    "cloud-init.service cloud-init-local.service, , , true",
    "cloud-init.service, T/cloud-init.service, cloud-init.service, true",
    "cloud-init.service cloud-init-local.service, T/cloud-init.service T/cloud-init-local.service, cloud-init.service, false",
    "cloud-init.service cloud-init-local.service, T/cloud-init.service T/cloud-init-local.service, cloud-init.service cloud-init-local.service, true",
    "cloud-init.service, T/cloud-init.service, cloud-init.target, true",
    "cloud-init.service, multi-user.target.wants/cloud-init.service, cloud-init.target, false",
    ", , cloud-init.service, true",
    "cloud-init-main.service cloud-init-network.service, T/cloud-init-main.service T/cloud-init-network.service, cloud-init-main.service, true",
    "cloud-init-main.service, T/cloud-init-main.service, , false",
    "cloud-init-hotplugd.service, , , false",
    "cloud-init.service, T/cloud-init-hotplugd.service, , true",
  })
  void unitsThatAreMaskedOrNotLinkedStartNothing(
      String units, String links, String masks, boolean off) {
    Set<String> found = paths(units, "/usr/lib/systemd/system/");
    found.addAll(paths(links, "/etc/systemd/system/"));

    assertThat(CloudUnits.isOff(found, paths(masks, "/etc/systemd/system/"))).isEqualTo(off);
  }
}
