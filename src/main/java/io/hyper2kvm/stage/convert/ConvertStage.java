package io.hyper2kvm.stage.convert;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.QemuFileName;
import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.manifest.model.ValidateSpec;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.DomainOutput;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.description.MappedNetworks;
import io.hyper2kvm.stage.description.TargetFile;
import io.hyper2kvm.stage.domain.DomainDevices;
import io.hyper2kvm.stage.domain.GuestSystem;
import io.hyper2kvm.stage.fix.FixResult;
import io.hyper2kvm.stage.inspect.InspectResult;
import io.hyper2kvm.stage.inspect.ProvenDrivers;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.tool.QemuImg;
import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Stage CONVERT: each disk is copied into the target format, beside its target. */
public final class ConvertStage {

  private final StageSettings settings;

  /** A stage CONVERT for this installation. */
  public ConvertStage(StageSettings settings) {
    this.settings = settings;
  }

  /** Whether anything is to be copied: not in a dry run, and not when the outputs are there. */
  public boolean isNeeded(VmJob job) {
    return job.writesOutputs();
  }

  /** The stage begins. */
  public void begin(VmJob job) {
    job.enter(StageName.CONVERT);
  }

  /** The disks, for the route to walk through. */
  public List<VmDisk> disks(VmJob job) {
    return LoadResult.of(job).disks();
  }

  /** Makes the file that a disk is copied to, for tools that may not make it themselves. */
  public void prepare(VmJob job, VmDisk disk) throws IOException {
    disk.requireFolderUnmoved();
    job.parts().make(disk.part(), job.toolFiles().user());
    job.copy()
        .begin(
            disk.index(),
            disk.source().virtualSize(),
            LoadResult.of(job).disks().stream()
                .filter(other -> other.index() > disk.index())
                .mapToLong(other -> other.source().virtualSize())
                .sum());
  }

  /** The call of qemu-img that copies a disk. */
  public ToolCall copy(VmJob job, VmDisk disk) {
    ConvertSpec convert = job.spec().pipeline().convert();
    return ToolCall.of(
        QemuImg.convert(
            disk.overlayName(),
            convert.format().qemuName(),
            disk.part(),
            convert.compress() ? convert.compressionType().text() : "",
            settings.convertThreads()));
  }

  /** Whether the disks were fixed, and may have less data than their sources since. */
  public boolean isFixed(VmJob job) {
    return job.results().find(FixResult.class).isPresent();
  }

  /** The call of qemu-img that asks how much data a fixed disk has. */
  public ToolCall measure(VmDisk disk) {
    return ToolCall.of(QemuImg.measure(disk.overlayName()));
  }

  /** Keeps the answer. */
  public void acceptMeasure(VmJob job, VmDisk disk, ToolResult result) {
    long data = answer(result, QemuImg::parseMeasure).required();
    job.keep(CopiedSizes.of(job).withFixed(disk, data));
  }

  /** The call of qemu-img that asks what an output occupies. */
  public ToolCall size(VmJob job, VmDisk disk) {
    return ToolCall.of(QemuImg.info(partName(job, disk)));
  }

  /** The output's safe name for QEMU, while it is a part file. */
  public static String partName(VmJob job, VmDisk disk) {
    return QemuFileName.image(format(job), disk.part()).value();
  }

  /** The output's format as images have it. */
  public static ImageFormat format(VmJob job) {
    return switch (job.spec().pipeline().convert().format()) {
      case QCOW2 -> ImageFormat.QCOW2;
      case RAW -> ImageFormat.RAW;
      case VDI -> ImageFormat.VDI;
    };
  }

  /** Keeps the answer. */
  public void acceptSize(VmJob job, VmDisk disk, ToolResult result) {
    long allocated = answer(result, QemuImg::parseInfo).actualSize();
    job.keep(CopiedSizes.of(job).withAllocated(disk, allocated));
  }

  private static <T> T answer(ToolResult result, Function<String, T> parse) {
    try {
      return parse.apply(result.text());
    } catch (IllegalArgumentException e) {
      throw StageFailedException.causedBy(FailureCode.TOOL_ANSWER_UNREADABLE, e.getMessage(), e);
    }
  }

  /** Every disk is copied; the VM's description for its target is written beside them. */
  public void finish(VmJob job) throws IOException {
    LoadResult loaded = LoadResult.of(job);
    List<VmDisk> disks = loaded.disks();
    DomainDevices devices = devices(job);
    long size = disks.stream().mapToLong(disk -> disk.part().toFile().length()).sum();
    warnOfNoBoot(job);
    job.complete(
        new ConvertResult(
            disks.stream().map(VmDisk::target).toList(),
            job.spec().pipeline().convert(),
            size,
            CopiedSizes.of(job).savings(loaded, size),
            devices,
            writeDomain(job)));
  }

  /** The disk bus and the card model of a job's VM. */
  public static DomainDevices devices(VmJob job) {
    return new DomainDevices(job.spec().pipeline().convert().domain(), ProvenDrivers.of(job));
  }

  /** Warns of what the disk bus and the card model of a job's VM mean for its guest. */
  public static void warnOfDevices(VmJob job) {
    DomainDevices devices = devices(job);
    devices.warnings().forEach(job::warn);
    if (devices.networkModel() != CardModel.VIRTIO && FixResult.isApplied(job, FixResult.NETWORK)) {
      job.warn(
          "the network fix names virtio cards only, and the domain's cards are %s: on them the guest's interfaces may have other names, and its addresses may not come up; take virtio, or check the names in the guest"
              .formatted(devices.networkModel().text()));
    }
  }

  /**
   * Warns of a Windows that nobody will have started here. Of it no more is read than its registry
   * and its drivers' files.
   */
  public static void warnOfNoBoot(VmJob job) {
    ValidateSpec validate = job.spec().pipeline().validate();
    if (system(job).isWindows() && !(validate.enabled() && validate.bootTest())) {
      job.warn(
          "not booted here: whether %s starts on its new machine is not proved; start it once before the old VM goes, or ask for validate.boot_test"
              .formatted(
                  InspectResult.find(job)
                      .map(found -> found.guest().prettyName())
                      .orElse("Windows")));
    }
  }

  private static GuestSystem system(VmJob job) {
    return InspectResult.find(job)
        .map(InspectResult::guest)
        .map(
            guest ->
                GuestSystem.of(
                    guest.os(), guest.release().getOrDefault("VERSION_ID", ""), guest.edition()))
        .orElse(GuestSystem.OTHER);
  }

  /** What describes a job's VM for its target; empty when nothing is asked for. */
  public static Optional<TargetFile> targetFile(VmJob job) {
    ConvertSpec convert = job.spec().pipeline().convert();
    if (convert.target() == DomainTarget.NONE) {
      return Optional.empty();
    }
    List<VmDisk> disks = LoadResult.of(job).disks();
    return Optional.of(
        new TargetFile(
            job.name(),
            convert,
            InspectResult.machineOf(job),
            devices(job),
            system(job),
            disks.stream().map(VmDisk::target).toList(),
            disks.stream().map(disk -> disk.source().virtualSize()).toList()));
  }

  /**
   * Warns of what a description of a job's VM lacks.
   *
   * @return whether there can be one
   */
  public static boolean warnOf(VmJob job, TargetFile file, Path path) {
    Optional<String> obstacle = file.obstacle();
    if (obstacle.isPresent()) {
      job.warn(
          "there is no %s %s: %s".formatted(file.convert().target().what(), path, obstacle.get()));
      return false;
    }
    MappedNetworks.warnings(job.spec(), file.machine()).forEach(job::warn);
    warnOfDevices(job);
    file.warnings().forEach(job::warn);
    return true;
  }

  private static Optional<ConvertResult.Domain> writeDomain(VmJob job) throws IOException {
    LoadResult loaded = LoadResult.of(job);
    Optional<TargetFile> file = targetFile(job);
    if (loaded.domain().isEmpty() || file.isEmpty()) {
      return Optional.empty();
    }
    DomainOutput domain = loaded.domain().get();
    if (!warnOf(job, file.get(), domain.target())) {
      return Optional.empty();
    }
    loaded.disks().get(0).requireFolderUnmoved();
    Files.write(
        domain.part(),
        file.get().content(domain.target()),
        // Nothing is there but what somebody laid there: it is not written through.
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.WRITE);
    return Optional.of(
        new ConvertResult.Domain(
            domain, file.get().convert().target(), file.get().json(domain.target())));
  }
}
