package io.hyper2kvm.guest.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DriverCheckTest {

  private static final String SERVICE = DriverReadings.SERVICE;

  private static Arguments broken(
      String what, String defect, UnaryOperator<DriverReadings> change) {
    return Arguments.of(what, defect, change);
  }

  static Stream<Arguments> brokenDisks() {
    return Stream.of(
        broken(
            "no service",
            "there is no service viostor in ControlSet001",
            it -> it.withoutKey(SERVICE)),
        broken(
            "started on demand",
            "viostor\\Start is 3, not 0",
            it -> it.value(SERVICE, "Start", "3")),
        broken("disabled", "viostor\\Start is 4, not 0", it -> it.value(SERVICE, "Start", "4")),
        broken("without a start", "viostor\\Start is missing", it -> it.without(SERVICE, "Start")),
        broken(
            "start as text of another type",
            "viostor\\Start is 00 00, not 0",
            it -> it.value(SERVICE, "Start", "00 00")),
        broken(
            "a start that holds instead",
            "StartOverride\\0 is 3: it holds instead of Start",
            it -> it.value(SERVICE + "\\StartOverride", "0", "3")),
        broken(
            "no driver of the kernel",
            "viostor\\Type is 16, not 1",
            it -> it.value(SERVICE, "Type", "16")),
        broken(
            "another group",
            "viostor\\Group is Extended Base, not SCSI miniport",
            it -> it.value(SERVICE, "Group", "Extended Base")),
        broken("no group", "viostor\\Group is missing", it -> it.without(SERVICE, "Group")),
        broken(
            "a program elsewhere",
            "ImagePath is \\??\\C:\\temp\\viostor.sys",
            it -> it.value(SERVICE, "ImagePath", "\\??\\C:\\temp\\viostor.sys")),
        broken(
            "a program on the way up",
            "the loader looks in System32\\drivers only",
            it -> it.value(SERVICE, "ImagePath", "system32\\drivers\\..\\..\\x.sys")),
        broken(
            "a program of another name",
            "Windows/System32/drivers/other.sys is missing",
            it -> it.value(SERVICE, "ImagePath", "system32\\drivers\\other.sys")),
        broken(
            "no program",
            "Windows/System32/drivers/viostor.sys is missing",
            it -> it.withoutFile(DriverReadings.PROGRAM)),
        broken(
            "an empty program",
            "viostor.sys (0 bytes) is no program",
            it -> it.file(DriverReadings.PROGRAM, 0, "")),
        broken(
            "a program that is text",
            "viostor.sys (512 bytes) is no program",
            it -> it.file(DriverReadings.PROGRAM, 512, "")),
        broken(
            "a program for 32 bits",
            "is for i386, and this Windows for x86_64",
            it -> it.file(DriverReadings.PROGRAM, 5000, "i386")),
        broken(
            "a program for ARM",
            "is for aarch64, and this Windows for x86_64",
            it -> it.file(DriverReadings.PROGRAM, 5000, "aarch64")),
        broken(
            "a service in another set",
            "which the next start uses, but in ControlSet002",
            it -> it.moved(SERVICE, "ControlSet002\\Services\\viostor")),
        broken(
            "another set for the next start",
            "in ControlSet002, which the next start uses",
            it -> it.nextStartUses("ControlSet002")),
        broken(
            "no device",
            "there is no key DriverDatabase\\DeviceIds\\PCI\\VEN_1AF4&DEV_1042",
            it -> it.withoutKey(DriverReadings.DEVICE)),
        broken(
            "the device of virtio 0.9 alone",
            "there is no key DriverDatabase\\DeviceIds",
            it ->
                it.moved(
                    DriverReadings.DEVICE,
                    DriverReading.deviceKey("VEN_1AF4&DEV_1001&SUBSYS_00021AF4&REV_00"))),
        broken(
            "a device without a driver",
            "names no driver",
            it -> it.without(DriverReadings.DEVICE, "guestor.inf")),
        broken(
            "a driver without a package",
            "DriverInfFiles\\guestor.inf\\Active is missing",
            it -> it.withoutKey(DriverReading.infKey("guestor.inf"))),
        broken(
            "a package without the device",
            "Configuration is missing",
            it -> it.withoutKey(DriverReadings.DESCRIPTOR)),
        broken(
            "a package without its configuration",
            "Service is missing, not viostor",
            it -> it.withoutKey(DriverReadings.CONFIGURATION)),
        broken(
            "a package of another service",
            "Service is vioscsi, not viostor",
            it -> it.value(DriverReadings.CONFIGURATION, "Service", "vioscsi")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenDisks")
  void aDiskDriverThatTheLoaderWouldNotStartIsNotProved(
      String what, String defect, UnaryOperator<DriverReadings> change) {
    DriverVerdict verdict = change.apply(DriverReadings.good()).check().disk(VirtioDriver.VIOSTOR);

    assertThat(verdict.proven()).isFalse();
    assertThat(verdict.reason()).contains(defect);
  }

  static Stream<Arguments> goodDisks() {
    return Stream.of(
        broken("as it is left", "", it -> it),
        broken("the group in capitals", "", it -> it.value(SERVICE, "Group", "SCSI MINIPORT")),
        broken(
            "a path from the root",
            "",
            it -> it.value(SERVICE, "ImagePath", "\\SystemRoot\\System32\\drivers\\viostor.sys")),
        broken(
            "a path with a variable",
            "",
            it -> it.value(SERVICE, "ImagePath", "%SystemRoot%\\system32\\DRIVERS\\viostor.sys")),
        broken("no path: the service's name", "", it -> it.without(SERVICE, "ImagePath")),
        broken(
            "an override that changes nothing",
            "",
            it -> it.value(SERVICE + "\\StartOverride", "0", "0")),
        broken(
            "a shorter name of the device",
            "",
            it ->
                it.moved(DriverReadings.DEVICE, DriverReading.deviceKey("VEN_1AF4&DEV_1042"))
                    .moved(
                        DriverReadings.DESCRIPTOR,
                        DriverReading.descriptorKey("guestor.inf_tmp", "VEN_1AF4&DEV_1042"))),
        broken(
            "a second driver that leads nowhere",
            "",
            it -> it.value(DriverReadings.DEVICE, "oem1.inf", "01 ff 00 00")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("goodDisks")
  void aDiskDriverThatTheLoaderStartsIsProved(
      String what, String none, UnaryOperator<DriverReadings> change) {
    DriverVerdict verdict = change.apply(DriverReadings.good()).check().disk(VirtioDriver.VIOSTOR);

    assertThat(verdict.defects()).isEmpty();
    assertThat(verdict.proof()).contains("ControlSet001\\Services\\viostor\\Start=0", "x86_64");
  }

  static Stream<Arguments> brokenBefore8() {
    return Stream.of(
        broken(
            "no device",
            "CriticalDeviceDatabase\\PCI#VEN_1AF4&DEV_1042",
            it -> it.withoutKey(DriverReadings.CRITICAL)),
        broken(
            "a device of another service",
            "Service is vioscsi, not viostor",
            it -> it.value(DriverReadings.CRITICAL, "Service", "vioscsi")),
        broken(
            "a device without a service",
            "Service is missing",
            it -> it.without(DriverReadings.CRITICAL, "Service")),
        broken(
            "a device in another set",
            "there is no key ControlSet001\\Control",
            it ->
                it.moved(
                    DriverReadings.CRITICAL,
                    DriverReadings.CRITICAL.replace("ControlSet001", "ControlSet003"))),
        broken(
            "a device by its old identifier",
            "there is no key ControlSet001\\Control",
            it ->
                it.moved(
                    DriverReadings.CRITICAL,
                    DriverReading.criticalKey(
                        "ControlSet001", "VEN_1AF4&DEV_1001&SUBSYS_00021AF4&REV_00"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenBefore8")
  void beforeWindows8TheDeviceMustBeACriticalOne(
      String what, String defect, UnaryOperator<DriverReadings> change) {
    DriverVerdict verdict = change.apply(DriverReadings.old()).check().disk(VirtioDriver.VIOSTOR);

    assertThat(verdict.proven()).isFalse();
    assertThat(verdict.reason()).contains(defect);
  }

  @Test
  void beforeWindows8ACriticalDeviceWithItsServiceIsProved() {
    assertThat(DriverReadings.old().check().disk(VirtioDriver.VIOSTOR).defects()).isEmpty();
  }

  @Test
  void oneDiskDriverIsNoProofOfTheOther() {
    assertThat(DriverReadings.good().check().disk(VirtioDriver.VIOSCSI).reason())
        .isEqualTo("there is no service vioscsi in ControlSet001");
  }

  @Test
  void keysAndValuesAreFoundInAnyCase() {
    DriverReadings other =
        DriverReadings.good()
            .withoutKey(SERVICE)
            .service("CONTROLSET001\\services\\VIOSTOR", "VIOSTOR")
            .withoutFile(DriverReadings.PROGRAM)
            .file("SYSTEM32/Drivers/VioStor.SYS", 5000, "x86_64");

    assertThat(other.check().disk(VirtioDriver.VIOSTOR).defects()).isEmpty();
  }

  static Stream<Arguments> brokenCards() {
    return Stream.of(
        broken(
            "no description",
            "netkvm.inf is missing",
            it -> it.withoutFile("Drivers/VirtIO/netkvm.inf")),
        broken(
            "an empty description",
            "netkvm.inf is missing",
            it -> it.file("Drivers/VirtIO/netkvm.inf", 0, "")),
        broken(
            "no catalogue",
            "netkvm.cat is missing",
            it -> it.withoutFile("Drivers/VirtIO/netkvm.cat")),
        broken(
            "no program",
            "netkvm.sys is missing",
            it -> it.withoutFile("Drivers/VirtIO/netkvm.sys")),
        broken(
            "a program for 32 bits",
            "netkvm.sys is for i386",
            it -> it.file("Drivers/VirtIO/netkvm.sys", 6000, "i386")),
        broken(
            "a folder where Windows does not look",
            "DevicePath is %SystemRoot%\\inf does not",
            it -> it.devicePath("%SystemRoot%\\inf")),
        broken(
            "a folder of a longer name",
            "does not name",
            it -> it.devicePath("%SystemRoot%\\Drivers\\VirtIO2")),
        broken("no folders", "DevicePath is missing", it -> it.devicePath("")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenCards")
  void aCardDriverThatWindowsWouldNotFindIsNotProved(
      String what, String defect, UnaryOperator<DriverReadings> change) {
    DriverVerdict verdict = change.apply(DriverReadings.good()).check().card();

    assertThat(verdict.proven()).isFalse();
    assertThat(verdict.reason()).contains(defect);
  }

  @Test
  void aCardDriverInAFolderWhereWindowsLooksIsProvedAsSuch() {
    assertThat(DriverReadings.good().check().card().proof())
        .contains("DevicePath", "installs it at its next start");
  }

  @Test
  void aCardDriverThatIsInstalledIsProvedAsSuch() {
    String device = "VEN_1AF4&DEV_1041&SUBSYS_11001AF4&REV_01";
    DriverReadings installed =
        DriverReadings.good()
            .devicePath("")
            .service("ControlSet001\\Services\\netkvm", "netkvm")
            .value("ControlSet001\\Services\\netkvm", "Start", "3")
            .file("System32/drivers/netkvm.sys", 6000, "x86_64")
            .value(DriverReading.deviceKey(device), "oem7.inf", "01 ff 00 00")
            .value(DriverReading.infKey("oem7.inf"), "Active", "netkvm.inf_amd64_1")
            .value(
                DriverReading.descriptorKey("netkvm.inf_amd64_1", device),
                "Configuration",
                "kvmnet6.ndi")
            .value(
                DriverReading.configurationKey("netkvm.inf_amd64_1", "kvmnet6.ndi"),
                "Service",
                "netkvm");

    assertThat(installed.check().card().proof()).contains("netkvm is installed");
  }

  @Test
  void aCardDriverThatIsDisabledIsNotProvedByItsFiles() {
    DriverReadings disabled =
        DriverReadings.good()
            .devicePath("")
            .service("ControlSet001\\Services\\netkvm", "netkvm")
            .value("ControlSet001\\Services\\netkvm", "Start", "4")
            .file("System32/drivers/netkvm.sys", 6000, "x86_64");

    assertThat(disabled.check().card().proven()).isFalse();
  }

  /** Start, StartOverride (- for none), whether its program is there, and what is said. */
  @ParameterizedTest
  @CsvSource({
    "storahci, 0, -, true, ''",
    "storahci, 0, 0, true, ''",
    "storahci, 0, 3, true, 'StartOverride\\0 is 3'",
    "storahci, 3, -, true, 'Start is 3'",
    "storahci, 0, -, false, 'storahci.sys is missing'",
    "msahci, 0, -, true, ''",
    "msahci, 3, -, true, 'Start is 3'"
  })
  void sataIsProvedByTheDriverThatWindowsHas(
      String service, String start, String override, boolean program, String defect) {
    String key = "ControlSet001\\Services\\" + service;
    DriverReadings readings =
        DriverReadings.good().service(key, service).value(key, "Start", start);
    if (!override.equals("-")) {
      readings.value(key + "\\StartOverride", "0", override);
    }
    if (program) {
      readings.file("System32/drivers/" + service + ".sys", 100, "x86_64");
    }

    assertThat(readings.check().sata().proven()).isEqualTo(defect.isEmpty());
    assertThat(readings.check().sata().reason()).contains(defect);
  }

  @Test
  void nothingAtAllIsNoProof() {
    DriverCheck nothing =
        new DriverCheck(
            new DriverReading(
                "ControlSet001", true, RegistryKeys.NONE, RegistryKeys.NONE, Map.of()),
            "x86_64");

    assertThat(nothing.disk(VirtioDriver.VIOSTOR).proven()).isFalse();
    assertThat(nothing.card().proven()).isFalse();
    assertThat(nothing.sata().proven()).isFalse();
  }
}
