package io.hyper2kvm.stage.fix;

import io.hyper2kvm.guest.initramfs.KernelDrivers;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.stage.OperatorScript;
import io.hyper2kvm.stage.ToolFiles;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.inspect.UefiBoot;
import io.hyper2kvm.stage.inspect.software.FoundSoftware;
import io.hyper2kvm.stage.inspect.uki.UnifiedKernels;
import io.hyper2kvm.stage.label.GuestLabels;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.text.TextTail;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a fix may know and use of the VM that it fixes.
 *
 * @param spec what the manifest asks of the stage
 * @param guest what INSPECT found
 * @param machine the machine as LOAD knew it
 * @param uefi what firmware finds of it
 * @param unified its unified kernel images
 * @param newCommandLines of the unified kernel images that were built anew, by their paths
 * @param software what the former hypervisor and clouds left in it
 * @param script what the guest is to run at its first boot
 * @param edits the guest's text files as they shall be
 * @param labels the SELinux labels of what is written
 * @param directory the host's folder for files on their way to and from the appliance; absolute
 * @param toolFiles lets the appliance read and write there
 * @param applianceLog where the appliance writes its errors
 * @param drivers takes what the kernels can drive in the end, from the fix that reads it
 * @param warnings takes what an operator should know although the VM may succeed
 */
record FixContext(
    FixSpec spec,
    GuestFacts guest,
    MachineDescription machine,
    UefiBoot uefi,
    UnifiedKernels unified,
    Map<String, String> newCommandLines,
    FoundSoftware software,
    Optional<OperatorScript> script,
    GuestEdits edits,
    GuestLabels labels,
    Path directory,
    ToolFiles toolFiles,
    Path applianceLog,
    Consumer<List<KernelDrivers>> drivers,
    Consumer<String> warnings) {

  FixContext {
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(guest, "guest");
    Objects.requireNonNull(machine, "machine");
    Objects.requireNonNull(uefi, "uefi");
    Objects.requireNonNull(unified, "unified");
    Objects.requireNonNull(newCommandLines, "newCommandLines");
    Objects.requireNonNull(software, "software");
    Objects.requireNonNull(script, "script");
    Objects.requireNonNull(edits, "edits");
    Objects.requireNonNull(labels, "labels");
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(toolFiles, "toolFiles");
    Objects.requireNonNull(applianceLog, "applianceLog");
    Objects.requireNonNull(drivers, "drivers");
    Objects.requireNonNull(warnings, "warnings");
  }

  void warn(String warning) {
    warnings.accept(warning);
  }

  /** The last of what the appliance wrote to its log. */
  String applianceErrors() {
    return TextTail.of(applianceLog);
  }

  /** Adds the turn that writes all edits so far, and reads them back. */
  void writeEdits(GuestfishSession session) {
    session.then(
        () -> edits.script(directory, toolFiles), answers -> edits.accept(answers, applianceLog));
  }
}
