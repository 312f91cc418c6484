package io.hyper2kvm.stage.validate;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.network.survey.Interface;
import io.hyper2kvm.image.ova.ovf.OvfMachine;
import io.hyper2kvm.report.ReportJson;
import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.ToolFiles;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolResult;
import io.hyper2kvm.tool.boot.BootDisk;
import io.hyper2kvm.tool.boot.BootEndpoints;
import io.hyper2kvm.tool.boot.BootFailure;
import io.hyper2kvm.tool.boot.BootFirmware;
import io.hyper2kvm.tool.boot.BootObserver;
import io.hyper2kvm.tool.boot.BootPlan;
import io.hyper2kvm.tool.boot.BootVerdict;
import io.hyper2kvm.tool.boot.QemuCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The boot test of stage VALIDATE: the output is booted on virtio hardware with a network card that
 * the guest has never seen, and evidence decides. The guest's writes are thrown away, and it
 * reaches no network.
 */
public final class BootTestStage {

  private static final String QEMU = "qemu-system-x86_64";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final List<BootFirmware> UEFI =
      List.of(
          firmware("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
          firmware("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"));

  private final StageSettings settings;

  /** A boot test for this installation. */
  public BootTestStage(StageSettings settings) {
    this.settings = settings;
  }

  private static BootFirmware firmware(String code, String vars) {
    return new BootFirmware(Path.of(code), Path.of(vars));
  }

  /** Whether the manifest wants a boot test. */
  public boolean isNeeded(VmJob job) {
    return job.spec().pipeline().validate().bootTest();
  }

  /** Plans the boot and makes the files that QEMU writes. */
  public void begin(VmJob job) throws IOException {
    BootPlan plan =
        new BootPlan(
            QEMU,
            settings.kvm(),
            "q35",
            job.disks().stream()
                .map(
                    disk ->
                        new BootDisk(
                            disk.part(),
                            ValidateStage.format(job).qemuName(),
                            disk.source().logicalSectorSize()))
                .toList(),
            job.guest().map(GuestFacts::bootDisk).orElse(0),
            false,
            (int) settings.bootTestMemoryMib(),
            1,
            firmware(job),
            unknownMac(),
            staticInterface(job).map(card -> card.addresses().get(0)),
            staticInterface(job).flatMap(Interface::gateway),
            settings.bootTestTimeout(),
            job.directory());
    ToolFiles files = job.toolFiles();
    BootEndpoints endpoints = BootEndpoints.in(job.directory(), files.scratch(), files.user());
    plan.files().forEach(files::toWrite);
    job.boot(new BootRun(plan, endpoints, Optional.empty()));
  }

  /** The call of QEMU that boots the output, and is watched to the verdict. */
  public ToolCall boot(VmJob job) {
    BootRun run = job.boot().orElseThrow();
    // The boot test decides by itself when its time is up; the tool's limit only guards it.
    return ToolCall.of(QemuCommand.arguments(run.plan(), run.endpoints()))
        .watchedBy(alive -> observe(job, alive), settings.bootTestTimeout().plusMinutes(1));
  }

  private static Optional<BootFirmware> firmware(VmJob job) {
    if (!bootsByUefi(job)) {
      return Optional.empty();
    }
    return Optional.of(
        UEFI.stream()
            .filter(firmware -> Files.isReadable(firmware.code()))
            .findFirst()
            .orElseThrow(
                () ->
                    StageFailedException.because(
                        FailureCode.TOOL_NOT_FOUND,
                        "the guest boots by UEFI and no OVMF firmware is installed (package ovmf)")));
  }

  /** As the VM's description says, like in its libvirt domain; else by what is on its disks. */
  private static boolean bootsByUefi(VmJob job) {
    return job.ovf()
        .flatMap(facts -> facts.machine().firmware())
        .map(firmware -> firmware == OvfMachine.Firmware.UEFI)
        .orElseGet(() -> job.guest().map(g -> g.firmware().equals("uefi")).orElse(false));
  }

  /** A card that has a static IPv4 address and no other way to get one. */
  private static Optional<Interface> staticInterface(VmJob job) {
    return job.network().stream()
        .flatMap(plan -> plan.interfaces().stream())
        .filter(card -> !card.addresses().isEmpty() && !card.addresses().contains("dhcp"))
        .filter(card -> card.addresses().get(0).matches("\\d+(\\.\\d+){3}/\\d+"))
        .findFirst();
  }

  private static String unknownMac() {
    byte[] tail = new byte[3];
    RANDOM.nextBytes(tail);
    return "52:54:00:%02x:%02x:%02x".formatted(tail[0], tail[1], tail[2]);
  }

  /**
   * Watches the boot to its verdict.
   *
   * @param alive whether QEMU still runs
   */
  private static void observe(VmJob job, BooleanSupplier alive) throws InterruptedException {
    BootRun run = job.boot().orElseThrow();
    BootVerdict verdict =
        new BootObserver(run.plan(), run.endpoints(), evidence -> {}, job.toolFiles().user())
            .observe(alive);
    job.boot(run.with(verdict));
  }

  /**
   * Judges the boot.
   *
   * @param result QEMU's end; its words count only when it failed itself
   */
  public void accept(VmJob job, ToolResult result) {
    BootVerdict verdict = job.boot().flatMap(BootRun::verdict).orElseThrow();
    verdict.warnings().forEach(warning -> job.warn("boot_test: " + warning));
    if (verdict.booted()) {
      job.check(
          Check.passed(
              "boot_test",
              "%s; after %d s"
                  .formatted(String.join("; ", verdict.evidence()), verdict.took().toSeconds())));
      network(job, verdict);
      return;
    }
    BootFailure failure = verdict.failure().orElseThrow();
    String said = result.stderrTail().isBlank() ? "" : "; QEMU: " + result.stderrTail().strip();
    String detail =
        "%s: %s%s"
            .formatted(failure, String.join("; ", verdict.evidence()), Printable.guestText(said));
    job.check(Check.failed("boot_test", detail));
    Map<String, Object> details = new LinkedHashMap<>(ValidateStage.details(job));
    details.put("boot_test", json(job));
    throw StageFailedException.withEvidence(
        codeOf(failure), "the output does not boot: " + detail, details);
  }

  /** What was booted and seen, as the report shows it; the job has a verdict. */
  static Map<String, Object> json(VmJob job) {
    BootRun run = job.boot().orElseThrow();
    BootVerdict verdict = run.verdict().orElseThrow();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("booted", verdict.booted());
    verdict.failure().ifPresent(failure -> json.put("failure", failure.name()));
    json.put("duration_seconds", ReportJson.seconds(verdict.took()));
    json.put("network_up", verdict.networkUp());
    json.put("mac", run.plan().mac());
    json.put("accelerator", run.plan().kvm() ? "kvm" : "tcg");
    json.put("evidence", verdict.evidence());
    if (!verdict.booted()) {
      json.put("screen", verdict.lastScreen());
      json.put("serial", verdict.lastSerial());
    }
    return json;
  }

  private static void network(VmJob job, BootVerdict verdict) {
    if (verdict.networkUp()) {
      job.check(Check.passed("boot_network", "the guest used an address on a new network card"));
    } else {
      Check check =
          Check.warning("boot_network", "the guest booted, but used no address on its card");
      job.check(check);
      job.warn("%s: %s".formatted(check.name(), check.detail()));
    }
  }

  private static FailureCode codeOf(BootFailure failure) {
    return switch (failure) {
      case NO_BOOT_DEVICE -> FailureCode.BOOT_NO_DEVICE;
      case GRUB_PROMPT -> FailureCode.BOOT_GRUB_PROMPT;
      case INITRAMFS_SHELL -> FailureCode.BOOT_INITRAMFS_SHELL;
      case KERNEL_PANIC -> FailureCode.BOOT_KERNEL_PANIC;
      case EMERGENCY_MODE -> FailureCode.BOOT_EMERGENCY_MODE;
      case TIMEOUT -> FailureCode.BOOT_TIMED_OUT;
      case QEMU_FAILED, REBOOT_LOOP, POWERED_OFF -> FailureCode.BOOT_TEST_FAILED;
    };
  }
}
