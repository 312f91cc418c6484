package io.hyper2kvm.failure;

/** The stable failure codes: an interface for operators and scripts, listed in docs/errors.md. */
public enum FailureCode {
  // The manifest
  MANIFEST_INVALID("Correct the problems listed in the error, then run the manifest again."),
  MANIFEST_UNREADABLE("Check the file's owner, mode and size, then run it again."),
  SCHEDULE_PASSED("Run the retry manifest, which has no schedule, or correct not_after."),

  // The source
  SOURCE_NOT_FOUND("Check source_path: the file must exist on the machine that runs the daemon."),
  SOURCE_NOT_REGULAR("Name a regular file, or have block devices allowed (allowed_devices)."),
  SOURCE_UNREADABLE("Give the user that the tools run as the right to read the source."),
  SOURCE_OUTSIDE_ROOTS("Move the source below an allowed root, or add its root to the settings."),
  SOURCE_NAME_TOO_LONG("Move the source's files into a folder with a shorter path."),
  SOURCE_CHECKSUM_MISMATCH("The source is not the file that was meant: copy it again."),
  SOURCE_CHANGED("Something wrote to the source during the run: power the VM off, then retry."),
  SOURCE_TYPE_UNSUPPORTED(
      "Name the source by another source_type, or export it as VMDK, VHD or raw."),
  FORMAT_MISMATCH("Correct source_type to the format that was found."),
  FORMAT_UNSUPPORTED("Convert the source to a supported format first."),
  SECTOR_SIZE_UNSUPPORTED("Ask for inspect if the guest boots by UEFI, or leave boot_test out."),
  IMAGE_CORRUPT("Copy the source again and compare checksums with the original."),
  IMAGE_TRUNCATED("The copy of the source is not complete: copy it again."),
  IMAGE_HAS_BACKING_FILE("Flatten the image first; references to other files are not followed."),
  IMAGE_HAS_EXTERNAL_DATA("Flatten the image first; references to other files are not followed."),
  IMAGE_TOO_LARGE("The image's declared size is beyond what is supported."),
  EXTENT_OUTSIDE("Put the descriptor and its extents into one folder, named without folders."),
  EXTENT_MISSING("Copy the missing extent beside the descriptor."),
  EXTENT_NOT_REGULAR("Extents must be regular files, not links or devices."),
  PARENT_UNSUPPORTED("Consolidate the snapshots, then export the disk again."),
  PARENT_OUTSIDE("Put the snapshot's parents into its folder, named without any other."),
  PARENT_MISSING("Copy every file of the disk: the snapshot's, its parents' and their extents."),
  PARENT_NOT_REGULAR("The snapshot's parents must be regular files, not links or devices."),
  PARENT_MISMATCH("Copy all files of the disk again, of one moment, with the VM powered off."),
  PARENT_CYCLE("Consolidate the VM's snapshots, then export the disk again."),
  PARENT_CHAIN_TOO_LONG("Consolidate the VM's snapshots, then export the disk again."),
  ARCHIVE_UNSAFE("Pack the OVA again as plain files, or export it again."),
  ARCHIVE_CORRUPT("Copy or export the OVA again and compare checksums."),
  ARCHIVE_TOO_LARGE("Unpack it by hand where you trust it, and name the folder or the disk."),
  OVF_MISSING("Export the VM again as OVF; of an archive with only a disk, name the disk."),
  OVF_SEVERAL("Unpack it and name one .ovf file with source_type ovf."),
  OVF_SEVERAL_VMS("Export each virtual machine by itself."),
  OVF_INVALID("Export the VM again, or correct the description and remove its .mf file."),
  OVF_DISK_MISSING("Copy every file that the description names, not the description alone."),
  OVF_DISK_OUTSIDE("Put the disks beside the description, or below it."),
  VM_ENCRYPTED(
      "Decrypt the VM in VMware and copy it again; plain disks of it can be named as vmdk."),
  VM_SUSPENDED(
      "Resume the VM, shut its guest down, and copy its folder again; or name its disks as vmdk."),
  FIRSTBOOT_SCRIPT_REFUSED(
      "Correct the script that firstboot names, or move it; docs/firstboot.md says what it must be."),
  NETWORK_CARDS_DIFFER(
      "Name the cards of the VM's description by their addresses, or all in its order."),

  // The output
  OUTPUT_EXISTS("Remove the output, choose another output_path, or set convert.overwrite."),
  OUTPUT_OUTSIDE_ROOTS("Choose a path below output_dir, or add its root to the settings."),
  OUTPUT_NOT_WRITABLE("Give the user that runs the daemon the right to write to that folder."),
  OUTPUT_REPLACED("A tool gave its output to another file: look at the log, and at the source."),
  OUTPUT_IN_USE("Another VM is writing this output: give the two different output paths."),
  NO_SPACE("Make room on the named file system, then run the manifest again."),

  // The guest
  APPLIANCE_FAILED("Run libguestfs-test-tool; a readable kernel must be in /boot."),
  GUEST_UNSUPPORTED("Leave out fix to convert the disk as it is, or fix this guest by hand."),
  GUEST_ENCRYPTED(
      "Name a key for the device in luks_keys of the configuration, then run it again."),
  GUEST_NO_ROOT("No root file system was found: name all disks of the VM, in its order."),
  GUEST_MOUNT_FAILED("Repair the guest's file system (fsck) on the source VM, then export again."),
  GUEST_HIBERNATED("Start the source VM, shut it down fully, then export it again."),
  GUEST_FILE_SYSTEM_DAMAGED("Run fsck of the named file system in the source VM, then export."),
  GUEST_READ_ONLY("Make what the error names writable in the source VM, or leave out fix."),
  GUEST_FILE_TOO_LARGE("The named guest file is larger than is read: look at it in the guest."),
  GUEST_NO_SPACE("Free space in the named guest file system, then export again."),
  FIX_FSTAB_FAILED("Correct the named row of the guest's /etc/fstab, then export again."),
  FIX_GRUB_FAILED("Look at the named line of the guest's boot configuration."),
  FIX_INITRAMFS_FAILED("Install the virtio drivers in the guest and rebuild its initramfs."),
  FIX_NETWORK_FAILED("Name the cards in load.network_cards, or correct the guest's network files."),
  FIX_GUEST_TOOLS_FAILED("Remove the tools in the guest, or leave out fix.guest_tools: remove."),
  WINDOWS_DRIVERS_MISSING("Set virtio_win to a virtio-win that has this Windows and processor."),
  FIX_WINDOWS_FAILED("Read the defects and tool_log in the report, or leave out fix.windows."),
  FIX_FIRSTBOOT_FAILED(
      "Do what the error says of the guest or the script, or leave out firstboot."),
  GUEST_CHECK_FAILED("The output was not published: look at the named check."),

  // The conversion and the checks
  OUTPUT_CORRUPT("Check the disk below output_dir, then run the manifest again."),
  OUTPUT_DIFFERS("Check the disk below output_dir, then run the manifest again."),
  BOOT_NO_DEVICE("The boot disk holds no boot loader: was it the right disk?"),
  BOOT_GRUB_PROMPT("GRUB does not find its files: check the disk order and /boot."),
  BOOT_INITRAMFS_SHELL("The root disk was not found at boot: ask for fix.initramfs and fix.fstab."),
  BOOT_KERNEL_PANIC("Read the console text in the report."),
  BOOT_EMERGENCY_MODE("A mount failed at boot: look at /etc/fstab of the guest."),
  BOOT_NEEDS_PASSPHRASE("Leave boot_test out and start the guest by hand: it asks for its key."),
  BOOT_TIMED_OUT("Nothing showed that the guest came up; raise boot_test_timeout or look at it."),
  BOOT_TEST_FAILED("Read the evidence in the report."),

  // Tools and the program itself
  TOOL_NOT_FOUND("Install the named tool."),
  TOOL_TOO_OLD("Install the version that the error names, or do without what needs it."),
  TOOL_EXITED_NONZERO("Read stderr_tail; repeat the command by hand."),
  TOOL_TIMED_OUT("Raise the stage's time-out, or find out why the tool hangs."),
  TOOL_ANSWER_UNREADABLE("The tool printed what was not expected: check its version."),
  HOOK_FAILED("Read the error: it is what an operator's own route, in extra_routes_dir, said."),
  CANCELLED("Move the manifest back to run it again."),
  CRASHED_REPEATEDLY("Read the log and the kernel's around the times named, then run it again."),
  REPORT_NOT_WRITTEN("Correct what keeps the report from being written; the outputs are there."),
  STOPPED_AFTER_FAILURE("on_failure is stop and another VM failed: correct that one first."),
  INTERNAL_ERROR("This is a defect of the program: please report it with the log.");

  private final String hint;

  FailureCode(String hint) {
    this.hint = hint;
  }

  /** What to do next, in one sentence. */
  public String hint() {
    return hint;
  }
}
