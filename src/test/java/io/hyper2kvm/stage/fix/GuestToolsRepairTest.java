package io.hyper2kvm.stage.fix;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.firstboot.RemovalScript;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.GuestToolsMode;
import io.hyper2kvm.manifest.model.NetworkLevel;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.FakeGuest;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The former hypervisor's tools in a guest in memory, whose package manager answers by a list. */
class GuestToolsRepairTest extends FixedGuest {

  private static final String QUERY =
      "install ok installed\topen-vm-tools\t2:12.2.0\ninstall ok installed\tbash\t5\nexit 0\n";
  private static final String NONE_LEFT = "install ok installed\tbash\t5\nexit 0\n";
  private static final String WANTS =
      "/etc/systemd/system/multi-user.target.wants/hv-kvp-daemon.service";

  private final Deque<String> answers = new ArrayDeque<>();

  private void asks(GuestToolsMode mode, String... said) {
    jobs.fix = spec(Optional.ofNullable(mode), FstabMode.STABILIZE_ALL, null);
    answers.addAll(List.of(said));
    guest.onSh = () -> guest.shAnswer = answers.isEmpty() ? "" : answers.removeFirst();
  }

  private static FixSpec spec(
      Optional<GuestToolsMode> mode, FstabMode fstab, NetworkLevel network) {
    return new FixSpec(
        Optional.ofNullable(fstab),
        Optional.empty(),
        Optional.empty(),
        Optional.ofNullable(network),
        mode);
  }

  private void withTools() {
    guest.file(ROOT, "/usr/bin/vmtoolsd", "x");
    withDpkg();
  }

  private void withDpkg() {
    guest.file(ROOT, "/usr/bin/dpkg", "x").file(ROOT, "/var/lib/dpkg/status", "x");
  }

  private Map<String, Object> applied(String fix) {
    Map<String, Object> found = new LinkedHashMap<>();
    applied().stream()
        .map(entry -> (Map<?, ?>) entry)
        .filter(entry -> fix.equals(entry.get("fix")))
        .forEach(entry -> entry.forEach((key, value) -> found.put(String.valueOf(key), value)));
    return found;
  }

  private Map<String, Object> inspected() {
    return JobOutcome.of(job).stages().get(StageName.INSPECT).details();
  }

  private List<String> warnings() {
    return JobOutcome.of(job).warnings();
  }

  @Test
  void aGuestWithoutToolsIsNotSpokenOf() throws IOException {
    asks(null);
    fix();

    assertThat(applied()).hasSize(1);
    assertThat(applied("guest_tools")).isEmpty();
    assertThat(inspected())
        .containsEntry("guest_tools", List.of())
        .containsEntry("guest_agent", false)
        .doesNotContainKey("cloud_init");
  }

  @Test
  void whatDelaysTheBootIsDisabledWithAnyFix() throws IOException {
    asks(null);
    guest.file(ROOT, WANTS, "[Unit]\nBindsTo=sys-devices-virtual-misc-vmbus\\x21hv_kvp.device\n");
    guest.file(
        ROOT,
        "/etc/fstab",
        guest.text(ROOT, "/etc/fstab") + ".host:/ /mnt/hgfs vmhgfs defaults 0 0\n");
    fix();

    assertThat(guest.fileSystems.get(ROOT)).doesNotContainKey(WANTS);
    assertThat(guest.text(ROOT, "/etc/fstab"))
        .contains("UUID=1111-root / ext4", ".host:/ /mnt/hgfs vmhgfs defaults,nofail 0 0");
    assertThat(applied("guest_tools").get("status")).isEqualTo("applied");
  }

  @Test
  void switchedOffNothingChangesAndAPersonIsTold() throws IOException {
    asks(GuestToolsMode.LEFT_ALONE);
    guest.file(ROOT, WANTS, "[Unit]\nBindsTo=sys-devices-virtual-misc-vmbus\\x21hv_kvp.device\n");
    fix();

    assertThat(guest.fileSystems.get(ROOT)).containsKey(WANTS);
    assertThat(warnings()).anyMatch(w -> w.startsWith(WANTS + ": ") && w.contains("90 seconds"));
    assertThat(applied("guest_tools")).isEmpty();
  }

  @Test
  void aTableThatShallStayIsToldOf() throws IOException {
    jobs.fix = spec(Optional.empty(), FstabMode.NOOP, null);
    guest.file(ROOT, "/etc/fstab", "/dev/sda1 / ext4 x 0 1\n.host:/ /h vmhgfs defaults 0 0\n");
    fix();

    assertThat(guest.text(ROOT, "/etc/fstab")).contains("vmhgfs defaults 0 0");
    assertThat(warnings())
        .anyMatch(w -> w.startsWith("/etc/fstab:2: vmhgfs") && w.contains("mode noop"));
  }

  @Test
  void keepingToolsThatAreNotThereIsNotApplicable() throws IOException {
    asks(GuestToolsMode.KEEP);
    fix();

    assertThat(applied("guest_tools"))
        .containsEntry("status", "not_applicable")
        .containsEntry("mode", "keep");
  }

  @Test
  void packagesAreRemovedWithTheirVersionsInTheReport() throws IOException {
    withTools();
    asks(GuestToolsMode.REMOVE, QUERY, "exit 0\n", "exit 0\n", NONE_LEFT);
    Runnable next = guest.onSh;
    guest.onSh =
        () -> {
          next.run();
          if (answers.isEmpty()) {
            guest.fileSystems.get(ROOT).remove("/usr/bin/vmtoolsd");
          }
        };
    fix();

    assertThat(applied("guest_tools"))
        .containsEntry("status", "applied")
        .containsEntry(
            "packages_removed", List.of(Map.of("name", "open-vm-tools", "version", "2:12.2.0")));
    assertThat(guest.commands)
        .filteredOn(words -> words.get(0).equals("-sh"))
        .extracting(words -> words.get(1))
        .satisfiesExactly(
            query -> assertThat(query).contains("dpkg-query -W"),
            simulated -> assertThat(simulated).contains("dpkg --no-act --purge open-vm-tools;"),
            removed -> assertThat(removed).contains("dpkg --purge open-vm-tools;"),
            again -> assertThat(again).contains("dpkg-query -W"));
  }

  @Test
  void aFileThatWentWithItsPackageDoesNotComeBackAndTheRestIsDisabled() throws IOException {
    withTools();
    String gone = "/etc/modules-load.d/open-vm-tools.conf";
    guest.file(ROOT, gone, "vmhgfs\n");
    guest.file(ROOT, "/etc/modules", "xen-blkfront\n");
    asks(GuestToolsMode.REMOVE, QUERY, "exit 0\n", "exit 0\n", NONE_LEFT);
    Runnable next = guest.onSh;
    guest.onSh =
        () -> {
          next.run();
          if (answers.isEmpty()) {
            guest.fileSystems.get(ROOT).remove("/usr/bin/vmtoolsd");
            guest.fileSystems.get(ROOT).remove(gone);
          }
        };
    fix();

    assertThat(guest.fileSystems.get(ROOT)).doesNotContainKey(gone);
    assertThat(guest.text(ROOT, "/etc/modules")).isEqualTo("# xen-blkfront\n");
  }

  @Test
  void whereAnotherPackageNeedsThemNothingIsRemoved() {
    withTools();
    asks(
        GuestToolsMode.REMOVE,
        QUERY,
        "dpkg: dependency problems prevent removal of open-vm-tools:\n site-agent depends on it\nexit 1\n");

    assertFails(FailureCode.FIX_GUEST_TOOLS_FAILED, "site-agent depends on it");
    assertThat(answers).isEmpty();
  }

  @Test
  void whatStaysInstalledIsAFailure() {
    withTools();
    asks(GuestToolsMode.REMOVE, QUERY, "exit 0\n", "error: no space\nexit 2\n", QUERY);

    assertFails(
        FailureCode.FIX_GUEST_TOOLS_FAILED, "did not remove [open-vm-tools]: error: no space");
  }

  @Test
  void programsInNoPackageAreAFailure() {
    withTools();
    asks(GuestToolsMode.REMOVE, NONE_LEFT);

    assertFails(FailureCode.FIX_GUEST_TOOLS_FAILED, "/usr/bin/vmtoolsd");
  }

  @Test
  void aGuestWithoutToolsIsNotApplicable() throws IOException {
    withDpkg();
    asks(GuestToolsMode.REMOVE, NONE_LEFT);
    fix();

    assertThat(applied("guest_tools")).containsEntry("status", "not_applicable");
  }

  @Test
  void theVendorsUninstallerTakesOutWhatIsInNoPackage() throws IOException {
    guest.file(ROOT, "/etc/vmware-tools/locations", "answer BINDIR /usr/bin\n");
    asks(GuestToolsMode.REMOVE, "exit 0\n");
    Runnable next = guest.onSh;
    guest.onSh =
        () -> {
          next.run();
          guest.fileSystems.get(ROOT).remove("/etc/vmware-tools/locations");
        };
    fix();

    assertThat(applied("guest_tools").toString())
        .contains("status=applied", "/usr/bin/vmware-uninstall-tools.pl took them out");
  }

  @Test
  void anUninstallerThatFailsIsAFailure() {
    guest.file(ROOT, "/etc/vmware-tools/locations", "answer BINDIR /usr/bin\n");
    asks(GuestToolsMode.REMOVE, "perl: not found\nexit 127\n");

    assertFails(FailureCode.FIX_GUEST_TOOLS_FAILED, "perl: not found");
  }

  @Test
  void aGuestWhoseShellDoesNotRunRemovesThemAtItsFirstBoot() throws IOException {
    withTools();
    asks(GuestToolsMode.REMOVE);
    fix();

    assertThat(guest.text(ROOT, RemovalScript.SCRIPT)).startsWith("#!/bin/sh\n");
    assertThat(warnings())
        .anyMatch(w -> w.startsWith(RemovalScript.SCRIPT) && w.contains("first boot"));
    assertThat(applied("guest_tools"))
        .containsEntry("removed_at_first_boot", RemovalScript.SCRIPT)
        .containsEntry("status", "applied");
  }

  @Test
  void aGuestForAnotherProcessorIsNotEvenAsked() throws IOException {
    withTools();
    guest.file(ROOT, "/bin/sh", FakeGuest.elf(183));
    asks(GuestToolsMode.REMOVE);
    fix();

    assertThat(guest.commands).noneMatch(words -> words.get(0).equals("-sh"));
    assertThat(warnings()).anyMatch(w -> w.contains("the processor aarch64"));
  }

  private void withCloudInit() {
    guest
        .file(ROOT, "/usr/bin/cloud-init", "x")
        .file(ROOT, "/etc/cloud/cloud.cfg", "users: [default]\n")
        .file(
            ROOT, "/var/lib/cloud/instance/datasource", "DataSourceOVF: DataSourceOVF [seed=iso]\n")
        .file(ROOT, "/var/lib/cloud/instance/obj.pkl", "x")
        .file(ROOT, "/var/lib/cloud/data/instance-id", "iid-7\n");
  }

  @Test
  void ofAMaskedCloudInitNothingIsSaidOrChanged() throws IOException {
    withCloudInit();
    guest.links.put("/etc/systemd/system/cloud-init.service", "/dev/null");
    jobs.fix = spec(Optional.empty(), null, NetworkLevel.FULL);
    fix();

    assertThat(guest.fileSystems.get(ROOT))
        .doesNotContainKey("/etc/cloud/cloud.cfg.d/zz-hyper2kvm.cfg");
    assertThat(warnings()).noneMatch(w -> w.contains("cloud-init"));
    assertThat(inspected()).doesNotContainKey("cloud_init");
  }

  @Test
  void cloudInitIsKeptFromANewInstanceByTheNetworksFix() throws IOException {
    withCloudInit();
    jobs.fix = spec(Optional.empty(), null, NetworkLevel.FULL);
    fix();

    assertThat(guest.text(ROOT, "/etc/cloud/cloud.cfg.d/zz-hyper2kvm.cfg"))
        .contains("manual_cache_clean: true", "ssh_deletekeys: false", "{config: disabled}");
    assertThat(applied("network").get("status")).isEqualTo("applied");
    assertThat(warnings()).noneMatch(w -> w.contains("cloud-init"));
    assertThat(inspected())
        .containsEntry(
            "cloud_init",
            Map.of("datasource", "DataSourceOVF", "instance", "iid-7", "new_instance", true));
  }

  @Test
  void withoutTheNetworksFixANewInstanceIsAWarning() throws IOException {
    withCloudInit();
    jobs.fix = spec(Optional.empty(), null, NetworkLevel.BASIC);
    fix();

    assertThat(guest.fileSystems.get(ROOT))
        .doesNotContainKey("/etc/cloud/cloud.cfg.d/zz-hyper2kvm.cfg");
    assertThat(warnings())
        .anyMatch(
            w -> w.startsWith("/etc/cloud/cloud.cfg: cloud-init was started by DataSourceOVF"));
  }
}
