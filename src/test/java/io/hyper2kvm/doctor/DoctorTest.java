package io.hyper2kvm.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.config.ConfigKey;
import io.hyper2kvm.config.ConfigSources;
import io.hyper2kvm.config.DaemonConfigLoader;
import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.RoutesConfig;
import io.hyper2kvm.config.SourcesConfig;
import io.hyper2kvm.config.ToolsConfig;
import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.signature.TestKeys;
import io.hyper2kvm.tool.ToolUser;
import io.hyper2kvm.tool.ToolVersion;
import io.hyper2kvm.workflow.WorkflowDirectories;
import io.hyper2kvm.workflow.WorkflowLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All checks on a machine made of a folder, with tools that are scripts. */
class DoctorTest {

  private static final String QEMU_IMG =
      """
      #!/bin/sh
      case $1 in
        --version) echo 'qemu-img version 8.2.1 (Debian 1:8.2.1)' ;;
        convert) for last; do :; done; echo >"$last" ;;
      esac
      """;

  /** Prints what the script's echo lines ask for, and one disk. */
  private static final String GUESTFISH =
      """
      #!/bin/sh
      if [ "$1" = --version ]; then echo 'guestfish 1.52.0'; exit; fi
      while read -r command word; do
        case $command in
          echo) echo "$word" | tr -d '"' ;;
          -list-devices) echo /dev/sda ;;
        esac
      done
      """;

  @TempDir Path folder;
  private final Map<ConfigKey<?>, List<String>> flags = new HashMap<>();
  private Clock clock = Clock.systemUTC();
  private Finding routes = Finding.ok("Routes", "in order");
  private long user = 1000;
  private Duration patience = Duration.ofSeconds(10);

  @BeforeEach
  void healthyMachine() throws IOException {
    folder = folder.toRealPath();
    tool("qemu-img", QEMU_IMG);
    tool("guestfish", GUESTFISH);
    tool("qemu-system-x86_64", "#!/bin/sh\necho 'QEMU emulator version 8.2.1'\n");
    tool("tesseract", "#!/bin/sh\necho 'tesseract 5.3.0' >&2\n");
    for (String directory : List.of("proc/self", "boot", "lib/modules/6.1.0", "usr/share/OVMF")) {
      Files.createDirectories(folder.resolve("root").resolve(directory));
    }
    write("boot/vmlinuz-6.1.0", "kernel");
    write("usr/share/OVMF/OVMF_CODE_4M.fd", "");
    write("usr/share/OVMF/OVMF_VARS_4M.fd", "");
    write("proc/self/limits", "Max open files            4096      4096      files\n");
    write("proc/meminfo", "MemAvailable:   8388608 kB\n");
    flags.put(WorkflowConfig.MANIFEST_WORKFLOW_DIR, List.of(folder + "/flow"));
    flags.put(OutputConfig.OUTPUT_DIR, List.of(folder + "/out"));
    flags.put(RoutesConfig.ROUTES_DIR, List.of(Path.of("routes").toAbsolutePath().toString()));
    flags.put(ToolsConfig.KVM, List.of("off"));
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve("root").resolve(file), text);
  }

  private void tool(String name, String script) throws IOException {
    Path file = Files.createDirectories(folder.resolve("tools")).resolve(name);
    Files.writeString(file, script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Map<String, Finding> findings() throws Exception {
    var sources =
        new ConfigSources(Optional.empty(), Map.of(), flags, Map.of(), folder, Optional.empty());
    // The fake tools come first; the scripts need a shell's own commands behind them.
    var environment = Map.of("PATH", folder + "/tools:/usr/bin:/bin");
    Map<String, Finding> bySubject = new HashMap<>();
    new Doctor(
            DaemonConfigLoader.read(sources),
            () -> routes,
            environment,
            folder.resolve("root"),
            user,
            clock,
            patience)
        .run(false, (heading, finding) -> bySubject.put(finding.subject(), finding));
    return bySubject;
  }

  private Finding finding(String subject) throws Exception {
    return findings().get(subject);
  }

  @Test
  void keysOfEncryptedGuestsThatCannotBeReadAreTold() throws Exception {
    Path good = Files.writeString(folder.resolve("good.key"), "secret");
    Files.setPosixFilePermissions(good, PosixFilePermissions.fromString("rw-------"));
    flags.put(ToolsConfig.LUKS_KEYS, List.of("vm=*; key_file=" + good));
    assertThat(finding("Encrypted guests").found()).isEqualTo("all 1 keys can be read");

    flags.put(
        ToolsConfig.LUKS_KEYS, List.of("vm=*; key_file=" + good, "vm=*; key_file=/nowhere/key"));
    assertThat(finding("Encrypted guests").level()).isEqualTo(Finding.Level.WARN);
    assertThat(finding("Encrypted guests").found())
        .isEqualTo("key_file /nowhere/key cannot be used: there is no such file");
  }

  @Test
  void whatWindowsGuestsNeedIsToldWhereDriversAreNamed() throws Exception {
    assertThat(finding("Windows guests").level()).isEqualTo(Finding.Level.OK);

    Path drivers = Files.createDirectories(folder.resolve("virtio-win"));
    flags.put(ToolsConfig.VIRTIO_WIN, List.of(drivers.toString()));
    tool("virt-v2v-in-place", "#!/bin/sh\n");
    assertThat(finding("Windows guests").found())
        .contains("usr/share/virt-tools has neither rhsrvany.exe nor pvvxsvc.exe");

    Files.createDirectories(folder.resolve("root/usr/share/virt-tools"));
    write("usr/share/virt-tools/rhsrvany.exe", "MZ");
    assertThat(finding("Windows guests").level()).isEqualTo(Finding.Level.OK);
    assertThat(finding("Windows guests").found()).contains("get drivers from " + drivers);

    flags.put(ToolsConfig.VIRTIO_WIN, List.of(folder.resolve("gone.iso").toString()));
    assertThat(finding("Windows guests").found()).contains("gone.iso is not there");
  }

  @Test
  void healthyMachineHasNothingToSay() throws Exception {
    List<Finding> bad = new ArrayList<>(findings().values());
    assertThat(bad).hasSizeGreaterThan(17);
    bad.removeIf(finding -> finding.level() == Finding.Level.OK);
    // Room on the disk is the machine's that runs the test.
    bad.removeIf(finding -> finding.found().contains(" free on "));
    assertThat(bad).isEmpty();
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    findings();
    assertThat(folder.resolve("flow")).doesNotExist();
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo 'qemu-img version 5.0.1'|5.0 (@), which is too old",
        "exit 3|@ does not say its version (exit code 3): nothing said",
        "printf 'no \\033[31mversion'|@ does not say its version (exit code 0): no ?[31mversion",
        "kill -9 $$|@ does not say its version (exit code 137): nothing said"
      })
  void toolThatDoesNotDoFails(String script, String found) throws Exception {
    tool("qemu-img", "#!/bin/sh\n" + script + "\n");
    Finding finding = finding("qemu-img");
    assertThat(finding.level()).isEqualTo(Finding.Level.FAIL);
    assertThat(finding.found()).isEqualTo(found.replace("@", folder + "/tools/qemu-img"));
  }

  @Test
  void toolThatPrintsWithoutEndIsEnded() throws Exception {
    tool("qemu-img", "#!/bin/sh\nexec yes\n");
    assertThat(finding("qemu-img").level()).isEqualTo(Finding.Level.FAIL);
  }

  @Test
  void hangingToolIsEnded() throws Exception {
    tool("tesseract", "#!/bin/sh\nexec sleep 1000\n");
    patience = Duration.ofSeconds(1);
    Finding finding = finding("tesseract");
    assertThat(finding.level()).isEqualTo(Finding.Level.WARN);
    assertThat(finding.found()).contains("1 s");
  }

  @Test
  void missingToolFails() throws Exception {
    Finding finding =
        new ToolCheck(
                new ToolCheck.Tool(
                    "no-such-tool", "its-package", true, "nothing", new ToolVersion(1, 0)))
            .run(host())
            .get(0);
    assertThat(finding)
        .isEqualTo(
            Finding.fail("no-such-tool", "not found; it is for nothing", "install its-package"));
  }

  private Host host() {
    return new Host(
        true,
        folder,
        0,
        Map.of("PATH", folder + "/tools"),
        folder,
        ToolUser.OWN,
        Duration.ofSeconds(10),
        new Host.KvmAnswer());
  }

  @Test
  void qemuImgWithoutZstdFails() throws Exception {
    tool(
        "qemu-img",
        QEMU_IMG.replace(
            "for last; do :; done; echo >\"$last\"",
            "echo \"Invalid parameter 'zstd'\" >&2; exit 1"));
    Finding finding = finding("zstd");
    assertThat(finding.level()).isEqualTo(Finding.Level.FAIL);
    assertThat(finding.found()).isEqualTo("qemu-img does not write it: Invalid parameter 'zstd'");
  }

  @Test
  void applianceThatDoesNotBootFailsWithItsLastWords() throws Exception {
    tool(
        "guestfish",
        "#!/bin/sh\n[ \"$1\" = --version ] && echo guestfish 1.52.0 && exit\n"
            + "echo 'libguestfs: error: no kernel' >&2\nexit 1\n");
    Finding finding = finding("Appliance");
    assertThat(finding.level()).isEqualTo(Finding.Level.FAIL);
    assertThat(finding.found()).startsWith("does not boot: ");
  }

  @Test
  void applianceThatSeesNoDiskFails() throws Exception {
    tool("guestfish", GUESTFISH.replace("echo /dev/sda", "echo no launch >&2"));
    assertThat(finding("Appliance").found()).isEqualTo("does not boot: no launch");
  }

  @Test
  void applianceGetsTheDaemonsMemoryAndEmulationWithoutKvm() throws Exception {
    flags.put(ToolsConfig.APPLIANCE_MEMORY, List.of("777MiB"));
    tool(
        "guestfish",
        GUESTFISH.replace(
            "while read", "env >%1$s/seen; tee -a %1$s/seen | while read".formatted(folder)));
    findings();
    assertThat(folder.resolve("seen"))
        .content()
        .contains("set-memsize \"777\"", "LIBGUESTFS_BACKEND_SETTINGS=force_tcg");
  }

  @Test
  void kernelThatMayNotBeReadFails() throws Exception {
    Files.delete(folder.resolve("root/boot/vmlinuz-6.1.0"));
    assertThat(finding("Kernel").found()).startsWith("none in /boot");
    write("boot/vmlinuz-7.0.0", "without modules");
    assertThat(finding("Kernel").found()).startsWith("[vmlinuz-7.0.0] in /boot without modules");
  }

  @Test
  void kvmOnWithoutKvmFailsAndAutoWarns() throws Exception {
    flags.put(ToolsConfig.KVM, List.of("on"));
    assertThat(finding("KVM").level()).isEqualTo(Finding.Level.FAIL);
    flags.put(ToolsConfig.KVM, List.of("auto"));
    assertThat(finding("KVM"))
        .extracting(Finding::level, Finding::found)
        .containsExactly(
            Finding.Level.WARN,
            "there is no /dev/kvm: guests and the appliance run in emulation, which works and is"
                + " slower");
  }

  @Test
  void rootIsWarned() throws Exception {
    user = 0;
    assertThat(finding("User").level()).isEqualTo(Finding.Level.WARN);
  }

  @Test
  void fewOpenFilesAndLittleMemoryWarn() throws Exception {
    write("proc/self/limits", "Max open files            256      4096      files\n");
    write("proc/meminfo", "MemAvailable:   1048576 kB\n");
    assertThat(finding("Open files").level()).isEqualTo(Finding.Level.WARN);
    assertThat(finding("Memory").found())
        .isEqualTo("1024 MiB available; 2 VMs at once may take 4096 MiB");
  }

  @Test
  void machineWithoutProcIsTold() throws Exception {
    Files.delete(folder.resolve("root/proc/self/limits"));
    Files.delete(folder.resolve("root/proc/meminfo"));
    assertThat(finding("Limits").level()).isEqualTo(Finding.Level.WARN);
  }

  @Test
  void clockThatWasNeverSetFails() throws Exception {
    clock = Clock.fixed(Instant.parse("1970-01-01T00:10:00Z"), ZoneOffset.UTC);
    assertThat(finding("Clock").level()).isEqualTo(Finding.Level.FAIL);
  }

  @Test
  void clockApartFromTheFileSystemsWarns() throws Exception {
    clock = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(5));
    assertThat(finding("Clock").level()).isEqualTo(Finding.Level.WARN);
  }

  @Test
  void folderThatIsAFileFails() throws Exception {
    Files.writeString(folder.resolve("out"), "");
    assertThat(finding("output_dir").found()).endsWith("/out is no folder");
  }

  @Test
  void sourceFolderThatIsMissingFails() throws Exception {
    flags.put(SourcesConfig.SOURCE_DIR, List.of(folder + "/none"));
    assertThat(finding("source_dir").level()).isEqualTo(Finding.Level.FAIL);
  }

  @Test
  void manifestFoldersOnTwoFileSystemsFail() throws Exception {
    var directories = new WorkflowDirectories(folder.resolve("flow"));
    directories.create();
    assertThat(finding("Manifest moves").level()).isEqualTo(Finding.Level.OK);
    Path other = Path.of("/dev/shm");
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Files.isWritable(other) && !Files.getFileStore(other).equals(Files.getFileStore(folder)),
        "needs a second file system, /dev/shm");
    Path failed = Files.createTempDirectory(other, "h2k");
    try {
      Files.delete(directories.failed());
      Files.createSymbolicLink(directories.failed(), failed);
      assertThat(finding("Manifest moves").level()).isEqualTo(Finding.Level.FAIL);
      assertThat(directories.processed()).isEmptyDirectory();
    } finally {
      Files.delete(failed);
    }
  }

  @Test
  @SuppressWarnings("try") // the lock is only held
  void daemonAtWorkIsNamed() throws Exception {
    var directories = new WorkflowDirectories(folder.resolve("flow"));
    directories.create();
    assertThat(finding("Daemon").found()).isEqualTo("none runs on this workflow directory");
    try (WorkflowLock lock = WorkflowLock.take(directories)) {
      assertThat(finding("Daemon").found())
          .isEqualTo("runs, as process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void whatIsFoundOfTheRoutesIsTold() throws Exception {
    routes = Finding.fail("Routes", "broken", "mend them");
    assertThat(finding("Routes")).isSameAs(routes);
  }

  @ParameterizedTest
  @CsvSource({"16.0.1, FAIL", "17.0.15, OK", "21, OK"})
  void javaFrom17On(String version, Finding.Level level) {
    assertThat(new JavaCheck(Runtime.Version.parse(version), "UTF-8").run(host()))
        .first()
        .extracting(Finding::level)
        .isEqualTo(level);
  }

  @Test
  void namesOutsideOfAsciiThatCannotBeOpenedWarn() {
    assertThat(new JavaCheck(Runtime.version(), "ANSI_X3.4-1968").run(host()))
        .last()
        .extracting(Finding::level)
        .isEqualTo(Finding.Level.WARN);
  }

  @Test
  void outputsNeedNotBeSigned() throws Exception {
    assertThat(findings().get("Signatures").level()).isEqualTo(Finding.Level.OK);
    assertThat(findings().get("Signatures").found()).startsWith("no signing_key is configured");
  }

  @Test
  void aKeyThatSignsIsNamedByItsHash() throws Exception {
    flags.put(OutputConfig.SIGNING_KEY, List.of(TestKeys.make(folder, "own").toString()));

    assertThat(findings().get("Signatures").level()).isEqualTo(Finding.Level.OK);
    assertThat(findings().get("Signatures").found())
        .matches("outputs and reports are signed, Ed25519 key [0-9a-f]{64}");
  }

  @Test
  void aKeyThatCannotSignIsAFailureWithAdvice() throws Exception {
    flags.put(OutputConfig.SIGNING_KEY, List.of(folder + "/none.pem"));

    assertThat(findings().get("Signatures"))
        .isEqualTo(
            Finding.fail(
                "Signatures",
                "signing_key %s/none.pem: there is no such file".formatted(folder),
                "make one: openssl genpkey -algorithm ed25519 -out FILE (mode 0600)"));
  }

  @Test
  void aKeyToVerifyWithThatIsNoneIsAFailure() throws Exception {
    flags.put(OutputConfig.VERIFY_KEYS, List.of(TestKeys.make(folder, "own").toString()));

    assertThat(findings().get("Signatures").level()).isEqualTo(Finding.Level.FAIL);
    assertThat(findings().get("Signatures").found()).contains("it holds a private key");
  }
}
