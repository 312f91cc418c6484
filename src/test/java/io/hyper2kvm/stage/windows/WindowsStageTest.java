package io.hyper2kvm.stage.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.ValidateSpec;
import io.hyper2kvm.manifest.model.WindowsFix;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.FakeGuest;
import io.hyper2kvm.stage.Inspected;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.convert.ConvertStage;
import io.hyper2kvm.stage.domain.DomainDevices;
import io.hyper2kvm.stage.fix.FixStage;
import io.hyper2kvm.stage.outcome.JobOutcome;
import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The fix of a Windows around the tool, on a guest in memory. */
class WindowsStageTest {

  private static final List<String> DRIVERS =
      List.of(
          "viostor/w10/amd64/viostor.inf",
          "viostor/w10/amd64/viostor.sys",
          "viostor/w10/amd64/viostor.cat",
          "NetKVM/w10/amd64/netkvm.inf",
          "NetKVM/w10/amd64/netkvm.sys",
          "NetKVM/w10/amd64/netkvm.cat");

  @TempDir private Path directory;
  private Path root;
  private Jobs jobs;
  private final FakeGuest guest = WindowsGuest.plain();
  private Map<String, String> environment;
  private VmJob job;
  private Consumer<FakeGuest> tool = WindowsGuest::fix;

  @BeforeEach
  void machine() throws IOException {
    root = directory.toRealPath();
    jobs = new Jobs(root).withRawSource();
    jobs.fix = windowsAnd(Optional.empty());
    Path program = Files.createDirectories(root.resolve("bin")).resolve(WindowsTool.NAME);
    Files.writeString(program, "#!/bin/sh\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Files.createDirectories(root.resolve("tools"));
    Files.writeString(root.resolve("tools/rhsrvany.exe"), "MZ");
    for (String driver : DRIVERS) {
      Path file = root.resolve("virtio-win").resolve(driver);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "x");
    }
    environment =
        Map.of(
            "PATH", root.resolve("bin").toString(),
            "VIRT_TOOLS_DATA_DIR", root.resolve("tools").toString());
  }

  private static FixSpec windowsAnd(Optional<FstabMode> fstab) {
    return new FixSpec(
        fstab,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new WindowsFix(Optional.empty())),
        Optional.empty());
  }

  private WindowsStage stage() {
    StageSettings plain = jobs.settings();
    return new WindowsStage(
        new StageSettings(
            plain.sourceRoots(),
            plain.scriptRoots(),
            plain.devices(),
            plain.outputRoots(),
            plain.applianceMemoryMib(),
            plain.convertThreads(),
            plain.kvm(),
            plain.bootTestTimeout(),
            plain.bootTestMemoryMib(),
            environment,
            plain.toolUser(),
            plain.luksKeys(),
            plain.signer()),
        Optional.of(root.resolve("virtio-win")),
        List.of());
  }

  private static ToolResult result(int exit, String stdout, String stderr) {
    return new ToolResult(exit, stdout.getBytes(StandardCharsets.UTF_8), stderr, Duration.ZERO);
  }

  private void begin() throws IOException {
    job = Inspected.job(jobs, guest);
    new FixStage().begin(job);
    guest.talk(job.appliance().session());
    stage().begin(job);
    guest.talk(job.appliance().session());
    job.appliance().ended();
  }

  private void fix() throws IOException {
    begin();
    WindowsStage stage = stage();
    stage.describe(job);
    stage.call(job);
    tool.accept(guest);
    stage.accept(job, result(0, "[ 1.0] Converting Windows 10 Pro to run on KVM\n", ""));
    stage.acceptListener(
        job,
        result(
            0,
            "GUESTFISH_PID=%d; export GUESTFISH_PID\n".formatted(ProcessHandle.current().pid()),
            ""));
    guest.talk(job.appliance().session());
    stage.finish(job);
    new FixStage().finish(job);
  }

  private Map<?, ?> applied(int index) {
    return (Map<?, ?>)
        ((List<?>) JobOutcome.of(job).stages().get(StageName.FIX).details().get("fixes_applied"))
            .get(index);
  }

  private void assertFails(FailureCode code, String message) {
    assertThatThrownBy(this::fix)
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(
            StageFailedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void aScriptForTheFirstBootIsRefusedBeforeAnythingIsChanged() throws IOException {
    Path script = Files.writeString(jobs.root.resolve("in/first.sh"), "#!/bin/sh\n");
    jobs.fix = windowsAnd(Optional.empty()).withFirstboot(Optional.of(script));

    assertFails(FailureCode.FIX_FIRSTBOOT_FAILED, "the guest is Windows");
    assertThat(guest.commands).noneMatch(words -> words.get(0).equals("-upload"));
  }

  @Test
  void theReportHasEachValueBeforeAndAfter() throws IOException {
    fix();

    assertThat(applied(0).get("fix")).isEqualTo("windows");
    assertThat(applied(0).get("status")).isEqualTo("applied");
    List<?> changes = (List<?>) applied(0).get("changes");
    assertThat(changes.toString())
        .contains(
            "key=ControlSet001\\Services\\viostor, value=Start, before=, after=0",
            "value=DevicePath, before=%SystemRoot%\\inf, after=%SystemRoot%\\inf;",
            "file=/WINDOWS/System32/drivers/viostor.sys, before=, after=1024 bytes, a program for"
                + " x86_64");
    assertThat(applied(0).get("tool_log").toString()).contains("Converting Windows 10 Pro");
  }

  @Test
  void provedHardwareIsVirtioWithItsProof() throws IOException {
    fix();

    DomainDevices devices = ConvertStage.devices(job);
    assertThat(devices.diskBus()).isEqualTo(DiskBus.VIRTIO);
    assertThat(devices.networkModel()).isEqualTo(CardModel.VIRTIO);
    assertThat(devices.json().toString())
        .contains("viostor is started by the loader", "netkvm is in Windows/Drivers/VirtIO");
  }

  /** Whether checks are made, and the boot test asked for. */
  @ParameterizedTest
  @CsvSource({"true, false, true", "false, false, true", "true, true, false"})
  void aWindowsThatNobodyBootedIsSaidToBeSo(boolean checks, boolean bootTest, boolean told)
      throws IOException {
    jobs.validate = new ValidateSpec(checks, bootTest);
    fix();
    ConvertStage convert = new ConvertStage(jobs.settings());

    convert.begin(job);
    convert.finish(job);

    assertThat(
            job.warnings().stream()
                .anyMatch(warning -> warning.startsWith("not booted here: whether Windows 10 Pro")))
        .isEqualTo(told);
  }

  @Test
  void theToolIsToldOfTheMachineAndOfTheDrivers() throws IOException {
    begin();
    stage().describe(job);
    ToolCall call = stage().call(job);

    assertThat(call.arguments())
        .containsExactly(
            "-i",
            "libvirtxml",
            "--root",
            "/dev/sda1",
            job.directory().resolve("windows-domain.xml").toString());
    assertThat(call.environment())
        .containsExactly(Map.entry("VIRTIO_WIN", root.resolve("virtio-win").toString()));
    assertThat(job.directory().resolve("windows-domain.xml"))
        .content()
        .contains("type=\"qcow2\"", job.directory().toString(), "bus=\"sata\"");
  }

  @Test
  void otherFixesThatWereAskedForDoNotApply() throws IOException {
    jobs.fix = windowsAnd(Optional.of(FstabMode.STABILIZE_ALL));

    fix();

    assertThat(applied(0).get("fix")).isEqualTo("fstab");
    assertThat(applied(0).get("status")).isEqualTo("not_applicable");
    assertThat(applied(0).get("reason")).isEqualTo("the guest is Windows");
    assertThat(applied(1).get("fix")).isEqualTo("windows");
  }

  static Stream<Arguments> brokenResults() {
    String service = "ControlSet001\\Services\\viostor";
    return Stream.of(
        Arguments.of("there is no service viostor", (Consumer<FakeGuest>) it -> {}),
        Arguments.of(
            "Start is 3, not 0",
            (Consumer<FakeGuest>)
                it -> {
                  WindowsGuest.fix(it);
                  it.hives.key(WindowsGuest.SYSTEM, service, "Start", "3");
                }),
        Arguments.of(
            "viostor.sys is missing",
            (Consumer<FakeGuest>)
                it -> {
                  WindowsGuest.fix(it);
                  it.fileSystems
                      .get(WindowsGuest.DEVICE)
                      .remove("/WINDOWS/System32/drivers/viostor.sys");
                }),
        Arguments.of(
            "is for i386, and this Windows for x86_64",
            (Consumer<FakeGuest>)
                it -> {
                  WindowsGuest.fix(it);
                  it.file(
                      WindowsGuest.DEVICE,
                      "/WINDOWS/System32/drivers/viostor.sys",
                      WindowsGuest.program(0x14c));
                }),
        Arguments.of(
            "in ControlSet002, which the next start uses, but in ControlSet001",
            (Consumer<FakeGuest>)
                it -> {
                  WindowsGuest.fix(it);
                  it.hives.key(WindowsGuest.SYSTEM, "Select", "Default", "2");
                }),
        Arguments.of(
            "the key Select names no set of settings",
            (Consumer<FakeGuest>)
                it ->
                    it.hives.key(WindowsGuest.SYSTEM, "Select", "Default", "none", "Current", "1")),
        Arguments.of(
            "SYSTEM: this hive of the registry cannot be read",
            (Consumer<FakeGuest>) it -> it.hives.byFile.remove(WindowsGuest.SYSTEM)),
        Arguments.of(
            "SOFTWARE: this hive of the registry cannot be read",
            (Consumer<FakeGuest>) it -> it.hives.byFile.remove(WindowsGuest.SOFTWARE)),
        Arguments.of(
            "netkvm.cat is missing",
            (Consumer<FakeGuest>)
                it -> {
                  WindowsGuest.fix(it);
                  it.fileSystems
                      .get(WindowsGuest.DEVICE)
                      .remove("/WINDOWS/Drivers/VirtIO/netkvm.cat");
                }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenResults")
  void aResultWithoutTheDriversIsAFailureWhateverTheToolSays(
      String message, Consumer<FakeGuest> broken) {
    tool = broken;

    assertFails(FailureCode.FIX_WINDOWS_FAILED, message);
  }

  @Test
  void aToolThatFailsIsQuoted() throws IOException {
    begin();
    ToolResult failed =
        result(1, "[ 1.0] Opening the source\n", "virt-v2v-in-place: error: no space left\n");

    assertThatThrownBy(() -> stage().accept(job, failed))
        .hasMessageContaining("failed (exit code 1): virt-v2v-in-place: error: no space left");
    assertThat(job.directory().resolve("virt-v2v-in-place.log"))
        .content()
        .contains("Opening the source", "no space left");
  }

  @Test
  void withoutTheToolNothingIsBegun() throws IOException {
    Files.delete(root.resolve("bin").resolve(WindowsTool.NAME));

    assertFails(FailureCode.TOOL_NOT_FOUND, "install the package virt-v2v");
  }

  @Test
  void withoutTheToolsFilesNothingIsBegun() throws IOException {
    Files.delete(root.resolve("tools/rhsrvany.exe"));

    assertFails(FailureCode.TOOL_NOT_FOUND, "has neither rhsrvany.exe nor pvvxsvc.exe");
  }

  @Test
  void withoutTheDriversOfThisReleaseNothingIsBegun() throws IOException {
    Files.move(root.resolve("virtio-win/viostor/w10"), root.resolve("virtio-win/viostor/w11"));

    assertFails(
        FailureCode.WINDOWS_DRIVERS_MISSING,
        "lacks viostor.inf, viostor.sys, viostor.cat for Windows 10 Pro");
  }

  @Test
  void withoutTheDriversOfThisProcessorNothingIsBegun() throws IOException {
    Files.move(
        root.resolve("virtio-win/NetKVM/w10/amd64"), root.resolve("virtio-win/NetKVM/w10/x86"));

    assertFails(FailureCode.WINDOWS_DRIVERS_MISSING, "lacks netkvm.inf, netkvm.sys, netkvm.cat");
  }

  @Test
  void aHiveThatCannotBeReadIsToldBeforeDriversAreMissed() {
    guest.hives.byFile.remove(WindowsGuest.SYSTEM);

    assertFails(FailureCode.FIX_WINDOWS_FAILED, "SYSTEM: this hive of the registry cannot be read");
  }

  @Test
  void aHibernatedWindowsIsRefused() {
    guest.file(WindowsGuest.DEVICE, "/hiberfil.sys", "HIBR");

    assertFails(FailureCode.GUEST_HIBERNATED, "shutdown /s /f /t 0");
  }

  @Test
  void aWindowsBehindBitLockerIsRefused() {
    guest.fileSystems.clear();
    guest.tags.get(WindowsGuest.DEVICE).put("TYPE", "BitLocker");

    assertFails(FailureCode.GUEST_ENCRYPTED, "manage-bde -off");
  }

  @Test
  void aLinuxThatIsAskedForTheDriversOfAWindowsHasNothingOfIt() throws IOException {
    FakeGuest debian = FakeGuest.debian();
    job = Inspected.job(jobs, debian);
    FixStage fix = new FixStage();
    fix.begin(job);
    debian.talk(job.appliance().session());

    assertThat(stage().isNeeded(job)).isFalse();
    fix.finish(job);
    assertThat(applied(0).get("fix")).isEqualTo("windows");
    assertThat(applied(0).get("reason")).isEqualTo("the guest is Linux");
  }
}
