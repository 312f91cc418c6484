package io.hyper2kvm.stage.windows;

import io.hyper2kvm.stage.FakeGuest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A Windows 10 in memory, before and after the tool. */
final class WindowsGuest {

  static final String DEVICE = "/dev/sda1";
  static final String SYSTEM = "/WINDOWS/System32/config/SYSTEM";
  static final String SOFTWARE = "/WINDOWS/System32/config/SOFTWARE";
  static final String CURRENT_VERSION = "Microsoft\\Windows\\CurrentVersion";
  private static final String ID = "VEN_1AF4&DEV_1042&SUBSYS_11001AF4&REV_01";

  private WindowsGuest() {}

  /** As VMware left it. */
  static FakeGuest plain() {
    FakeGuest guest = new FakeGuest();
    guest.partition(DEVICE, "ntfs", "99");
    guest.blocks.put(DEVICE, new byte[0]);
    guest.file(DEVICE, SYSTEM, "regf").file(DEVICE, SOFTWARE, "regf");
    guest
        .hives
        .key(
            SOFTWARE,
            "Microsoft\\Windows NT\\CurrentVersion",
            "ProductName",
            "Windows 10 Pro",
            "EditionID",
            "Professional",
            "InstallationType",
            "Client",
            "CurrentVersion",
            "6.3",
            "CurrentBuildNumber",
            "19045",
            "CurrentMajorVersionNumber",
            "10",
            "CurrentMinorVersionNumber",
            "0")
        .key(SOFTWARE, CURRENT_VERSION, "DevicePath", "%SystemRoot%\\inf")
        .key(SYSTEM, "Select", "Current", "1", "Default", "1")
        .key(SYSTEM, "DriverDatabase\\DeviceIds\\PCI")
        .key(SYSTEM, "ControlSet001\\Services\\pvscsi", "Start", "0")
        .key(
            SYSTEM,
            "ControlSet001\\Control\\Session Manager\\Environment",
            "PROCESSOR_ARCHITECTURE",
            "AMD64");
    return guest;
  }

  /** What the tool writes, as far as it is read back. */
  static void fix(FakeGuest guest) {
    guest.file(DEVICE, "/WINDOWS/System32/drivers/viostor.sys", program(0x8664));
    guest.file(DEVICE, "/WINDOWS/Drivers/VirtIO/netkvm.sys", program(0x8664));
    guest.file(DEVICE, "/WINDOWS/Drivers/VirtIO/netkvm.inf", "[Version]");
    guest.file(DEVICE, "/WINDOWS/Drivers/VirtIO/netkvm.cat", "signed");
    guest
        .hives
        .key(
            SOFTWARE,
            CURRENT_VERSION,
            "DevicePath",
            "%SystemRoot%\\inf;%SystemRoot%\\Drivers\\VirtIO")
        .key(
            SYSTEM,
            "ControlSet001\\Services\\viostor",
            "Type",
            "1",
            "Start",
            "0",
            "Group",
            "SCSI miniport",
            "ErrorControl",
            "1",
            "ImagePath",
            "system32\\drivers\\viostor.sys")
        .key(SYSTEM, "DriverDatabase\\DeviceIds\\PCI\\" + ID, "guestor.inf", "x")
        .key(SYSTEM, "DriverDatabase\\DriverInfFiles\\guestor.inf", "Active", "guestor.inf_tmp")
        .key(
            SYSTEM,
            "DriverDatabase\\DriverPackages\\guestor.inf_tmp\\Descriptors\\PCI\\" + ID,
            "Configuration",
            "guestor_conf")
        .key(
            SYSTEM,
            "DriverDatabase\\DriverPackages\\guestor.inf_tmp\\Configurations\\guestor_conf",
            "Service",
            "viostor");
  }

  /** The header of a program for a processor. */
  static byte[] program(int machine) {
    ByteBuffer program = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    program.put(0, "MZ".getBytes(StandardCharsets.US_ASCII)).putInt(60, 128);
    program.put(128, new byte[] {'P', 'E', 0, 0}).putShort(132, (short) machine);
    program.putShort(152, (short) 0x20b);
    return program.array();
  }
}
