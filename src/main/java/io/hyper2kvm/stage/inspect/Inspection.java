package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.boot.BootSector;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.text.Printable;
import java.util.List;
import java.util.OptionalInt;

/**
 * The questions of stage INSPECT, from the disks to the guest's configuration files. It uses cheap
 * commands (10 to 20 ms each); libguestfs's own inspection takes 10 s under emulation and returns
 * fewer of the facts that the fixes need.
 */
public final class Inspection {

  private final VmJob job;
  private final GuestTexts texts = new GuestTexts();
  private final GuestVolumes volumes;
  private final RootSearch roots;
  private final GuestMounts mounts;
  private final GuestContents contents;
  private final GuestfishSession session = new GuestfishSession();

  /** An inspection of a job whose appliance listens. */
  public Inspection(VmJob job, StageSettings settings) {
    boolean writable = job.spec().pipeline().fix().any();
    this.job = job;
    this.volumes = new GuestVolumes(job, settings.applianceMemoryMib());
    this.roots = new RootSearch(job, volumes, texts, writable);
    this.mounts = new GuestMounts(job, volumes, roots, texts, writable);
    this.contents = new GuestContents(roots, texts);
  }

  /** The questions; after the last answer the job has an {@link InspectResult}. */
  public GuestfishSession session() {
    return session
        .then(volumes::askDevices, volumes::takeDevices)
        .then(volumes::askFileSystems, volumes::takeFileSystems)
        .then(roots::ask, roots::take)
        .then(mounts::ask, mounts::take)
        .then(contents::ask, contents::take)
        .then(contents::askFound, this::end);
  }

  private void end(GuestfishAnswers answers) {
    contents.takeFound(answers);
    GuestFacts guest = facts();
    job.keep(InspectResult.found(job, guest));
    // The fix of the initramfs reads it anyway, and is not to be read before.
    if (guest.isLinux() && job.spec().pipeline().fix().initramfs().isEmpty()) {
      new KernelSurvey(job, guest).ask(session);
    }
  }

  private GuestFacts facts() {
    GuestDisks disks = volumes.guestDisks();
    GuestfishAnswers software = contents.answers();
    List<GuestPartition> esps = volumes.efiSystemPartitions();
    return new GuestFacts(
        roots.os(),
        OsRelease.parse(roots.osRelease()),
        Printable.guestLine(texts.text("/etc/hostname").strip()),
        ElfMachine.name(software.bytes("elf")),
        esps.isEmpty() ? "bios" : "uefi",
        bootDisk(esps),
        InstalledSoftware.bootLoader(texts.byPath().keySet()),
        InstalledSoftware.initramfsTool(software),
        InstalledSoftware.hasSystemd(software),
        roots.root().map(disks::withRoot).orElse(disks),
        mounts.deviceByPoint(),
        InstalledSoftware.kernels(software),
        texts.byPath());
  }

  /** By its firmware's rule: where the loader's files are, or its first sector. */
  private int bootDisk(List<GuestPartition> esps) {
    if (!esps.isEmpty()) {
      return Math.max(0, esps.get(0).disk());
    }
    String boot = mounts.bootDevice();
    OptionalInt known =
        volumes.partitions().stream()
            .filter(p -> p.device().equals(boot) && p.disk() >= 0)
            .mapToInt(GuestPartition::disk)
            .findFirst();
    return BootSector.bootDisk(volumes.bootSectors(), known, roots.root().isPresent());
  }
}
