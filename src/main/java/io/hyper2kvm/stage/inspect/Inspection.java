package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.boot.BootSector;
import io.hyper2kvm.guest.boot.BootedDisks;
import io.hyper2kvm.guest.btrfs.MountedSubvolumes;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.distribution.Release;
import io.hyper2kvm.guest.luks.MappedNames;
import io.hyper2kvm.guest.windows.WindowsRelease;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.manifest.model.NetworkLevel;
import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.luks.EncryptedVolumes;
import io.hyper2kvm.stage.inspect.mount.GuestMounts;
import io.hyper2kvm.stage.inspect.mount.RootSearch;
import io.hyper2kvm.stage.inspect.read.GuestTexts;
import io.hyper2kvm.stage.inspect.software.FoundSoftware;
import io.hyper2kvm.stage.inspect.software.SoftwareSearch;
import io.hyper2kvm.stage.inspect.state.FileSystemStates;
import io.hyper2kvm.stage.inspect.state.Hibernation;
import io.hyper2kvm.stage.inspect.uki.SecureBootSurvey;
import io.hyper2kvm.stage.inspect.uki.UnifiedKernelWarnings;
import io.hyper2kvm.stage.inspect.volume.BlockDevices;
import io.hyper2kvm.stage.inspect.volume.GuestVolumes;
import io.hyper2kvm.stage.inspect.windows.WindowsSearch;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.text.Printable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The questions of stage INSPECT, from the disks to the guest's configuration files. It uses cheap
 * commands (10 to 20 ms each); libguestfs's own inspection takes 10 s under emulation and returns
 * fewer of the facts that the fixes need.
 */
public final class Inspection {

  private final VmJob job;
  private final GuestTexts texts = new GuestTexts();
  private final BlockDevices devices;
  private final GuestVolumes volumes;
  private final EncryptedVolumes encrypted;
  private final RootSearch roots;
  private final GuestMounts mounts;
  private final GuestContents contents;
  private final KernelSearch kernels;
  private final EtcSearch etc;
  private final SoftwareSearch software;
  private final WindowsSearch windows;
  private final GuestfishSession session = new GuestfishSession();
  private final EfiPartitions efi;
  private final FileSystemStates states;
  private final Hibernation hibernation;

  /** An inspection of a job whose appliance listens. */
  public Inspection(VmJob job, StageSettings settings) {
    boolean writable = job.spec().pipeline().fix().any();
    this.job = job;
    this.devices = new BlockDevices(job, settings.applianceMemoryMib());
    this.volumes = new GuestVolumes(job, devices);
    this.encrypted = new EncryptedVolumes(job, devices, volumes, settings, writable, session);
    this.roots = new RootSearch(job, volumes, texts, writable);
    this.mounts = new GuestMounts(job, volumes, roots, texts, writable);
    this.contents = new GuestContents(roots, mounts, texts);
    this.kernels = new KernelSearch(contents, mounts);
    this.efi = new EfiPartitions(volumes, texts);
    this.etc = new EtcSearch(job, roots, texts);
    this.states = new FileSystemStates(job, volumes::partitions, devices::inAppliance);
    this.hibernation = new Hibernation(job, texts::byPath, volumes::guestDisks);
    this.software = new SoftwareSearch(writable);
    this.windows = new WindowsSearch(session, job::warn);
  }

  /** The questions; after the last answer the job has an {@link InspectResult}. */
  public GuestfishSession session() {
    session.then(devices::ask, devices::take);
    session.then(devices::askStacked, devices::takeStacked);
    encrypted.open();
    session.then(volumes::askFileSystems, volumes::takeFileSystems);
    encrypted.name();
    states.ask(session);
    roots.ask(session);
    windows.ask(this::windowsFileSystems);
    session.then(GuestfishScript::new, nothing -> encrypted.judge(isKnown()));
    efi.ask(session);
    session
        .then(mounts::askRoot, mounts::takeRoot)
        .then(mounts::ask, mounts::take)
        .then(mounts::askEfi, mounts::takeEfi)
        .then(contents::ask, contents::take)
        .then(contents::askFound, contents::takeFound);
    // The entries that were read name kernels.
    kernels.ask(session);
    session
        .then(contents::askCommandLines, contents::takeCommandLines)
        .then(hibernation::ask, hibernation::take)
        .then(etc::ask, names -> etc.take(names, session))
        .then(this::askSoftware, this::takeSoftware);
    states.askKernel(session, () -> mounts.deviceByPoint().values());
    return session.then(GuestfishScript::new, this::end);
  }

  private boolean isKnown() {
    return !roots.os().equals("unknown") || windows.release().isPresent();
  }

  private List<String> windowsFileSystems() {
    return roots.root().isPresent() || !InspectResult.isNamed(job)
        ? List.of()
        : volumes.partitions().stream()
            .filter(partition -> partition.fsType().equals("ntfs"))
            .map(GuestPartition::device)
            .toList();
  }

  private GuestfishScript askSoftware() {
    boolean wanted = roots.root().isPresent() && InspectResult.isNamed(job);
    return wanted ? software.ask() : new GuestfishScript();
  }

  private void takeSoftware(GuestfishAnswers answers) {
    if (answers != GuestfishAnswers.NONE) {
      software.take(
          answers, InstalledSoftware.hasSystemd(contents.answers()), session, texts::keep);
    }
  }

  private FoundSoftware foundSoftware(GuestFacts guest) {
    FoundSoftware found =
        software.found(
            guest.texts(),
            guest.systemd(),
            guest.disks().partitions().stream()
                .map(GuestPartition::label)
                .collect(Collectors.toSet()));
    boolean prevented =
        job.spec().pipeline().fix().network().filter(NetworkLevel.FULL::equals).isPresent();
    if (!prevented) {
      found.cloud().warning().map(Printable::guestBytes).ifPresent(job::warn);
    }
    return found;
  }

  private void end(GuestfishAnswers answers) {
    efi.warnings().forEach(job::warn);
    kernels.warn(job::warn);
    GuestFacts guest = facts();
    etc.warn(guest);
    roots.imageWarnings(guest.disks()).forEach(job::warn);
    InspectResult found =
        InspectResult.found(job, guest, efi.found(mounts.efiDevice()), foundSoftware(guest));
    if (!job.spec().pipeline().validate().enabled()
        && job.spec().pipeline().fix().grub().isEmpty()) {
      // Nobody judges the check then.
      found
          .uefi()
          .check()
          .filter(check -> check.status() == Check.Status.FAILED)
          .ifPresent(check -> job.warn(check.detail()));
    }
    job.keep(found);
    windows.found().ifPresent(job::keep);
    job.keep(contents.unified());
    UnifiedKernelWarnings.of(contents.unified(), contents.credentials()).forEach(job::warn);
    if (found.uefi().wanted() && found.uefi().guest().secureBoot() && guest.isLinux()) {
      SecureBootSurvey survey =
          new SecureBootSurvey(
              guest.kernels().stream().map(GuestFacts.Kernel::image).toList(),
              contents.unified().kernels());
      session.then(survey::question, read -> survey.warnings(read).forEach(job::warn));
    }
    // The fix of the initramfs reads it anyway, and is not to be read before.
    if (guest.isLinux() && job.spec().pipeline().fix().initramfs().isEmpty()) {
      new KernelSurvey(job, guest, contents.unified().kernels()).ask(session);
    }
  }

  private GuestFacts facts() {
    GuestDisks known = MappedNames.learned(texts.byPath(), volumes.guestDisks());
    GuestDisks disks = BootedDisks.learned(texts.byPath(), known);
    GuestfishAnswers software = contents.answers();
    Map<String, String> release = contents.release();
    Optional<WindowsRelease> registry = windows.release();
    return new GuestFacts(
        registry.isPresent() ? "windows" : roots.os(),
        registry.map(GuestFacts::keys).orElse(release),
        registry
            .map(WindowsRelease::computer)
            .map(Printable::guestLine)
            .orElseGet(() -> Printable.guestLine(texts.text("/etc/hostname").strip())),
        registry
            .map(WindowsRelease::architecture)
            .orElseGet(() -> ElfMachine.name(software.bytes("elf"))),
        efi.firmware(),
        bootDisk(),
        bootLoader(software),
        InstalledSoftware.initramfsTool(software, Release.of(release)),
        InstalledSoftware.packageDatabase(software, Release.of(release)),
        InstalledSoftware.hasSystemd(software) || Release.of(release).family().comesInImages(),
        disks,
        mounts.deviceByPoint(),
        new MountedSubvolumes(mounts.subvolumeByPoint()),
        kernels.kernels(),
        kernels.unmatched(),
        texts.byPath());
  }

  /** An image that firmware starts by itself is read as those of systemd-boot are. */
  private String bootLoader(GuestfishAnswers software) {
    String known = InstalledSoftware.bootLoader(texts.byPath().keySet(), hasLoader(software));
    return known.equals("unknown") && !contents.unified().kernels().isEmpty()
        ? "systemd-boot"
        : known;
  }

  /** Whether something starts this guest, even if its configuration is not known. */
  private boolean hasLoader(GuestfishAnswers software) {
    return contents.hasEfiLoader()
        || volumes.bootSectors().stream().anyMatch(BootSector::hasLoader)
        || InstalledSoftware.hasKernelImage(software);
  }

  /** By its firmware's rule: where the loader's files are, or its first sector. */
  private int bootDisk() {
    if (efi.firmware().equals("uefi")) {
      return efi.bootDisk(mounts.efiDevice());
    }
    String boot = mounts.bootDevice();
    OptionalInt known =
        volumes.partitions().stream()
            .filter(p -> p.device().equals(boot) && p.disk() >= 0)
            .mapToInt(GuestPartition::disk)
            .findFirst();
    return BootSector.bootDisk(
        volumes.bootSectors(),
        LoadResult.of(job).machine().bootDisk(),
        known,
        roots.root().isPresent());
  }
}
