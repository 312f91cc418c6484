package io.hyper2kvm.guest.boot;

import static io.hyper2kvm.guest.SampleGuests.ONE_DISK;
import static io.hyper2kvm.guest.SampleGuests.ROOT_UUID;
import static io.hyper2kvm.guest.SampleGuests.SWAP_UUID;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.Edited;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrubDefaultsTest {

  private static final String UUID = "UUID=" + ROOT_UUID;

  @Test
  void everyCommandLineVariableIsReadInEveryShellForm() {
    String text =
        """
        # If you change this file, run 'update-grub' afterwards; root=/dev/sda1 here is prose
        GRUB_DEFAULT=0
        GRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`
        GRUB_CMDLINE_LINUX_DEFAULT="quiet splash resume=/dev/sda5"
        GRUB_CMDLINE_LINUX='root=/dev/sda1'
        export GRUB_CMDLINE_LINUX_RECOVERY="single root=/dev/sda1"
          GRUB_CMDLINE_XEN=root=/dev/sda1
        #GRUB_CMDLINE_LINUX="root=/dev/sda1"
        GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX \\
           root=/dev/sda1" # root=/dev/sda1
        GRUB_BACKGROUND="root=/dev/sda1"
        """;

    assertThat(GrubDefaults.stabilize(GrubDefaults.FILE, text, ONE_DISK).text())
        .isEqualTo(
            """
            # If you change this file, run 'update-grub' afterwards; root=/dev/sda1 here is prose
            GRUB_DEFAULT=0
            GRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`
            GRUB_CMDLINE_LINUX_DEFAULT="quiet splash resume=UUID=%s"
            GRUB_CMDLINE_LINUX='root=%s'
            export GRUB_CMDLINE_LINUX_RECOVERY="single root=%s"
              GRUB_CMDLINE_XEN=root=%s
            #GRUB_CMDLINE_LINUX="root=/dev/sda1"
            GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX \\
               root=%s" # root=/dev/sda1
            GRUB_BACKGROUND="root=/dev/sda1"
            """
                .formatted(SWAP_UUID, UUID, UUID, UUID, UUID));
  }

  @Test
  void evidenceOfAContinuedValueNamesItsOwnLine() {
    Edited edited =
        GrubDefaults.stabilize(
            GrubDefaults.FILE, "GRUB_CMDLINE_LINUX=\"quiet\n root=/dev/sda1\"\n", ONE_DISK);

    assertThat(edited.changes()).extracting(Change::line).containsExactly(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "\"true\"", "'true'"})
  void deviceNamesDoNotComeBackWithTheNextKernel(String value) {
    Edited edited =
        GrubDefaults.stabilize(
            GrubDefaults.FILE, "GRUB_DISABLE_LINUX_UUID=" + value + "\n", ONE_DISK);

    assertThat(edited.text())
        .isEqualTo("GRUB_DISABLE_LINUX_UUID=" + value.replace("true", "false") + "\n");
  }

  @Test
  void commentedSwitchStays() {
    String text =
        "# Uncomment if you don't want GRUB to pass UUIDs\n#GRUB_DISABLE_LINUX_UUID=true\n";

    assertThat(GrubDefaults.stabilize(GrubDefaults.FILE, text, ONE_DISK).text()).isEqualTo(text);
  }

  @Test
  void deviceSetByHandIsTold() {
    Edited edited =
        GrubDefaults.stabilize(GrubDefaults.FILE, "GRUB_DEVICE=\"/dev/sda1\"\n", ONE_DISK);

    assertThat(edited.changed()).isFalse();
    assertThat(edited.warnings()).singleElement().asString().contains("GRUB_DEVICE");
  }

  @Test
  void unterminatedQuoteEndsWithItsLine() {
    assertThat(
            GrubDefaults.stabilize(
                    GrubDefaults.FILE,
                    "GRUB_CMDLINE_LINUX=\"root=/dev/sda1\nX=root=/dev/sda1",
                    ONE_DISK)
                .text())
        .isEqualTo("GRUB_CMDLINE_LINUX=\"root=" + UUID + "\nX=root=/dev/sda1");
  }

  @Test
  void dropInKeepsItsName() {
    assertThat(
            GrubDefaults.stabilize(
                    "/etc/default/grub.d/50-x.cfg", "GRUB_CMDLINE_LINUX=root=/dev/sda1", ONE_DISK)
                .changes())
        .extracting(Change::file)
        .containsExactly("/etc/default/grub.d/50-x.cfg");
  }

  @Test
  void serialConsoleIsAddedOnce() {
    Edited once = GrubDefaults.withSerialConsole("GRUB_CMDLINE_LINUX=\"net.ifnames=0\"\n");

    assertThat(once.text())
        .isEqualTo("GRUB_CMDLINE_LINUX=\"net.ifnames=0 console=tty0 console=ttyS0,115200\"\n");
    assertThat(GrubDefaults.withSerialConsole(once.text()).text()).isEqualTo(once.text());
    assertThat(GrubDefaults.withSerialConsole(once.text()).changed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GRUB_CMDLINE_LINUX_DEFAULT=\"console=tty1 console=ttyS0\"\n",
        "GRUB_CMDLINE_LINUX='console=ttyS0,9600n8'\n"
      })
  void consoleThatIsThereStays(String text) {
    assertThat(GrubDefaults.withSerialConsole(text).text()).isEqualTo(text);
  }

  @Test
  void emptyValueGetsNoLeadingBlank() {
    assertThat(GrubDefaults.withSerialConsole("GRUB_CMDLINE_LINUX=\"\"\n").text())
        .isEqualTo("GRUB_CMDLINE_LINUX=\"console=tty0 console=ttyS0,115200\"\n");
  }

  @Test
  void absentVariableIsAppendedInTheStyleOfTheFile() {
    Edited edited = GrubDefaults.withSerialConsole("GRUB_DEFAULT=0\r\nGRUB_TIMEOUT=5");

    assertThat(edited.text())
        .isEqualTo(
            "GRUB_DEFAULT=0\r\nGRUB_TIMEOUT=5\r\n"
                + "GRUB_CMDLINE_LINUX=\"console=tty0 console=ttyS0,115200\"\r\n");
    assertThat(edited.changes())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.line()).isEqualTo(3);
              assertThat(change.before()).isEmpty();
            });
  }

  @Test
  void unquotedValueIsExtendedByAnotherAssignment() {
    Edited once = GrubDefaults.withSerialConsole("GRUB_CMDLINE_LINUX=quiet\n");

    assertThat(once.text())
        .isEqualTo(
            "GRUB_CMDLINE_LINUX=quiet\n"
                + "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX console=tty0 console=ttyS0,115200\"\n");
    assertThat(GrubDefaults.withSerialConsole(once.text()).changed()).isFalse();
  }

  @Test
  void openQuoteThatWouldSwallowTheConsoleIsAFailure() {
    Edited edited = GrubDefaults.withSerialConsole("GRUB_TIMEOUT=\"5\n");

    assertThat(edited.changed()).isFalse();
    assertThat(edited.failures()).singleElement().asString().contains("open quote");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GRUB_CMDLINE_LINUX+=\" %s\"",
        "GRUB_CMDLINE_LINUX_DEFAULT+=' %s'",
        "GRUB_CMDLINE_LINUX=\"quiet\"\nGRUB_CMDLINE_LINUX+=\" %s quiet\"",
        "  export GRUB_CMDLINE_LINUX+=\" \\\n%s\"",
        "GRUB_CMDLINE_LINUX+=\" rhgb\"\r\nGRUB_CMDLINE_XEN+=%s"
      })
  void whatIsAddedToACommandLineIsReadAsWell(String text) {
    assertThat(
            GrubDefaults.stabilize(GrubDefaults.FILE, text.formatted("resume=/dev/sda5"), ONE_DISK)
                .text())
        .isEqualTo(text.formatted("resume=UUID=" + SWAP_UUID));
  }

  @Test
  void theOlderSwitchOfUuidsIsTakenBackByItsNewerNameAsWell() {
    assertThat(
            GrubDefaults.stabilize(GrubDefaults.FILE, "GRUB_DISABLE_UUID=\"true\"\n", ONE_DISK)
                .text())
        .isEqualTo("GRUB_DISABLE_UUID=\"false\"\n");
  }
}
