package io.hyper2kvm.stage.inspect.state;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.state.FileSystemState;
import io.hyper2kvm.guest.state.HibernationFile;
import io.hyper2kvm.guest.state.KernelLog;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.ApplianceLog;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The state of all file systems, before the first one is mounted. A guest that is to be fixed is
 * refused when it is hibernated, or has a file system that {@code fsck -a} cannot make whole; that
 * is run where the superblock gives a reason, in the overlay, as the guest itself would at its next
 * start. Of another guest an operator is warned.
 */
public final class FileSystemStates {

  /** With more files a check takes longer than a conversion may, under emulation. */
  private static final long MAX_INODES = 2_000_000;

  /** Of file systems whose superblocks do not tell, such as XFS. */
  private static final FileSystemState REPLAYED =
      new FileSystemState(FileSystemState.Kind.JOURNAL, "its journal was replayed");

  private final VmJob job;
  private final Supplier<List<GuestPartition>> partitions;
  private final UnaryOperator<String> inAppliance;
  private final boolean writable;
  private final Map<String, FileSystemState> states = new LinkedHashMap<>();
  private final Map<String, Integer> fsck = new LinkedHashMap<>();
  private final List<GuestPartition> checked = new ArrayList<>();

  /**
   * The states of a job's file systems.
   *
   * @param partitions all block devices, when they are known
   * @param inAppliance how a program in the appliance names a device
   */
  public FileSystemStates(
      VmJob job, Supplier<List<GuestPartition>> partitions, UnaryOperator<String> inAppliance) {
    this.job = job;
    this.partitions = partitions;
    this.inAppliance = inAppliance;
    this.writable = job.spec().pipeline().fix().any();
  }

  /** Adds the turns that look at them; nothing is mounted before or after. */
  public void ask(GuestfishSession session) {
    new NtfsStates(partitions).ask(session, states::put);
    session.then(
        this::askSuperblocks,
        answers -> {
          take(answers);
          if (writable) {
            session.then(() -> check(answers), this::takeCheck);
          }
        });
  }

  private GuestfishScript askSuperblocks() {
    GuestfishScript script = new GuestfishScript();
    for (GuestPartition partition : partitions.get()) {
      Superblocks.ask(script, partition);
      if (partition.fsType().equals("ntfs")) {
        script
            .run("mount-ro", partition.device(), "/")
            .read(partition.device(), HibernationFile.PATH, HibernationFile.BYTES)
            .run("umount-all");
      }
    }
    return script;
  }

  private void take(GuestfishAnswers answers) {
    for (GuestPartition partition : partitions.get()) {
      FileSystemState state = Superblocks.state(answers, partition);
      if (state.kind() != FileSystemState.Kind.UNKNOWN) {
        states.put(partition.device(), state);
      }
      if (partition.fsType().equals("swsuspend")) {
        Hibernation.found(job, "the swap area " + partition.place());
      }
      if (HibernationFile.holdsMemory(answers.bytes(partition.device()))) {
        windowsHibernates(partition);
      }
    }
    if (!writable) {
      states.forEach(
          (device, state) -> {
            if (state.isSuspect()) {
              job.warn("%s was not checked: %s".formatted(place(device), state.detail()));
            }
          });
    }
  }

  /** Its drivers cannot be changed then: it goes on with those that are in its memory. */
  private void windowsHibernates(GuestPartition on) {
    String message =
        "Windows on %s is hibernated, or was shut down with fast startup: it would resume on hardware that its memory does not know; shut it down fully (shutdown /s /f /t 0) before the export"
            .formatted(on.place());
    if (job.spec().pipeline().fix().windows().isPresent()) {
      throw StageFailedException.because(FailureCode.GUEST_HIBERNATED, message);
    }
    job.warn(message);
  }

  private GuestfishScript check(GuestfishAnswers superblocks) {
    GuestfishScript script = new GuestfishScript();
    for (GuestPartition partition : suspects()) {
      long inodes = Superblocks.usedInodes(superblocks, partition);
      if (inodes > MAX_INODES) {
        job.warn(
            "%s was not checked by fsck, since it has %d files: %s; run fsck in the guest"
                .formatted(partition.place(), inodes, states.get(partition.device()).detail()));
      } else {
        FsckExit.ask(script, partition);
        checked.add(partition);
        Superblocks.ask(script, partition);
      }
    }
    return script;
  }

  private List<GuestPartition> suspects() {
    return partitions.get().stream()
        .filter(Superblocks::isExt)
        .filter(p -> states.getOrDefault(p.device(), FileSystemState.NOT_KNOWN).isSuspect())
        .toList();
  }

  private void takeCheck(GuestfishAnswers answers) {
    for (GuestPartition partition : checked) {
      int exit =
          FsckExit.of(answers, partition)
              .orElseThrow(
                  () ->
                      StageFailedException.because(
                          FailureCode.GUEST_FILE_SYSTEM_DAMAGED,
                          "%s (%s) could not be checked by fsck: %s"
                              .formatted(
                                  partition.place(),
                                  states.get(partition.device()).detail(),
                                  ApplianceLog.tail(job))));
      FileSystemState before = states.get(partition.device());
      fsck.put(partition.device(), exit);
      if (exit >= FsckExit.LEFT_ERRORS || Superblocks.state(answers, partition).isSuspect()) {
        throw StageFailedException.because(
            FailureCode.GUEST_FILE_SYSTEM_DAMAGED,
            "%s is damaged, and fsck -a cannot repair it (exit code %d): %s"
                .formatted(partition.place(), exit, before.detail()));
      }
      job.warn(
          "fsck -a of %s %s (exit code %d); %s before"
              .formatted(
                  partition.place(),
                  exit == 0 ? "found nothing to correct" : "corrected errors in the output",
                  exit,
                  before.detail()));
    }
  }

  private String place(String device) {
    return partitions.get().stream()
        .filter(partition -> partition.device().equals(device))
        .map(GuestPartition::place)
        .findFirst()
        .orElse(device);
  }

  /**
   * Adds the turn that reads what the kernel said since; the guest is mounted then. The job has a
   * {@link GuestState} afterwards.
   *
   * @param mounted the devices that are mounted
   */
  public void askKernel(GuestfishSession session, Supplier<Collection<String>> mounted) {
    session.then(
        () -> mounted.get().isEmpty() ? new GuestfishScript() : askKernel(),
        answers -> {
          KernelLog log = KernelLog.of(answers.text("dmesg"));
          KernelNames names = KernelNames.of(answers, partitions.get());
          for (String error : log.errors()) {
            if (names.isMounted(KernelLog.device(error), mounted.get())) {
              judge(error, names);
            }
          }
          log.replayed()
              .forEach(
                  name ->
                      names
                          .device(name)
                          .ifPresent(device -> states.putIfAbsent(device.device(), REPLAYED)));
          job.keep(new GuestState(states, fsck, log.errors()));
        });
  }

  private GuestfishScript askKernel() {
    GuestfishScript script = new GuestfishScript().ask("dmesg", "dmesg");
    KernelNames.ask(script, partitions.get(), inAppliance);
    return script;
  }

  /** What is mounted nowhere is told of by those that could not mount it. */
  private void judge(String error, KernelNames names) {
    String message =
        "%s is damaged; the appliance's kernel says: %s"
            .formatted(
                names
                    .device(KernelLog.device(error))
                    .map(GuestPartition::place)
                    .orElse("a file system of the guest"),
                Printable.guestLine(error));
    if (writable) {
      throw StageFailedException.because(FailureCode.GUEST_FILE_SYSTEM_DAMAGED, message);
    }
    job.warn(message);
  }
}
