package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.boot.uefi.EfiPartition;
import io.hyper2kvm.guest.network.NetworkPlan;
import io.hyper2kvm.guest.network.survey.Level;
import io.hyper2kvm.stage.StageResult;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.software.FoundSoftware;
import io.hyper2kvm.stage.inspect.state.GuestState;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.machine.GuestCards;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.MachineDescription.Firmware;
import io.hyper2kvm.stage.machine.NetworkCard;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The result of INSPECT.
 *
 * @param guest what the guest is
 * @param network how its network is configured, and what would keep it so on virtio cards
 * @param machine the machine as LOAD knew it, with what the guest tells
 * @param uefi how firmware of that machine starts the guest, if it is UEFI
 * @param state how its file systems were found
 * @param software what the former hypervisor and clouds left in it
 * @param named whether anybody asked for more than what a boot needs to know; the report says no
 *     more than that otherwise
 */
public record InspectResult(
    GuestFacts guest,
    NetworkPlan network,
    MachineDescription machine,
    UefiBoot uefi,
    GuestState state,
    FoundSoftware software,
    boolean named)
    implements StageResult {

  public InspectResult {
    Objects.requireNonNull(guest, "guest");
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(machine, "machine");
    Objects.requireNonNull(uefi, "uefi");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(software, "software");
  }

  /** Of a job's guest, when all that is asked of it is known. */
  static InspectResult found(
      VmJob job, GuestFacts guest, List<EfiPartition> efi, FoundSoftware software) {
    boolean named = isNamed(job);
    NetworkPlan network = GuestNetwork.plan(guest, Level.FULL, LoadResult.of(job).machine());
    MachineDescription machine =
        LoadResult.of(job)
            .machine()
            .withGuest(
                guest.architecture(),
                Optional.of(guest.firmware().equals("uefi") ? Firmware.UEFI : Firmware.BIOS),
                guest.bootDisk(),
                // The report, and so a later run, knows no cards that nobody asked for.
                named ? cards(network) : List.of());
    return new InspectResult(
        guest,
        network,
        machine,
        UefiBoot.of(efi, guest, machine),
        job.results().find(GuestState.class).orElse(GuestState.NOT_KNOWN),
        software,
        named);
  }

  /** Whether anybody asked for more of a job's guest than what a boot needs to know. */
  static boolean isNamed(VmJob job) {
    return job.spec().pipeline().inspect().detectOs() || job.spec().pipeline().fix().any();
  }

  private static List<NetworkCard> cards(NetworkPlan network) {
    return GuestCards.among(
        network.interfaces().stream()
            .map(i -> new GuestCards.Interface(i.name(), i.oldMac().orElse("")))
            .toList());
  }

  /** What INSPECT found for a VM; empty when it was not needed, or has not come to its end. */
  public static Optional<InspectResult> find(VmJob job) {
    return job.results().find(InspectResult.class);
  }

  /**
   * The machine of a VM, as far as INSPECT, or LOAD alone, has found it.
   *
   * @throws IllegalStateException when LOAD found nothing yet
   */
  public static MachineDescription machineOf(VmJob job) {
    return find(job).map(InspectResult::machine).orElseGet(() -> LoadResult.of(job).machine());
  }

  @Override
  public Map<String, Object> json() {
    return InspectJson.of(this);
  }
}
