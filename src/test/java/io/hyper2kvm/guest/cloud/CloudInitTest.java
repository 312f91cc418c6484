package io.hyper2kvm.guest.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.FileEdit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine that was moved stays the instance that it is. */
class CloudInitTest {

  private final SortedMap<String, String> texts =
      new TreeMap<>(Map.of(CloudConfig.FILE, "users:\n - default\ndisable_root: true\n"));
  private Set<String> labels = Set.of();
  private boolean cached = true;

  private CloudInit of(String datasource) {
    return CloudInit.of(true, datasource, "iid-1\n", cached, false, false, labels, texts);
  }

  private CloudInit vmware() {
    return of("DataSourceVMware: DataSourceVMware [seed=guestinfo]");
  }

  private String dropIn(CloudInit cloud) {
    return cloud.plan().files().stream()
        .filter(edit -> edit.file().equals(CloudInit.DROP_IN))
        .findFirst()
        .flatMap(FileEdit::after)
        .orElse("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DataSourceVMware: DataSourceVMware [seed=guestinfo]",
        "DataSourceOVF: DataSourceOVF [seed=com.vmware.guestInfo]",
        "DataSourceAzure: DataSourceAzure [seed=/dev/sr0]",
        "DataSourceEc2Local: DataSourceEc2Local",
        "DataSourceGCE",
        "DataSourceNoCloud: DataSourceNoCloud [seed=/dev/sr0][dsmode=net]",
        "DataSourceNoCloud: DataSourceNoCloud [seed=dmi]",
        "DataSourceConfigDrive: DataSourceConfigDrive [net,ver=2][source=/dev/sr0]"
      })
  void aDataSourceOfTheOldHypervisorMakesANewInstance(String datasource) {
    CloudInit cloud = of(datasource);

    assertThat(cloud.becomesNewInstance()).isTrue();
    assertThat(cloud.warning().orElseThrow())
        .startsWith("/etc/cloud/cloud.cfg: ")
        .contains(datasource.split(":")[0], "iid-1", "fix.network");
    assertThat(dropIn(cloud))
        .contains(
            "\nmanual_cache_clean: true\nssh_deletekeys: false\nnetwork: {config: disabled}\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DataSourceNone: DataSourceNone",
        "DataSourceNoCloud: DataSourceNoCloud [seed=/var/lib/cloud/seed/nocloud-net][dsmode=net]",
        "DataSourceNoCloud: DataSourceNoCloud [seed=/var/lib/cloud/seed/nocloud]",
        "DataSourceNoCloud: DataSourceNoCloud [seed=/dev/sdb][dsmode=net]",
        ""
      })
  void aDataSourceOnTheDisksMovesWithTheMachine(String datasource) {
    labels = Set.of("root", "cidata");

    assertThat(of(datasource).becomesNewInstance()).isFalse();
    assertThat(of(datasource).warning()).isEmpty();
    assertThat(of(datasource).plan().files()).isEmpty();
  }

  @Test
  void cloudInitThatIsSwitchedOffDoesNothing() {
    CloudInit off =
        CloudInit.of(false, "DataSourceVMware", "i", true, false, false, Set.of(), texts);

    assertThat(off.becomesNewInstance()).isFalse();
  }

  @Test
  void anInstanceThatIsKeptAlreadyStays() {
    texts.put(CloudConfig.FOLDER + "10-keep.cfg", "manual_cache_clean: True\n");

    assertThat(vmware().becomesNewInstance()).isFalse();
  }

  @Test
  void aSecondPlanChangesNothing() {
    texts.put(CloudInit.DROP_IN, dropIn(vmware()));

    assertThat(vmware().becomesNewInstance()).isFalse();
    assertThat(vmware().plan().files()).isEmpty();
  }

  @Test
  void withoutKeptDataNetworkAndKeysAreProtected() {
    cached = false;

    assertThat(dropIn(vmware())).contains("ssh_deletekeys: false\nnetwork: {config: disabled}\n");
    assertThat(dropIn(vmware())).doesNotContain("manual_cache_clean");
    texts.put(CloudInit.DROP_IN, dropIn(vmware()));
    assertThat(vmware().becomesNewInstance()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "network: {config: disabled}\n",
        "network:\n  config: disabled\n",
        "network: { config: 'disabled' }  # by hand\n",
        "\"network\":\n    \"config\": \"disabled\"\n",
        "ssh_pwauth: 1\nnetwork:\n  # off\n  config: disabled\n"
      })
  void aNetworkThatIsLeftAloneAlreadyIsNotNamedAgain(String text) {
    texts.put(CloudConfig.FOLDER + "99-disable-network-config.cfg", text);

    assertThat(dropIn(vmware())).contains("ssh_deletekeys: false\n").doesNotContain("network:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "network:\n  version: 2\n",
        "#network: {config: disabled}\n",
        "other:\n  config: disabled\n",
        "network: {config: enabled}\n",
        "network:\n  version: 1\n  config:\n  - type: physical\n"
      })
  void anotherNetworkSettingDoesNotCount(String text) {
    texts.put(CloudConfig.FOLDER + "50-net.cfg", text);

    assertThat(dropIn(vmware())).contains("network: {config: disabled}");
  }

  @Test
  void aFileThatIsReadLaterAndContradictsIsToldOf() {
    texts.put(CloudConfig.FOLDER + "zzz.cfg", "ssh_deletekeys: true\n");

    assertThat(vmware().plan().warnings()).singleElement().asString().contains("says otherwise");
  }

  @Test
  void theEvidenceNamesEachSetting() {
    assertThat(vmware().plan().files().get(0).changes())
        .extracting(Change::after)
        .isEqualTo(
            List.of(
                "manual_cache_clean: true",
                "ssh_deletekeys: false",
                "network: {config: disabled}"));
  }

  @ParameterizedTest
  @CsvSource({
    // the file, the policy, the command lines, whether it is off
    "false, '', root=/dev/sda1, false",
    "true, '', root=/dev/sda1, true",
    "true, '', '', true",
    "true, '', root=/dev/sda1 cloud-init=enabled, false",
    "true, '', root=1;root=2 cloud-init=enabled, false",
    "false, '', root=/dev/sda1 cloud-init=disabled, true",
    "false, '', root=/dev/sda1 cloud-init=disabledx, false",
    "false, '', root=1 cloud-init=disabled;root=2, false",
    "false, '', root=1 cloud-init=disabled;root=2 cloud-init=disabled, true",
    "false, policy: disabled, '', true",
    "false, 'policy: \"disabled\" # by hand', '', true",
    "false, 'datasource: Ec2;policy: disabled', '', true",
    "false, '#policy: disabled', '', false",
    "false, 'policy: enabled', '', false",
    "false, 'policy: search,found=all,maybe=all,notfound=disabled', '', false",
    "false, policy: disabled, root=1 ci.di.policy=enabled, false",
    "false, policy: enabled, root=1 ci.di.policy=disabled, true",
    "false, '', root=1 ci.di.policy=disabled;root=2, false",
    "true, policy: enabled, '', true",
  })
  void aFileAPolicyOrTheKernelsArgumentsMaySwitchItOff(
      boolean disabled, String policy, String lines, boolean off) {
    List<String> commandLines = lines.isEmpty() ? List.of() : List.of(lines.split(";"));

    assertThat(CloudInit.isOff(disabled, policy.replace(";", "\n"), commandLines)).isEqualTo(off);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0000",
        ":::",
        "DataSourceX: [seed=",
        "[seed=]:",
        "\n\n",
        "a: \u001b[31m [seed=x]"
      })
  void anyDescriptionIsTaken(String description) {
    assertThat(of(description).plan().failures()).isEmpty();
  }
}
