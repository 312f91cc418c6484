package io.hyper2kvm.guest.boot;

import static io.hyper2kvm.guest.SampleGuests.ONE_DISK;
import static io.hyper2kvm.guest.SampleGuests.ROOT_UUID;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.EditPlan;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line of unified kernel images to come, in the settings of ukify. */
class UkifySettingsTest {

  private static final String FILE = "/etc/kernel/uki.conf";
  private static final String SERIAL = " console=tty0 console=ttyS0,115200";

  private static EditPlan plan(String file, String text, boolean serial) {
    return BootFix.plan(Map.of(file, text), ONE_DISK, serial);
  }

  private static String after(String file, String text, boolean serial) {
    return plan(file, text, serial).files().stream()
        .reduce((first, last) -> last)
        .flatMap(edit -> edit.after())
        .orElse(text);
  }

  private static String lines(String text) {
    return text.replace(";", "\n").replace("~", "  ");
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "[UKI];Cmdline=root=/dev/sda1 ro; | [UKI];Cmdline=root=UUID=ID ro;",
        "[UKI];Cmdline = quiet root=/dev/sda1 | [UKI];Cmdline = quiet root=UUID=ID",
        "[UKI];Cmdline=quiet;~root=/dev/sda1;~ro; | [UKI];Cmdline=quiet;~root=UUID=ID;~ro;",
        "[UKI];Cmdline=;~# none;~root=/dev/sda1; | [UKI];Cmdline=;~# none;~root=UUID=ID;",
        "[UKI];Initrd=/x;Cmdline=root=/dev/sda1 | [UKI];Initrd=/x;Cmdline=root=UUID=ID",
        "[X];Cmdline=root=/dev/sda1 | [X];Cmdline=root=/dev/sda1",
        "[UKI];#Cmdline=root=/dev/sda1 | [UKI];#Cmdline=root=/dev/sda1",
        "[UKI];Other=root=/dev/sda1 | [UKI];Other=root=/dev/sda1",
        "[UKI];Cmdline=root=UUID=ID | [UKI];Cmdline=root=UUID=ID",
        "[UKI];Cmdline=@/etc/kernel/cmdline | [UKI];Cmdline=@/etc/kernel/cmdline",
      },
      delimiter = '|')
  void theCommandLineGetsStableNames(String before, String after) {
    String text = lines(before.replace("=ID", "=" + ROOT_UUID));

    assertThat(after(FILE, text, false)).isEqualTo(lines(after.replace("=ID", "=" + ROOT_UUID)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/usr/lib/kernel/uki.conf", "/etc/systemd/ukify.conf", "/etc/kernel/uki.conf"})
  void allFilesOfSettingsAreCorrected(String file) {
    assertThat(after(file, "[UKI]\nCmdline=root=/dev/sda1\n", false)).contains("root=UUID=");
  }

  @Test
  void aFileThatIsNotReadIsToldWithItsLine() {
    assertThat(plan(FILE, "[UKI]\nCmdline=@/etc/my-cmdline\n", false).warnings())
        .singleElement()
        .asString()
        .startsWith(FILE + ":2: ")
        .contains("/etc/my-cmdline");
  }

  @Test
  void theFileOfKernelInstallIsReadAnyway() {
    assertThat(plan(FILE, "[UKI]\nCmdline=@/etc/kernel/cmdline\n", false).warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Cmdline=quiet, Cmdline=quiet+",
    "Cmdline=quiet;~ro, Cmdline=quiet+;~ro",
    "Cmdline=console=ttyS0, Cmdline=console=ttyS0",
    "Cmdline=quiet;~console=ttyS0, Cmdline=quiet;~console=ttyS0",
    "Cmdline=@/etc/kernel/cmdline, Cmdline=@/etc/kernel/cmdline",
    "Other=x, Other=x",
  })
  void theSerialPortIsAddedOnce(String before, String expected) {
    String once = after(FILE, "[UKI]\n" + lines(before) + "\n", true);

    assertThat(once).isEqualTo("[UKI]\n" + lines(expected).replace("+", SERIAL) + "\n");
    assertThat(after(FILE, once, true)).isEqualTo(once);
  }

  @Test
  void aVendorsSettingsGetNoConsole() {
    String file = "/usr/lib/kernel/uki.conf";

    assertThat(plan(file, "[UKI]\nCmdline=quiet\n", true).files()).isEqualTo(List.of());
  }
}
