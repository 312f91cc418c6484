package io.hyper2kvm.stage.fix;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.GuestToolsMode;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.FakeGuest;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The labels of what a removal of guest tools writes in a guest with SELinux. */
class RemovalLabelsTest extends FixedGuest {

  private static final String CONTEXTS = "/etc/selinux/targeted/contexts/files/file_contexts";
  private static final String MARK = "/.hyper2kvm-start";
  private static final String WITH_TOOLS = "install ok installed\topen-vm-tools\t12.2\nexit 0\n";

  private final List<String> written = new ArrayList<>();
  private String found = "";

  @BeforeEach
  void enforcing() {
    jobs.fix =
        new FixSpec(
            Optional.of(FstabMode.STABILIZE_ALL),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(GuestToolsMode.REMOVE));
    guest
        .file(ROOT, "/usr/bin/vmtoolsd", "x")
        .file(ROOT, "/usr/bin/dpkg", "x")
        .file(ROOT, "/etc/passwd", "root:x:0:0::/root:/bin/sh\n")
        .file(ROOT, "/etc/selinux/config", "SELINUX=enforcing\nSELINUXTYPE=targeted\n")
        .file(
            ROOT,
            CONTEXTS,
            """
            /.*	system_u:object_r:default_t:s0
            /etc(/.*)?	system_u:object_r:etc_t:s0
            /var(/.*)?	system_u:object_r:var_t:s0
            /var/lib(/.*)?	system_u:object_r:var_lib_t:s0
            /var/lib/rpm(/.*)?	system_u:object_r:rpm_var_lib_t:s0
            /var/lib/dpkg(/.*)?	system_u:object_r:dpkg_var_lib_t:s0
            /usr/lib/sysimage/rpm(/.*)?	system_u:object_r:rpm_var_lib_t:s0
            /etc/systemd/system(/.*)?	system_u:object_r:systemd_unit_file_t:s0
            /etc/passwd	--	system_u:object_r:passwd_file_t:s0
            /etc/ld\\.so\\.cache	--	system_u:object_r:ld_so_cache_t:s0
            /var/log(/.*)?	system_u:object_r:var_log_t:s0
            """);
    for (String folder : List.of("/", "/etc", "/var", "/var/lib", "/var/log", "/usr", "/usr/lib")) {
      label(folder, type(folder));
    }
    label("/etc/fstab", "etc_t");
    guest.onSh = this::answer;
  }

  private static String type(String folder) {
    return Map.of(
            "/etc", "etc_t", "/var", "var_t", "/var/lib", "var_lib_t", "/var/log", "var_log_t")
        .getOrDefault(folder, "default_t");
  }

  private void label(String path, String type) {
    guest.labels.put(path, "system_u:object_r:" + type + ":s0\0");
  }

  /** The guest's shell: a package manager that removes by writing {@link #written}, and find. */
  private void answer() {
    List<String> words = guest.commands.get(guest.commands.size() - 1);
    String command = words.get(1);
    boolean removed = !guest.fileSystems.get(ROOT).containsKey("/usr/bin/vmtoolsd");
    if (command.contains("find / ")) {
      guest.shAnswer = found;
    } else if (command.contains("dpkg-query")) {
      guest.shAnswer = removed ? "exit 0\n" : WITH_TOOLS;
    } else {
      guest.shAnswer = "exit 0\n";
      if (!command.contains("--no-act")) {
        guest.fileSystems.get(ROOT).remove("/usr/bin/vmtoolsd");
        written.forEach(path -> guest.file(ROOT, path, "anew"));
        written.forEach(guest.labels::remove);
      }
    }
  }

  private void removalWrites(String... paths) {
    written.addAll(List.of(paths));
    found = String.join("\n", paths) + "\nexit 0\n";
  }

  private Map<?, ?> selinux() {
    return (Map<?, ?>) JobOutcome.of(job).stages().get(StageName.FIX).details().get("selinux");
  }

  @ParameterizedTest
  @CsvSource({
    "/var/lib/dpkg/status,dpkg_var_lib_t",
    "/var/lib/rpm/rpmdb.sqlite,rpm_var_lib_t",
    "/usr/lib/sysimage/rpm/Packages.db,rpm_var_lib_t",
    "/etc/systemd/system/multi-user.target.wants/ssh.service,systemd_unit_file_t",
    "/etc/ld.so.cache,ld_so_cache_t",
    "/etc/passwd,passwd_file_t",
    "/var/log/dpkg.log,var_log_t",
  })
  void whatTheRemovalWroteAnewGetsThePolicysLabel(String path, String type) throws IOException {
    removalWrites(path);

    fix();

    assertThat(guest.labels).containsEntry(path, "system_u:object_r:" + type + ":s0\0");
    assertThat(selinux().get("labels_set").toString()).contains("file=" + path);
    assertThat(guest.fileSystems.get(ROOT)).doesNotContainKey("/.autorelabel");
  }

  @Test
  void newFoldersOfTheRemovalGetLabelsWithTheirFiles() throws IOException {
    removalWrites("/var/lib/systemd/deb-systemd-helper-enabled/x.timer");

    fix();

    assertThat(guest.labels)
        .containsEntry("/var/lib/systemd", "system_u:object_r:var_lib_t:s0\0")
        .containsEntry(
            "/var/lib/systemd/deb-systemd-helper-enabled", "system_u:object_r:var_lib_t:s0\0");
  }

  @Test
  void whatHasALabelKeepsIt() throws IOException {
    removalWrites("/etc/passwd");
    found = "/etc/passwd\n/var/lib\nexit 0\n";
    label("/var/lib", "my_t");

    fix();

    assertThat(guest.labels).containsEntry("/var/lib", "system_u:object_r:my_t:s0\0");
  }

  @Test
  void theMarkIsGoneAtTheEnd() throws IOException {
    removalWrites("/etc/passwd");

    fix();

    assertThat(guest.fileSystems.get(ROOT)).doesNotContainKey(MARK);
    assertThat(guest.commands)
        .filteredOn(words -> words.contains(MARK))
        .extracting(words -> words.get(0))
        .containsExactly("-touch", "-lstatns", "-utimens", "-rm-f");
    assertThat(guest.commands).contains(List.of("-utimens", MARK, "0", "0", "1699999998", "0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "exit 127\n",
        "/etc/passwd\nexit 1\n",
        "/etc/passwd\nexit 124\n",
        "/etc/passwd\n/etc/\ufffd\nexit 0\n"
      })
  void whereNotAllIsFoundAnEnforcingGuestRelabelsItself(String answer) throws IOException {
    removalWrites("/etc/passwd");
    found = answer;

    fix();

    assertThat(guest.fileSystems.get(ROOT)).containsKey("/.autorelabel");
    assertThat(JobOutcome.of(job).warnings())
        .anyMatch(w -> w.startsWith("Not all files that the guest's programs wrote are known"));
  }

  @Test
  void tooManyFilesLeadToARelabelling() throws IOException {
    removalWrites("/etc/passwd");
    found = "/etc/x\n".repeat(2001) + "exit 0\n";

    fix();

    assertThat(guest.fileSystems.get(ROOT)).containsKey("/.autorelabel");
    assertThat(JobOutcome.of(job).warnings()).anyMatch(w -> w.contains("more than 2000"));
  }

  @Test
  void aPermissiveGuestIsWarnedOf() throws IOException {
    guest.file(ROOT, "/etc/selinux/config", "SELINUX=permissive\nSELINUXTYPE=targeted\n");
    removalWrites("/etc/passwd");
    found = "exit 127\n";

    fix();

    assertThat(guest.fileSystems.get(ROOT)).doesNotContainKey("/.autorelabel");
    assertThat(JobOutcome.of(job).warnings())
        .anyMatch(w -> w.contains("exit code 127") && w.contains("restorecon"));
  }

  @Test
  void whereNothingIsRemovedNothingIsSearched() throws IOException {
    guest.fileSystems.get(ROOT).remove("/usr/bin/vmtoolsd");

    fix();

    assertThat(guest.commands).noneMatch(words -> words.contains(MARK));
  }

  @Test
  void withoutSelinuxNothingIsSearched() throws IOException {
    guest.file(ROOT, "/etc/selinux/config", "SELINUX=disabled\n");
    removalWrites("/etc/passwd");

    fix();

    assertThat(guest.commands).noneMatch(words -> words.contains(MARK));
  }

  @Test
  void otherFileSystemsWithLabelsAreSearchedAndNamesThatAShellReadsAreNot() throws IOException {
    guest
        .partition("/dev/sda6", "ext4", "6666-var")
        .partition("/dev/sda7", "xfs", "7777-odd")
        .file(
            ROOT,
            "/etc/fstab",
            "/dev/sda1 / ext4 x 0 1\nUUID=6666-var /var ext4 x 0 2\nUUID=7777-odd /$(id) xfs x 0 2\n");
    label("/var", "var_t");
    guest.file("/dev/sda6", "/lib/dpkg/status", "x");
    removalWrites("/etc/passwd");

    fix();

    assertThat(guest.commands)
        .filteredOn(words -> words.get(0).equals("-sh") && words.get(1).contains("find / "))
        .singleElement()
        .satisfies(words -> assertThat(words.get(1)).contains("find / /var -xdev"))
        .satisfies(words -> assertThat(words.get(1)).doesNotContain("$(id)"));
  }

  @Test
  void theServiceOfTheFirstBootGetsThePolicysLabels() throws IOException {
    guest.file(ROOT, "/bin/sh", FakeGuest.elf(183));

    fix();

    assertThat(guest.labels)
        .containsEntry(
            "/etc/systemd/system/hyper2kvm-firstboot.service",
            "system_u:object_r:systemd_unit_file_t:s0\0")
        .containsEntry("/etc/hyper2kvm/remove-guest-tools", "system_u:object_r:etc_t:s0\0");
    assertThat(guest.commands).noneMatch(words -> words.contains(MARK));
  }
}
