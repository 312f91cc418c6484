package io.hyper2kvm.image.vmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.hardware.HardwareCard;
import io.hyper2kvm.image.hardware.HardwareDisk;
import io.hyper2kvm.image.hardware.VirtualHardware;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the machine of a .vmx file is. */
class VmxDescriptionTest {

  /** As vSphere 8 writes it for a machine with two disks and two cards. */
  private static final String ESXI =
      """
      .encoding = "UTF-8"
      config.version = "8"
      virtualHW.version = "20"
      nvram = "db01.nvram"
      svga.present = "TRUE"
      vmci0.present = "TRUE"
      hpet0.present = "TRUE"
      displayName = "db01"
      extendedConfigFile = "db01.vmxf"
      virtualHW.productCompatibility = "hosted"
      sched.cpu.units = "mhz"
      sched.cpu.affinity = "all"
      powerType.powerOff = "default"
      tools.upgrade.policy = "manual"
      scsi0.virtualDev = "pvscsi"
      scsi0.present = "TRUE"
      sata0.present = "TRUE"
      scsi0:0.deviceType = "scsi-hardDisk"
      scsi0:0.fileName = "db01.vmdk"
      sched.scsi0:0.shares = "normal"
      sched.scsi0:0.throughputCap = "off"
      scsi0:0.present = "TRUE"
      scsi0:1.deviceType = "scsi-hardDisk"
      scsi0:1.fileName = "db01_1.vmdk"
      scsi0:1.mode = "independent-persistent"
      scsi0:1.present = "TRUE"
      ethernet0.virtualDev = "vmxnet3"
      ethernet0.networkName = "VM Network"
      ethernet0.addressType = "vpx"
      ethernet0.generatedAddress = "00:50:56:9A:12:34"
      ethernet0.uptCompatibility = "TRUE"
      ethernet0.present = "TRUE"
      ethernet1.virtualDev = "vmxnet3"
      ethernet1.dvs.switchId = "50 1e 1d 2f 5a 0b 0d 4c-9d 66 3e 0f 7a 6b 5c 4d"
      ethernet1.dvs.portId = "12"
      ethernet1.dvs.portgroupId = "dvportgroup-1021"
      ethernet1.addressType = "static"
      ethernet1.address = "00-50-56-01-02-03"
      ethernet1.startConnected = "FALSE"
      ethernet1.present = "TRUE"
      sata0:0.startConnected = "FALSE"
      sata0:0.deviceType = "cdrom-raw"
      sata0:0.clientDevice = "TRUE"
      sata0:0.fileName = "emptyBackingString"
      sata0:0.present = "TRUE"
      floppy0.present = "FALSE"
      numvcpus = "4"
      cpuid.coresPerSocket = "2"
      memSize = "8192"
      firmware = "efi"
      uefi.secureBoot.enabled = "TRUE"
      guestOS = "debian12-64"
      uuid.bios = "42 1e 5c 9a 00 11 22 33-44 55 66 77 88 99 aa bb"
      pciBridge0.present = "TRUE"
      pciBridge4.virtualDev = "pcieRootPort"
      pciBridge4.functions = "8"
      scsi0.pciSlotNumber = "160"
      ethernet0.pciSlotNumber = "192"
      ethernet1.pciSlotNumber = "1184"
      sata0.pciSlotNumber = "32"
      vmci0.id = "-1"
      monitor.phys_bits_used = "45"
      """;

  private static VmxDescription read(String text) {
    return VmxDescription.read(text.getBytes(StandardCharsets.UTF_8), "db01.vmx");
  }

  /** A machine with a disk, and what else is said. */
  private static VmxDescription with(String... lines) {
    return read(
        """
        scsi0.present = "TRUE"
        scsi0:0.present = "TRUE"
        scsi0:0.fileName = "db01.vmdk"
        """
            + String.join("\n", lines));
  }

  private static String places(VmxDescription vmx) {
    return vmx.machine().disks().stream()
        .map(d -> d.id() + "=" + d.file().orElseThrow().href())
        .collect(Collectors.joining(" "));
  }

  private static void assertRefused(String code, String message, String... lines) {
    assertThatThrownBy(() -> with(lines))
        .isInstanceOfSatisfying(
            ImageRefusedException.class, e -> assertThat(e.code().name()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  @Test
  void theMachineIsTheOneThatVsphereDescribes() {
    VmxDescription vmx = read(ESXI);
    VirtualHardware machine = vmx.machine();

    assertThat(vmx.warnings()).isEmpty();
    assertThat(vmx.nvram()).isEqualTo("db01.nvram");
    assertThat(machine.name()).isEqualTo("db01");
    assertThat(machine.hardware()).isEqualTo("vmx-20");
    assertThat(machine.guestOs()).isEqualTo("debian12-64");
    assertThat(machine.memory()).hasValue(8L << 30);
    assertThat(machine.cpus()).hasValue(4);
    assertThat(machine.coresPerSocket()).hasValue(2);
    assertThat(machine.firmware()).hasValue(VirtualHardware.Firmware.UEFI);
    assertThat(machine.secureBoot()).isTrue();
    assertThat(machine.tpm()).isFalse();
    assertThat(machine.drives()).containsExactly(VirtualHardware.Drive.CD);
  }

  @Test
  void aDiskHasItsFileItsControllerAndItsPlace() {
    HardwareDisk second = read(ESXI).machine().disks().get(1);

    assertThat(second.file().orElseThrow().href()).isEqualTo("db01_1.vmdk");
    assertThat(second.controller().orElseThrow().toString())
        .isEqualTo(
            "HardwareController[kind=SCSI, model=pvscsi, address=0, slot=OptionalInt[160],"
                + " id=scsi0]");
    assertThat(second.unit()).hasValue(1);
    assertThat(read(ESXI).lines()).containsEntry("scsi0:1", 24);
  }

  @Test
  void aCardHasItsAddressItsNetworkAndItsSlot() {
    assertThat(read(ESXI).machine().cards().stream().map(HardwareCard::toString))
        .containsExactly(
            "HardwareCard[mac=Optional[00:50:56:9a:12:34], model=vmxnet3, network=VM Network,"
                + " address=OptionalInt[0], connected=true, slot=OptionalInt[192]]",
            "HardwareCard[mac=Optional[00:50:56:01:02:03], model=vmxnet3,"
                + " network=dvportgroup-1021, address=OptionalInt[1], connected=false,"
                + " slot=OptionalInt[1184]]");
  }

  @Test
  void whatVmwareLeavesOutIsItsDefault() {
    VirtualHardware machine = with().machine();

    assertThat(machine.cpus()).hasValue(1);
    assertThat(machine.coresPerSocket()).isEmpty();
    assertThat(machine.firmware()).hasValue(VirtualHardware.Firmware.BIOS);
    assertThat(machine.memory()).isEmpty();
    assertThat(machine.hardware()).isEmpty();
    assertThat(machine.cards()).isEmpty();
    assertThat(with().warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      value = {
        // By kind, as vSphere numbers its devices; then by controller, then by unit.
        "nvme0:0 sata0:0 scsi1:0 scsi0:10 scsi0:2 ide1:0 ide0:1"
            + " -> ide0:1 ide1:0 scsi0:2 scsi0:10 scsi1:0 sata0:0 nvme0:0",
        "scsi3:0 scsi2:0 scsi1:0 scsi0:0 -> scsi0:0 scsi1:0 scsi2:0 scsi3:0",
        "sata0:29 sata0:3 -> sata0:3 sata0:29",
        "nvme1:0 nvme0:1 nvme0:0 -> nvme0:0 nvme0:1 nvme1:0",
        "ide1:1 ide1:0 ide0:1 ide0:0 -> ide0:0 ide0:1 ide1:0 ide1:1",
        "scsi0:64 scsi0:8 scsi0:0 -> scsi0:0 scsi0:8 scsi0:64",
      })
  void disksAreInTheOrderOfTheirPlaces(String devices, String order) {
    StringBuilder text = new StringBuilder();
    for (String device : devices.split(" ")) {
      String controller = device.substring(0, device.indexOf(':'));
      if (text.indexOf(controller + ".present") < 0) {
        text.append("%s.present = \"TRUE\"\n".formatted(controller));
      }
      text.append("%1$s.present = \"TRUE\"\n%1$s.fileName = \"x\"\n".formatted(device));
    }

    assertThat(places(read(text.toString())).replace("=x", "")).isEqualTo(order);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      value = {
        "bios.hddOrder = \"scsi0:1\" -> 1",
        "bios.hddOrder = \"scsi0:1,scsi0:0\" -> 1",
        "bios.hddOrder = \" SCSI0:1 , scsi0:0\" -> 1",
        "bios.hddOrder = \"scsi0:5,ide0:0,scsi0:1\" -> 1",
        "bios.hddOrder = \"scsi0:0,scsi0:1\" -> 0",
        "bios.hddOrder = \"\" -> none",
        "bios.bootOrder = \"ethernet0,hdd\" -> none",
        "firmware = \"efi\" & bios.hddOrder = \"scsi0:1\" -> none",
      })
  void diskThatTheBiosStartsFirstIsTheOneThatWasChosen(String lines, String disk) {
    VmxDescription vmx =
        with(
            "scsi0:1.present = \"TRUE\"",
            "scsi0:1.fileName = \"db01_1.vmdk\"",
            lines.replace(" & ", "\n"));

    assertThat(vmx.machine().bootDisk())
        .isEqualTo(
            disk.equals("none") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(disk)));
    assertThat(vmx.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "scsi-hardDisk",
        "disk",
        "ata-hardDisk",
        "sata-hardDisk",
        "nvme-hardDisk",
        "rdm",
        "rawDisk",
        "SCSI-HARDDISK",
        ""
      })
  void aDiskHasManyNames(String type) {
    assertThat(places(with("scsi0:0.deviceType = \"%s\"".formatted(type))))
        .isEqualTo("scsi0:0=db01.vmdk");
  }

  @ParameterizedTest
  @CsvSource({
    "cdrom-image, install.iso",
    "cdrom-raw, auto detect",
    "atapi-cdrom, auto detect",
    "cdrom-raw, /dev/cdrom",
    "cdrom-image, /vmfs/volumes/iso/debian.iso",
    "'', auto detect"
  })
  void aDriveIsNoDisk(String type, String file) {
    VmxDescription vmx =
        with(
            "ide1:0.present = \"TRUE\"",
            "ide1:0.deviceType = \"%s\"".formatted(type),
            "ide1:0.fileName = \"%s\"".formatted(file),
            "floppy0.present = \"TRUE\"",
            "floppy0.fileName = \"/dev/fd0\"");

    assertThat(places(vmx)).isEqualTo("scsi0:0=db01.vmdk");
    assertThat(vmx.machine().drives())
        .containsExactly(VirtualHardware.Drive.CD, VirtualHardware.Drive.FLOPPY);
  }

  @Test
  void whatIsSaidNotToBePresentIsNotThere() {
    VmxDescription vmx =
        with(
            "scsi0:1.present = \"FALSE\"", "scsi0:1.fileName = \"old.vmdk\"", "ethernet0.x = \"\"");

    assertThat(places(vmx)).isEqualTo("scsi0:0=db01.vmdk");
    assertThat(vmx.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      value = {
        "scsi0:1.fileName = \"b.vmdk\" -> line 4: scsi0:1 is not said to be present",
        "ethernet0.virtualDev = \"e1000\" -> line 4: ethernet0 is not said to be present",
        "scsi0:0.mode = \"independent-nonpersistent\" -> line 4: scsi0:0 is independent-nonpersis",
        "scsi0:0.mode = \"undoable\" -> line 4: scsi0:0 is undoable",
        "scsi0:0.redo = \"./db01.vmdk.REDO_a0\" -> line 4: scsi0:0 has changes in the redo log",
        "scsi0:0.sharing = \"multi-writer\" -> line 4: scsi0:0 is written to by several VMs",
        "scsi0.sharedBus = \"physical\" -> line 4: scsi0 is shared with other VMs (physical)",
        "firmware = \"coreboot\" -> line 4: the firmware \"coreboot\" is not known here",
        "vtpm.present = \"TRUE\" -> line 4: the VM has a virtual TPM",
        "pciPassthru0.present = \"TRUE\" -> line 4: pcipassthru0 is a device of the old host",
        "bios.hddOrder = \"scsi0:7\" -> line 4: bios.hddOrder names no disk of the VM (\"scsi0:7\")",
        "memSize = \"lots\" -> line 4: memSize is \"lots\"",
        "numvcpus = \"0\" -> line 4: numvcpus is \"0\"",
        "cpuid.coresPerSocket = \"x\" -> line 4: cpuid.coresPerSocket is \"x\"",
        "scsi0.pciSlotNumber = \"here\" -> line 4: scsi0.pciSlotNumber is \"here\"",
      })
  void whatAnOperatorShouldLookAtIsTold(String line, String warning) {
    VmxDescription vmx = with(line);

    assertThat(vmx.warnings()).singleElement().asString().startsWith("db01.vmx, " + warning);
    assertThat(places(vmx)).isEqualTo("scsi0:0=db01.vmdk");
  }

  @Test
  void aDeviceOfTheHostIsLeftOut() {
    VmxDescription vmx =
        with("scsi0:1.present = \"TRUE\"", "scsi0:1.deviceType = \"scsi-passthru\"");

    assertThat(places(vmx)).isEqualTo("scsi0:0=db01.vmdk");
    assertThat(vmx.warnings())
        .singleElement()
        .asString()
        .isEqualTo(
            "db01.vmx, line 4: scsi0:1 is a device of the old host (scsi-passthru), which does not"
                + " come with the VM");
  }

  @Test
  void aDiskOnAControllerThatIsNotThereIsLeftOut() {
    VmxDescription vmx =
        with(
            "scsi1.present = \"FALSE\"",
            "scsi1:0.present = \"TRUE\"",
            "scsi1:0.fileName = \"b.vmdk\"");

    assertThat(places(vmx)).isEqualTo("scsi0:0=db01.vmdk");
    assertThat(vmx.warnings()).singleElement().asString().contains("line 5: scsi1:0 is left out");
  }

  @Test
  void aDiskOnAControllerOfWhichNothingIsSaidIsTaken() {
    VmxDescription vmx =
        read("sata0:0.present = \"TRUE\"\nsata0:0.fileName = \"a.vmdk\"\nide0:0.x = \"\"");

    assertThat(places(vmx)).isEqualTo("sata0:0=a.vmdk");
    assertThat(vmx.warnings()).singleElement().asString().contains("line 1: sata0:0 is taken");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      value = {
        "scsi4:0.present = \"TRUE\" -> OVF_INVALID line 4: VMware has no place scsi4:0",
        "ide0:2.present = \"TRUE\" -> OVF_INVALID line 4: VMware has no place ide0:2",
        "scsi0:256.present = \"TRUE\" -> OVF_INVALID line 4: VMware has no place scsi0:256",
        "scsi0:1.present = \"TRUE\" -> OVF_INVALID line 4: scsi0:1 is a disk without a fileName",
        "scsi0:0.deviceType = \"quantum\" -> OVF_INVALID line 4: scsi0:0 is a \"quantum\"",
        "scsi0:0.present = \"FALSE\" -> OVF_INVALID line 4: \"scsi0:0.present\" is \"FALSE\" here",
        "scsi0:0.fileName = \"b.vmdk\" -> OVF_INVALID line 4: \"scsi0:0.fileName\" is \"b.vmdk\"",
        "scsi0:1.present = \"perhaps\" -> OVF_INVALID line 4: scsi0:1.present is \"perhaps\"",
        "checkpoint.vmState = \"db01.vmss\" -> VM_SUSPENDED its memory is in \"db01.vmss\"",
        "checkpoint.vmState = \"db01-Snapshot2.vmsn\" -> VM_SUSPENDED db01-Snapshot2.vmsn",
        "encryption.keySafe = \"vmware:key/list/(x)\" -> VM_ENCRYPTED line 4",
        "encryption.data = \"5rXNGmZ9\" -> VM_ENCRYPTED (encryption.data)",
      })
  void whatCannotBeKnownIsRefusedWithItsLine(String line, String expected) {
    String[] words = expected.split(" ", 2);
    assertRefused(words[0], words[1], line);
  }

  @Test
  void theSecretOfAnEncryptedMachineIsNotShown() {
    assertThatThrownBy(() -> with("encryption.keySafe = \"vmware:key/list/secret\""))
        .hasMessageNotContaining("secret");
  }

  @Test
  void aMachineThatWasOnceSuspendedIsNot() {
    assertThat(with("checkpoint.vmState = \"\"").warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "displayName = \"x\"", "scsi0.present = \"TRUE\""})
  void aMachineWithoutDiskIsRefused(String text) {
    assertThatThrownBy(() -> read(text)).hasMessageContaining("it has no disk");
  }

  @Test
  void manyDisksAreRefused() {
    StringBuilder text = new StringBuilder("nvme0.present = \"TRUE\"\n");
    for (int i = 0; i < 65; i++) {
      text.append("nvme0:%1$d.present = \"1\"\nnvme0:%1$d.fileName = \"%1$d\"\n".formatted(i));
    }

    assertThatThrownBy(() -> read(text.toString())).hasMessageContaining("more than 64 disks");
  }

  @Test
  void manyCardsAreRefused() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 65; i++) {
      text.append("ethernet%d.present = \"TRUE\"\n".formatted(i));
    }

    assertThatThrownBy(() -> with(text.toString()))
        .hasMessageContaining("65 network cards; at most 64");
  }

  /** The lines of ethernet0 that follow "present". */
  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      value = {
        "addressType = \"generated\" generatedAddress = \"00:0c:29:3E:5f:a1\" -> 00:0c:29:3e:5f:a1",
        "addressType = \"vpx\" generatedAddress = \"00:50:56:9a:00:01\" -> 00:50:56:9a:00:01",
        "addressType = \"static\" address = \"00:50:56:01:02:03\" -> 00:50:56:01:02:03",
        "addressType = \"static\" address = \"00:50:56:01:02:03\" "
            + "generatedAddress = \"00:0c:29:01:02:03\" -> 00:50:56:01:02:03",
        "addressType = \"generated\" address = \"00:50:56:01:02:03\" "
            + "generatedAddress = \"00:0c:29:01:02:03\" -> 00:0c:29:01:02:03",
        "address = \"00:50:56:01:02:03\" -> 00:50:56:01:02:03",
        "generatedAddress = \"00:0c:29:01:02:0d\" generatedAddressOffset = \"10\""
            + " -> 00:0c:29:01:02:0d",
        "addressType = \"generated\" -> none",
        "address = \"auto\" -> none",
        "address = \"01:50:56:01:02:03\" -> none",
      })
  void theAddressIsTheOneThatTheCardHad(String lines, String expected) {
    String text = "ethernet0.present = \"TRUE\"\n";
    for (String line : lines.split("(?<=\") ")) {
      text += "ethernet0." + line + "\n";
    }

    assertThat(with(text).machine().cards().get(0).mac().orElse("none")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      value = {
        "networkName = \"VM Network\" -> VM Network",
        "networkName = \"VLAN 12|22\" -> VLAN 12\"",
        "connectionType = \"bridged\" -> bridged",
        "connectionType = \"custom\"; vnet = \"/dev/vmnet8\" -> /dev/vmnet8",
        "connectionType = \"custom\"; vnet = \"VMnet2\" -> VMnet2",
        "networkName = \"\"; dvs.portgroupId = \"dvportgroup-7\" -> dvportgroup-7",
        "opaqueNetwork.id = \"seg-1\" -> seg-1",
        "x = \"\" -> none",
      })
  void aNetworkIsTheNameThatIsSaid(String lines, String expected) {
    String text = "ethernet0.present = \"TRUE\"\nethernet0." + lines.replace("; ", "\nethernet0.");

    String network = with(text).machine().cards().get(0).network();
    assertThat(network.isEmpty() ? "none" : network).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "debian12-64, '', e1000",
    "winxppro, '', vlance",
    "'', '', vlance",
    "debian12-64, e1000e, e1000e",
    "other26xlinux, vmxnet3, vmxnet3"
  })
  void aModelThatIsNotSaidIsTheOneOfSuchAGuest(String guest, String model, String expected) {
    VmxDescription vmx =
        with(
            "guestOS = \"%s\"".formatted(guest),
            "ethernet0.present = \"TRUE\"",
            "ethernet0.virtualDev = \"%s\"".formatted(model));

    assertThat(vmx.machine().cards()).extracting(HardwareCard::model).containsExactly(expected);
  }

  @Test
  void cardsAreInTheOrderOfTheirNumbers() {
    VmxDescription vmx =
        with(
            "ethernet10.present = \"TRUE\"",
            "ethernet10.networkName = \"c\"",
            "ethernet2.present = \"TRUE\"",
            "ethernet2.networkName = \"b\"",
            "ethernet1.present = \"FALSE\"",
            "ethernet3.networkName = \"nowhere\"",
            "ethernet0.present = \"TRUE\"",
            "ethernet0.networkName = \"a\"");

    assertThat(vmx.machine().cards())
        .extracting(HardwareCard::network)
        .containsExactly("a", "b", "c");
  }

  @Test
  void oneAddressOfTwoCardsIsAWarning() {
    VmxDescription vmx =
        with(
            "ethernet0.present = \"TRUE\"",
            "ethernet0.address = \"00:50:56:01:02:03\"",
            "ethernet1.present = \"TRUE\"",
            "ethernet1.address = \"00:50:56:01:02:03\"");

    assertThat(vmx.warnings())
        .containsExactly(
            "db01.vmx, line 7: another card of the VM has the address 00:50:56:01:02:03, too");
  }
}
