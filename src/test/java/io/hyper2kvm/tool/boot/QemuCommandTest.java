package io.hyper2kvm.tool.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QemuCommandTest {

  private static final BootDisk DISK = new BootDisk(Path.of("/out/web 01,a=b.qcow2"), "qcow2");

  @Test
  void aCommaInANameIsDoubledAndTheNameStaysOneArgument() {
    assertThat(arguments(plan(BootDevices.VIRTIO, List.of(DISK))))
        .contains(
            "if=none,id=disk0,format=qcow2,snapshot=on,"
                + "file.driver=file,file.filename=/out/web 01,,a=b.qcow2")
        .contains("virtio-blk-pci,drive=disk0,bootindex=1");
  }

  @Test
  void noDiskIsEverWritten() {
    var disks = List.of(DISK, new BootDisk(Path.of("/out/data.raw"), "raw"));

    assertThat(arguments(plan(SCSI, disks)))
        .filteredOn(it -> it.startsWith("if="))
        .hasSize(2)
        .allMatch(it -> it.contains(",snapshot=on,"));
  }

  @Test
  void scsiDisksShareOneController() {
    var disks = List.of(DISK, new BootDisk(Path.of("/out/data.raw"), "raw"));

    assertThat(arguments(plan(SCSI, disks)))
        .containsOnlyOnce("virtio-scsi-pci,id=scsi0")
        .contains("scsi-hd,bus=scsi0.0,drive=disk0,bootindex=1")
        .contains("scsi-hd,bus=scsi0.0,drive=disk1,bootindex=2");
  }

  @Test
  void theBootDiskIsTriedFirstInWhicheverPlaceItIs() {
    BootPlan first =
        plan(
            BootDevices.VIRTIO,
            List.of(
                DISK, new BootDisk(Path.of("/out/2"), "raw"), new BootDisk(Path.of("/3"), "raw")));
    BootPlan second =
        new BootPlan(
            first.qemuBinary(),
            false,
            first.disks(),
            1,
            BootDevices.VIRTIO,
            1024,
            2,
            Optional.empty(),
            first.mac(),
            Optional.empty(),
            Optional.empty(),
            first.timeout(),
            first.workDir());

    assertThat(arguments(second))
        .containsSubsequence(
            "virtio-blk-pci,drive=disk0,bootindex=2",
            "virtio-blk-pci,drive=disk1,bootindex=1",
            "virtio-blk-pci,drive=disk2,bootindex=3");
  }

  @Test
  void eachDiskHasTheSectorsThatItsPartitionTableCountsIn() {
    var disks = List.of(DISK, new BootDisk(Path.of("/out/data.raw"), "raw", 4096));

    assertThat(arguments(plan(BootDevices.VIRTIO, disks)))
        .contains("virtio-blk-pci,drive=disk0,bootindex=1")
        .contains(
            "virtio-blk-pci,drive=disk1,bootindex=2,"
                + "logical_block_size=4096,physical_block_size=4096");
  }

  @ParameterizedTest
  @CsvSource({
    "SATA, 0, 'ide-hd,bus=ide.0,drive=disk0,bootindex=1'",
    "SATA, 5, 'ide-hd,bus=ide.5,drive=disk5,bootindex=6'",
    "SATA, 6, 'ide-hd,bus=ahci1.0,drive=disk6,bootindex=7'",
    "SATA, 13, 'ide-hd,bus=ahci2.1,drive=disk13,bootindex=14'",
    "IDE, 3, 'ide-hd,bus=ide.1,unit=1,drive=disk3,bootindex=4'",
    "SCSI, 1, 'scsi-hd,bus=scsi0.0,drive=disk1,bootindex=2'",
  })
  void aDiskIsOnTheBusOfTheDomain(BootDevices.Bus bus, int index, String device) {
    List<BootDisk> disks = Collections.nCopies(index + 1, DISK);

    List<String> arguments = arguments(plan(new BootDevices(bus, "e1000e"), disks));

    assertThat(arguments)
        .contains(device)
        .contains(bus == BootDevices.Bus.IDE ? "pc" : "q35")
        .anyMatch(argument -> argument.startsWith("e1000e,netdev=net0,romfile=,mac="));
    assertThat(arguments.stream().filter(it -> it.startsWith("ich9-ahci")))
        .hasSize(bus == BootDevices.Bus.SATA ? index / 6 : 0);
  }

  @Test
  void theGuestReachesNothing() {
    assertThat(arguments(plan(BootDevices.VIRTIO, List.of(DISK))))
        .filteredOn(it -> it.startsWith("user,"))
        .singleElement()
        .asString()
        .contains("restrict=on")
        .contains("hostfwd=tcp:127.0.0.1:0-:22");
  }

  @Test
  void theSandboxIsOn() {
    assertThat(arguments(plan(BootDevices.VIRTIO, List.of(DISK))))
        .containsSequence(
            "-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
  }

  @Test
  void firmwareVariablesAreNotWrittenEither() {
    var firmware = new BootFirmware(Path.of("/fw/CODE.fd"), Path.of("/fw/VARS.fd"));
    BootPlan plain = plan(BootDevices.VIRTIO, List.of(DISK));
    var plan =
        new BootPlan(
            plain.qemuBinary(),
            true,
            plain.disks(),
            0,
            BootDevices.VIRTIO,
            1024,
            2,
            Optional.of(firmware),
            plain.mac(),
            Optional.empty(),
            Optional.empty(),
            plain.timeout(),
            plain.workDir());

    assertThat(arguments(plan))
        .contains(
            "if=pflash,unit=0,format=raw,readonly=on,file.driver=file,file.filename=/fw/CODE.fd",
            "if=pflash,unit=1,format=raw,snapshot=on,file.driver=file,file.filename=/fw/VARS.fd")
        .containsSequence("-accel", "kvm", "-cpu", "host");
  }

  @Test
  void aStaticAddressIsForwardedTo() {
    assertThat(SlirpNetwork.options(Optional.of("192.0.2.77/24"), Optional.of("192.0.2.1")))
        .isEqualTo(
            "restrict=on,ipv6=off,net=192.0.2.0/24,host=192.0.2.1,dns=192.0.2.2,"
                + "dhcpstart=192.0.2.77,hostfwd=tcp:127.0.0.1:0-192.0.2.77:22");
  }

  @Test
  void aGatewayOutsideTheNetworkIsNotTaken() {
    assertThat(SlirpNetwork.options(Optional.of("192.0.2.1/29"), Optional.of("198.51.100.1")))
        .contains("host=192.0.2.2,dns=192.0.2.3,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1/32", "192.0.2.1/30", "192.0.2.0/24", "192.0.2.255/24"})
  void anAddressThatDoesNotFitLeavesTheDefaults(String cidr) {
    assertThat(SlirpNetwork.options(Optional.of(cidr), Optional.empty())).doesNotContain("net=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "192.0.2.256/24", "a/24", "1.2.3.4/99", "1.2.3.4/8,host=x"})
  void aMalformedAddressIsRefused(String cidr) {
    assertThatThrownBy(() -> SlirpNetwork.requireCidr(cidr))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aFormatIsNeverGuessed() {
    assertThatThrownBy(() -> new BootDisk(Path.of("/out/a"), "auto"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("auto");
  }

  @Test
  void aNameTooLongForASocketMovesTheSockets(@TempDir Path temporary) throws IOException {
    Path deep = temporary.resolve("d".repeat(120));
    Files.createDirectories(deep);

    BootEndpoints endpoints = BootEndpoints.in(deep);

    assertThat(endpoints.qmp().toString()).hasSizeLessThan(107);
    assertThat(endpoints.capture().getParent()).isEqualTo(deep);
    endpoints.discard();
    assertThat(endpoints.qmp().getParent()).doesNotExist();
  }

  private static List<String> arguments(BootPlan plan) {
    var endpoints =
        new BootEndpoints(Path.of("/w/qmp.sock"), Path.of("/w/agent.sock"), Path.of("/w/net.pcap"));
    return QemuCommand.arguments(plan, endpoints);
  }

  private static final BootDevices SCSI = new BootDevices(BootDevices.Bus.SCSI, "virtio");

  private static BootPlan plan(BootDevices devices, List<BootDisk> disks) {
    return new BootPlan(
        "qemu-system-x86_64",
        false,
        disks,
        0,
        devices,
        1024,
        2,
        Optional.empty(),
        "00:0c:29:3e:5f:a1",
        Optional.empty(),
        Optional.empty(),
        Duration.ofSeconds(180),
        Path.of("/w"));
  }
}
