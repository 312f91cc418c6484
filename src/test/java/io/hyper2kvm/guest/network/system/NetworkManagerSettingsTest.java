package io.hyper2kvm.guest.network.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.network.Guest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices that NetworkManager leaves alone or treats in a way of their own. */
class NetworkManagerSettingsTest {

  private static final String A = "00:50:56:00:00:01";
  private static final String B = "00:50:56:00:00:02";
  private static final String MAIN = "/etc/NetworkManager/NetworkManager.conf";
  private static final String MORE = "/etc/NetworkManager/conf.d/90-own.conf";

  /** A guest whose first card is configured by ifupdown, and the second one known by a keyfile. */
  private static Guest guest(String file, String line) {
    return Guest.with("/etc/network/interfaces", "auto ens192\niface ens192 inet dhcp\n")
        .and(
            "/etc/NetworkManager/system-connections/b.nmconnection",
            "[connection]\nid=b\nuuid=u\ntype=ethernet\ninterface-name=ens224\n\n[ethernet]\nmac-address="
                + B
                + "\n")
        .and(file, "[keyfile]\n" + line + "\n")
        .vmware(A + " 192", B + " 224");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unmanaged-devices=mac:00:50:56:00:00:01 | unmanaged-devices=interface-name:ens192",
        "unmanaged-devices=mac:00:50:56:00:00:02;type:wifi | unmanaged-devices=interface-name:ens224;type:wifi",
        "unmanaged-devices=*,except:mac:00:50:56:00:00:01 | unmanaged-devices=*,except:interface-name:ens192",
        "unmanaged-devices+=mac:00:50:56:00:00:01 | unmanaged-devices+=interface-name:ens192",
        "no-auto-default=00:50:56:00:00:01,00:50:56:00:00:02 | no-auto-default=interface-name:ens192,interface-name:ens224",
        "no-auto-default=* | no-auto-default=*",
        "match-device=mac:00:50:56:00:00:02 | match-device=interface-name:ens224",
        "ignore-carrier=driver:vmxnet3 | ignore-carrier=driver:virtio_net",
        "unmanaged-devices=interface-name:docker0 | unmanaged-devices=interface-name:docker0",
      })
  void aDeviceByItsAddressIsNamed(String before, String after) {
    for (String file : new String[] {MAIN, MORE}) {
      assertThat(guest(file, before).full().succeeds().after(file))
          .isEqualTo("[keyfile]\n" + after + "\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unmanaged-devices=mac:00:0c:29:11:22:33",
        "no-auto-default=00:0c:29:11:22:33",
        "unmanaged-devices=*,except:mac:00:0c:29:11:22:33",
        "match-device=mac:00:0C:29:11:22:33",
        "unmanaged-devices=mac:00-0c-29-11-22-33;type:wifi"
      })
  void aDeviceThatNoFileNamesIsToldWithFileAndLine(String line) {
    Guest guest =
        Guest.with("/etc/network/interfaces", "auto ens192\niface ens192 inet dhcp\n")
            .and("/etc/network/interfaces.d/b", "auto ens224\niface ens224 inet dhcp\n")
            .and(MORE, "[keyfile]\n" + line + "\n")
            .cards(2)
            .full();

    guest.unchanged(MORE).warns(MORE + " line 2", "00:0c:29:11:22:33", "interface-name:");
  }

  @Test
  void aSettingThatIsNoListOfDevicesStays() {
    guest(MAIN, "hostname-mode=none\nplugins=ifcfg-rh,keyfile").full().unchanged(MAIN);
  }
}
