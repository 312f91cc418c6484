package io.hyper2kvm.stage.validate;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.network.survey.Interface;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.ToolFiles;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.convert.ConvertResult;
import io.hyper2kvm.stage.convert.ConvertStage;
import io.hyper2kvm.stage.domain.DomainDevices;
import io.hyper2kvm.stage.inspect.InspectResult;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolResult;
import io.hyper2kvm.tool.boot.BootDevices;
import io.hyper2kvm.tool.boot.BootDisk;
import io.hyper2kvm.tool.boot.BootEndpoints;
import io.hyper2kvm.tool.boot.BootFailure;
import io.hyper2kvm.tool.boot.BootFirmware;
import io.hyper2kvm.tool.boot.BootObserver;
import io.hyper2kvm.tool.boot.BootPlan;
import io.hyper2kvm.tool.boot.BootVerdict;
import io.hyper2kvm.tool.boot.QemuCommand;
import io.hyper2kvm.tool.boot.ScreenImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The boot test of stage VALIDATE: it boots the output with the disk bus and the card model of its
 * libvirt domain, with a network card that the guest has never seen, and judges by evidence. The
 * guest's writes are discarded, and it reaches no network.
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
            LoadResult.of(job).disks().stream()
                .map(
                    disk ->
                        new BootDisk(
                            disk.part(),
                            ConvertStage.format(job).qemuName(),
                            disk.source().logicalSectorSize()))
                .toList(),
            InspectResult.machineOf(job).bootDisk(),
            devices(job),
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
    job.keep(ValidateResult.of(job).with(new BootRun(plan, endpoints, Optional.empty())));
  }

  /** The call of QEMU that boots the output; an observer watches it until the verdict. */
  public ToolCall boot(VmJob job) {
    BootRun run = ValidateResult.of(job).boot().orElseThrow();
    // The boot test ends itself at its own limit. The tool's limit, which is later, only guards it.
    return ToolCall.of(QemuCommand.arguments(run.plan(), run.endpoints()))
        .watchedBy(alive -> observe(job, alive), settings.bootTestTimeout().plusMinutes(1));
  }

  /** Those of the libvirt domain; virtio where QEMU can have no such machine. */
  private static BootDevices devices(VmJob job) {
    DomainDevices domain = ConvertResult.of(job).devices();
    boolean possible =
        domain
            .obstacle(
                LoadResult.of(job).disks().stream()
                    .map(disk -> disk.source().logicalSectorSize())
                    .toList(),
                false)
            .isEmpty();
    return new BootDevices(
        possible ? bus(domain.diskBus()) : BootDevices.Bus.VIRTIO, domain.networkModel().text());
  }

  private static BootDevices.Bus bus(DiskBus bus) {
    return switch (bus) {
      case VIRTIO -> BootDevices.Bus.VIRTIO;
      case SCSI -> BootDevices.Bus.SCSI;
      case SATA -> BootDevices.Bus.SATA;
      case IDE -> BootDevices.Bus.IDE;
    };
  }

  private static Optional<BootFirmware> firmware(VmJob job) {
    if (!InspectResult.machineOf(job).startsByUefi()) {
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
                        "the guest boots by UEFI and no OVMF firmware is installed (package"
                            + " ovmf)")));
  }

  /** A card that has a static IPv4 address and no other way to get one. */
  private static Optional<Interface> staticInterface(VmJob job) {
    return InspectResult.find(job).stream()
        .map(InspectResult::network)
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
    BootRun run = ValidateResult.of(job).boot().orElseThrow();
    BootVerdict verdict =
        new BootObserver(run.plan(), run.endpoints(), evidence -> {}, job.toolFiles().user())
            .observe(alive);
    ScreenImage.png(run.plan().workDir()).ifPresent(job::keepScreen);
    job.keep(ValidateResult.of(job).with(run.with(verdict)));
  }

  /**
   * Judges the boot.
   *
   * @param result the end of QEMU; its messages matter only when QEMU itself failed
   */
  public void accept(VmJob job, ToolResult result) {
    BootVerdict verdict = ValidateResult.of(job).boot().flatMap(BootRun::verdict).orElseThrow();
    verdict.warnings().forEach(warning -> job.warn("boot_test: " + warning));
    if (verdict.booted()) {
      keep(
          job,
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
    keep(job, Check.failed("boot_test", detail));
    throw StageFailedException.withEvidence(
        codeOf(failure), "the output does not boot: " + detail, ValidateResult.of(job).json());
  }

  private static void keep(VmJob job, Check check) {
    job.keep(ValidateResult.of(job).with(check));
  }

  private static void network(VmJob job, BootVerdict verdict) {
    if (verdict.networkUp()) {
      keep(job, Check.passed("boot_network", "the guest used an address on a new network card"));
    } else {
      Check check =
          Check.warning("boot_network", "the guest booted, but used no address on its card");
      keep(job, check);
      job.warn("%s: %s".formatted(check.name(), check.detail()));
    }
  }

  private static FailureCode codeOf(BootFailure failure) {
    return switch (failure) {
      case NO_BOOT_DEVICE -> FailureCode.BOOT_NO_DEVICE;
      case GRUB_PROMPT -> FailureCode.BOOT_GRUB_PROMPT;
      case INITRAMFS_SHELL -> FailureCode.BOOT_INITRAMFS_SHELL;
      case KERNEL_PANIC -> FailureCode.BOOT_KERNEL_PANIC;
      case PASSPHRASE -> FailureCode.BOOT_NEEDS_PASSPHRASE;
      case EMERGENCY_MODE -> FailureCode.BOOT_EMERGENCY_MODE;
      case TIMEOUT -> FailureCode.BOOT_TIMED_OUT;
      case QEMU_FAILED, REBOOT_LOOP, POWERED_OFF -> FailureCode.BOOT_TEST_FAILED;
    };
  }
}
