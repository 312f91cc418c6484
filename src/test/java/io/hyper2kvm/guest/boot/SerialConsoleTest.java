package io.hyper2kvm.guest.boot;

import static io.hyper2kvm.guest.SampleGuests.ONE_DISK;
import static io.hyper2kvm.guest.SampleGuests.ROOT_UUID;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.EditPlan;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The serial console that a manifest asks for, in the files of every boot loader. */
class SerialConsoleTest {

  private static final String R = "root=UUID=" + ROOT_UUID;
  private static final String BOTH = " console=tty0 console=ttyS0,115200";

  private static Map<String, String> fixed(Map<String, String> files) {
    EditPlan plan = BootFix.plan(files, ONE_DISK, true);
    assertThat(plan.failures()).isEmpty();
    Map<String, String> after = new TreeMap<>(files);
    plan.files().forEach(edit -> after.put(edit.file(), edit.after().orElseThrow()));
    return after;
  }

  /** The file afterwards; a second time changes nothing. */
  private static String fixed(String file, String text) {
    Map<String, String> once = fixed(Map.of(file, text));
    assertThat(fixed(once)).isEqualTo(once);
    return once.get(file);
  }

  /** R stands for a root that holds, BOTH for the words, a semicolon for a line's end. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/boot/grub/grub.cfg | linux /vmlinuz R ro quiet;initrd /i | linux /vmlinuz R ro"
            + " quietBOTH;initrd /i",
        "/boot/grub/grub.cfg | linux /vmlinuz R console=tty1;initrd /i | linux /vmlinuz R"
            + " console=tty1 console=ttyS0,115200;initrd /i",
        "/boot/grub/grub.cfg | linux /vmlinuz R console=ttyS0,9600 console=tty0;initrd /i | linux"
            + " /vmlinuz R console=ttyS0,9600 console=tty0;initrd /i",
        "/boot/grub/grub.cfg | linux /vmlinuz R ro # by hand;initrd /i | linux /vmlinuz R roBOTH #"
            + " by hand;initrd /i",
        "/boot/grub2/grub.cfg | set kernelopts=\"R ro \";blscfg | set kernelopts=\"R roBOTH"
            + " \";blscfg",
        "/boot/grub/grub.cfg | multiboot2 /xen.gz;module2 /vmlinuz R ro;module2 /initrd |"
            + " multiboot2 /xen.gz;module2 /vmlinuz R ro;module2 /initrd",
        "/boot/grub/menu.lst | # kopt=R ro;title a;kernel /vmlinuz R ro;initrd /i | # kopt=R"
            + " roBOTH;serial --unit=0 --speed=115200;terminal --timeout=5 console serial;title"
            + " a;kernel /vmlinuz R roBOTH;initrd /i",
        "/boot/grub/menu.lst | serial --unit=1;terminal console;title a;kernel /vmlinuz R;initrd /i"
            + " | serial --unit=1;terminal console serial;title a;kernel /vmlinuz RBOTH;initrd /i",
        "/boot/grub/menu.lst | title a;kernel /xen.gz x;module /vmlinuz R;module /i | serial"
            + " --unit=0 --speed=115200;terminal --timeout=5 console serial;title a;kernel /xen.gz"
            + " x;module /vmlinuz RBOTH;module /i",
        "/efi/loader/entries/a.conf | linux /l;initrd /i;options R;options quiet | linux /l;initrd"
            + " /i;options R;options quietBOTH",
        "/efi/loader/entries/a.conf | linux /l;initrd /i | linux /l;options console=tty0"
            + " console=ttyS0,115200;initrd /i",
        "/efi/loader/entries/a.conf | linux /l;initrd /i;options $kernelopts $tuned_params | linux"
            + " /l;initrd /i;options $kernelopts $tuned_paramsBOTH",
        "/efi/loader/entries/a.conf | efi /shell.efi;options x | efi /shell.efi;options x",
        "/etc/kernel/cmdline | R rw | R rwBOTH",
        "/etc/cmdline.d/10-root.conf | # root;R rw | # root;R rwBOTH",
        "/boot/extlinux/extlinux.conf | label a;linux /l;initrd /i;append R ro | SERIAL 0"
            + " 115200;label a;linux /l;initrd /i;append R roBOTH",
        "/boot/extlinux/extlinux.conf | SERIAL 0 9600;label a;linux /l;append R console=hvc0 |"
            + " SERIAL 0 9600;label a;linux /l;append R console=hvc0 console=ttyS0,115200",
        "/boot/syslinux/syslinux.cfg | append R;label a;kernel /l;label m;kernel memdisk.c32;append"
            + " x | SERIAL 0 115200;append RBOTH;label a;kernel /l;label m;kernel"
            + " memdisk.c32;append x",
        "/boot/extlinux.conf | label a;linux /l;initrd /i | SERIAL 0 115200;label a;linux /l; "
            + " APPEND console=tty0 console=ttyS0,115200;initrd /i",
        "/etc/update-extlinux.conf | default_kernel_opts=\"quiet\";serial_port=;serial_baud= |"
            + " default_kernel_opts=\"quietBOTH\";serial_port=0;serial_baud=115200",
        "/etc/default/u-boot | U_BOOT_PARAMETERS=\"ro quiet\" | U_BOOT_PARAMETERS=\"ro quietBOTH\"",
        "/etc/default/extlinux | EXTLINUX_PARAMETERS='ro' | EXTLINUX_PARAMETERS='roBOTH'",
        "/boot/refind_linux.conf | \"Standard\" \"R rw\" | \"Standard\" \"R rwBOTH\"",
        "/efi/EFI/refind/refind.conf | menuentry x {;options \"R rw\";} | menuentry x {;options \"R"
            + " rwBOTH\";}",
        "/etc/default/grub.d/50-x.cfg | GRUB_CMDLINE_LINUX=\"a\" |"
            + " GRUB_CMDLINE_LINUX=\"aBOTH\";GRUB_TERMINAL=\"console"
            + " serial\";GRUB_SERIAL_COMMAND=\"serial --unit=0 --speed=115200\"",
      })
  void everyCommandLineGetsTheSerialPort(String file, String before, String after) {
    assertThat(fixed(file, text(before))).isEqualTo(text(after));
  }

  private static String text(String cell) {
    return cell.replaceAll("\\bR(?=$|[^A-Z_])", R)
            .replaceAll("\\bRBOTH", R + BOTH)
            .replace("BOTH", BOTH)
            .replace(";", "\n")
        + "\n";
  }

  /** The settings of grub-mkconfig, and what is added to them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GRUB_TERMINAL=console | GRUB_TERMINAL=\"console serial\"",
        "GRUB_TERMINAL=\"serial console\" | GRUB_TERMINAL=\"serial console\"",
        "GRUB_TERMINAL_OUTPUT=gfxterm | GRUB_TERMINAL_OUTPUT=\"gfxterm serial\"",
        "GRUB_TERMINAL_INPUT=\"at_keyboard\" | GRUB_TERMINAL_INPUT=\"at_keyboard serial\"",
        "GRUB_TIMEOUT=5 | GRUB_TERMINAL=\"console serial\"",
        "GRUB_SERIAL_COMMAND=\"serial --unit=1\" | GRUB_SERIAL_COMMAND=\"serial --unit=1\"",
        "GRUB_CMDLINE_LINUX_DEFAULT=\"console=tty1\" | GRUB_CMDLINE_LINUX_DEFAULT=\"console=tty1"
            + " console=ttyS0,115200\"",
        "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\" | GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"",
      })
  void grubsOwnMenuGetsItToo(String line, String expected) {
    assertThat(fixed(GrubDefaults.FILE, line + "\n").lines())
        .contains(expected)
        .filteredOn(it -> it.startsWith("GRUB_SERIAL_COMMAND="))
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1:2345:respawn:/sbin/getty 38400 tty1 | S0:2345:respawn:/sbin/getty -L ttyS0 115200 vt100",
        "1:2345:respawn:/sbin/getty 38400 tty1;#T0:23:respawn:/sbin/getty -L ttyS0 9600 vt100 |"
            + " T0:23:respawn:/sbin/getty -L ttyS0 9600 vt100",
        "tty1::respawn:/sbin/getty 38400 tty1 | ttyS0::respawn:/sbin/getty -L ttyS0 115200 vt100",
        "tty1::respawn:/sbin/getty 38400 tty1;# ttyS0::respawn:/sbin/getty -L ttyS0 115200 vt100 |"
            + " ttyS0::respawn:/sbin/getty -L ttyS0 115200 vt100",
        "1:2345:respawn:/sbin/mingetty tty1 | S0:2345:respawn:/sbin/agetty -L ttyS0 115200 vt100",
      })
  void initGetsALogin(String before, String line) {
    assertThat(fixed(Inittab.FILE, before.replace(";", "\n") + "\n").lines()).contains(line);
  }

  @ParameterizedTest
  @CsvSource({
    "# inittab is no longer used when using systemd.",
    "id:5:initdefault:",
    "'T0:23:respawn:/sbin/getty -L ttyS0 9600 vt100'",
    "#1:2345:respawn:/sbin/getty 38400 tty1",
  })
  void aTableWithoutLoginsOrWithThatOneStays(String line) {
    assertThat(fixed(Inittab.FILE, line + "\n")).isEqualTo(line + "\n");
  }

  /** RHEL 8 keeps the words of all entries in GRUB's block, whose size stays. */
  @Test
  void wordsInGrubsBlockAreChangedThere() {
    String head = "# GRUB Environment Block\nkernelopts=" + R + " ro\n";
    String entry = "/boot/loader/entries/0123-4.18.conf";
    Map<String, String> after =
        fixed(
            Map.of(
                "/boot/grub2/grubenv",
                head + "#".repeat(GrubEnv.SIZE - head.length()),
                entry,
                "linux /vmlinuz\ninitrd /i\noptions $kernelopts $tuned_params\n"));

    assertThat(after.get("/boot/grub2/grubenv"))
        .hasSize(GrubEnv.SIZE)
        .contains("kernelopts=" + R + " ro" + BOTH + "\n");
    assertThat(after.get(entry)).doesNotContain("console=");
    assertThat(fixed(after)).isEqualTo(after);
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/lilo.conf, 'image=/vmlinuz;', ':1: ', run lilo in the guest",
    "/etc/lilo.conf, 'boot=/dev/sda;append=\"quiet\";image=/v;', ':2: ', run lilo in the guest",
    "/etc/lilo.conf, 'boot=/dev/sda;;image=/v;  append=\"x\"', ':3: ', run lilo in the guest",
    "/etc/lilo.conf, 'boot=/dev/sda;', ':1: ', run lilo in the guest",
    "/boot/efi/EFI/SuSE/elilo.conf, 'prompt;image=/v;', ':2: ', add it to append=",
  })
  void liloIsRefusedWithTheLine(String file, String text, String line, String what) {
    assertThat(BootFix.plan(Map.of(file, text.replace(";", "\n")), ONE_DISK, true).failures())
        .singleElement()
        .asString()
        .startsWith(file + line)
        .contains("serial console", what);
  }

  @Test
  void uBootHasItsOwnConsole() {
    Map<String, String> files =
        Map.of(
            "/boot/extlinux/extlinux.conf",
            "label l0\nlinux /l\nappend " + R + "\n",
            "/etc/default/u-boot",
            "#U_BOOT_PARAMETERS=\"ro\"\n");

    assertThat(fixed(files).get("/boot/extlinux/extlinux.conf"))
        .isEqualTo("label l0\nlinux /l\nappend " + R + BOTH + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "U_BOOT_PARAMETERS='ro'\"",
        "U_BOOT_PARAMETERS=ro\"",
        "U_BOOT_PARAMETERS=\"ro",
        "U_BOOT_PARAMETERS=ro'",
        "U_BOOT_PARAMETERS=ro\\",
      })
  void settingsWithAnOpenQuoteAreRefused(String text) {
    EditPlan plan = SerialConsole.plan(Map.of("/etc/default/u-boot", text));

    assertThat(plan.files()).isEmpty();
    assertThat(plan.failures()).singleElement().asString().contains("open quote");
  }

  @Test
  void theMenuOfSettingsWithAnOpenQuoteIsWarnedOf() {
    String text = "GRUB_CMDLINE_LINUX=\"console=ttyS0\"\nGRUB_TIMEOUT=\"5\n";
    EditPlan plan = SerialConsole.plan(Map.of(GrubDefaults.FILE, text));

    assertThat(plan.files()).isEmpty();
    assertThat(plan.warnings()).singleElement().asString().contains("open quote");
  }
}
