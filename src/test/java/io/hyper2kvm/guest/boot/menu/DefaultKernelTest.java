package io.hyper2kvm.guest.boot.menu;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.boot.GrubEnv;
import io.hyper2kvm.guest.boot.menu.DefaultKernel.Choice;
import io.hyper2kvm.guest.boot.menu.DefaultKernel.Way;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultKernelTest {

  private static final String IMAGE = "/boot/vmlinuz-6.1.10-10.ph5";
  private static final String CONFIG = "/boot/grub2/grub.cfg";
  private static final String PHOTON =
      "load_env -f /photon.cfg\nmenuentry 'Photon' {\n linux /$photon_linux root=UUID=1\n}\n";
  private static final String BLS = "set default=\"${saved_entry}\"\ninsmod blscfg\nblscfg\n";

  private static Choice of(String config, String... filesAndTexts) {
    Map<String, String> texts = new TreeMap<>();
    texts.put(CONFIG, config);
    for (int i = 0; i < filesAndTexts.length; i += 2) {
      texts.put(filesAndTexts[i], filesAndTexts[i + 1]);
    }
    return DefaultKernel.of(texts, Map.of(), IMAGE);
  }

  private static String block(String settings) {
    String text = "# GRUB Environment Block\n" + settings;
    return text + "#".repeat(GrubEnv.SIZE - text.length());
  }

  private static String menu(String head, String... kernels) {
    StringBuilder menu = new StringBuilder(head + "\n");
    for (String kernel : kernels) {
      menu.append("menuentry 'x' {\n linux /boot/%s root=UUID=1\n}\n".formatted(kernel));
    }
    return menu.toString();
  }

  @Test
  void photonsLinkLeadsToTheKernelsOwnFile() {
    Choice choice = of(PHOTON, DefaultKernel.PHOTON, "photon_linux=vmlinuz-6.1.10-10.ph5-esx\n");

    assertThat(choice.way()).isEqualTo(Way.LINK);
    assertThat(choice.detail()).isEqualTo("linux-6.1.10-10.ph5.cfg");
    assertThat(of(PHOTON, DefaultKernel.PHOTON, "photon_linux=vmlinuz-6.1.10-10.ph5\n").way())
        .isEqualTo(Way.ALREADY);
  }

  @ParameterizedTest
  @CsvSource({
    "saved_entry=id-esx, EDIT",
    "saved_entry=0, EDIT",
    "boot_success=1, EDIT",
    "saved_entry=id-6.1, ALREADY",
  })
  void theSavedEntryIsTheKernels(String setting, Way way) {
    String env = "/boot/grub2/grubenv";
    Choice choice =
        of(
            BLS,
            env,
            block(setting + "\nother=1\n"),
            "/boot/loader/entries/id-esx.conf",
            "title x\nlinux /vmlinuz-6.1.10-10.ph5-esx\n",
            "/boot/loader/entries/id-6.1.conf",
            "title y\nlinux /vmlinuz-6.1.10-10.ph5\n");

    assertThat(choice.way()).as(choice.detail()).isEqualTo(way);
    choice
        .edits()
        .forEach(
            edit ->
                assertThat(edit.text())
                    .hasSize(GrubEnv.SIZE)
                    .contains("\nsaved_entry=id-6.1\n", "\nother=1\n"));
  }

  /** The head of a menu and its kernels, and whether the kernel is the default. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "set default=\"0\" | vmlinuz-6.1.10-10.ph5 vmlinuz-6.1.10-10.ph5-esx | ALREADY",
        "set default=\"0\" | vmlinuz-6.1.10-10.ph5-esx vmlinuz-6.1.10-10.ph5 | EDIT",
        "set default=\"1\" | vmlinuz-6.1.10-10.ph5 vmlinuz-6.1.10-10.ph5-esx | EDIT",
        "set default=\"${saved_entry}\" | vmlinuz-6.1.10-10.ph5 vmlinuz-x | REFUSED",
        "set timeout=1 | vmlinuz-6.1.10-10.ph5 | ALREADY",
        "set default=\"0\" | vmlinuz-x | REFUSED",
        "set default=\"0\"; set default=\"$other\" | vmlinuz-x vmlinuz-6.1.10-10.ph5 | REFUSED",
      })
  void aMenuStartsOneOfItsEntries(String head, String kernels, Way way) {
    Choice choice = of(menu(head.replace("; ", "\n"), kernels.split(" ")));

    assertThat(choice.way()).as(choice.detail()).isEqualTo(way);
  }

  @Test
  void whatIsAmbiguousIsRefused() {
    String entry = "linux /vmlinuz-6.1.10-10.ph5\n";

    assertThat(of("configfile /x\n").way()).isEqualTo(Way.REFUSED);
    assertThat(of(BLS, "/boot/loader/entries/a.conf", entry).way()).isEqualTo(Way.REFUSED);
    assertThat(
            of(
                    BLS,
                    "/boot/grub2/grubenv",
                    block(""),
                    "/boot/loader/entries/a.conf",
                    entry,
                    "/boot/loader/entries/b.conf",
                    entry)
                .way())
        .isEqualTo(Way.REFUSED);
    assertThat(
            of(
                    BLS,
                    "/boot/grub2/grubenv",
                    "# GRUB Environment Block\n" + "x".repeat(GrubEnv.SIZE - 26) + "\n",
                    "/boot/loader/entries/a.conf",
                    entry)
                .way())
        .isEqualTo(Way.REFUSED);
    assertThat(DefaultKernel.of(Map.of(), Map.of(), IMAGE).way()).isEqualTo(Way.REFUSED);
  }
}
