package io.hyper2kvm.guest.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What kernel-install of a guest goes by. */
class InstallSettingsTest {

  private static final String ID = "4098b3f648d74c13b1f04ccfba7798e8";
  private static final String ETC = "/etc/kernel/install.conf";

  private static String lines(String text) {
    return text.replace(";", "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/kernel/entry-token, fedora;, fedora",
    "/etc/kernel/entry-token, my.image_1-x;second, my.image_1-x",
    "/etc/machine-id, 4098b3f648d74c13b1f04ccfba7798e8;, 4098b3f648d74c13b1f04ccfba7798e8",
    "/etc/kernel/install.conf, layout=bls;MACHINE_ID=old;, old",
    "/usr/lib/kernel/install.conf, MACHINE_ID=\"old\", old",
    "/etc/machine-info, KERNEL_INSTALL_LAYOUT=bls;KERNEL_INSTALL_MACHINE_ID=anon, anon",
  })
  void eachSettingNamesTheFolderOfTheKernels(String file, String text, String token) {
    assertThat(InstallSettings.tokens(Map.of(file, lines(text)), Map.of())).contains(token);
  }

  @Test
  void theReleaseAndTheAnonymousNameCountAsWell() {
    assertThat(InstallSettings.tokens(Map.of(), Map.of("ID", "debian", "IMAGE_ID", "edge")))
        .containsExactlyInAnyOrder("debian", "edge", "Default");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", ".hidden", "a/b", "a b", "$(id)", "a\u0000b", "-x", "é"})
  void whatIsNoPlainNameIsNoToken(String token) {
    assertThat(InstallSettings.tokens(Map.of("/etc/kernel/entry-token", token + "\n"), Map.of()))
        .containsExactly("Default");
  }

  @Test
  void anyMachinesIdentifierNamesAFolder() {
    assertThat(InstallSettings.isFolder(ID, Set.of())).isTrue();
    assertThat(InstallSettings.isFolder("grub", Set.of("debian"))).isFalse();
    assertThat(InstallSettings.isFolder("debian", Set.of("debian"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "layout=bls;BOOT_ROOT=/boot;, 0",
    "BOOT_ROOT=/boot/efi/, 0",
    "BOOT_ROOT=/esp, 0",
    "#BOOT_ROOT=/data, 0",
    "BOOT_ROOT=, 0",
    "layout=uki;BOOT_ROOT=/data/boot;, 2",
    "BOOT_ROOT='/efi', 1",
    "BOOT_ROOT=/boot;BOOT_ROOT=/x, 2",
    "BOOT_ROOT=/, 1",
  })
  void anotherPlaceOfTheKernelsIsToldWithItsLine(String text, int line) {
    assertThat(InstallSettings.warnings(Map.of(ETC, lines(text)), Optional.of("/esp")))
        .hasSize(line == 0 ? 0 : 1)
        .allMatch(warning -> warning.startsWith(ETC + ":" + line + ": BOOT_ROOT="));
  }

  @Test
  void theAdministratorsSettingsHideThoseOfTheVendor() {
    Map<String, String> texts =
        Map.of(ETC, "layout=bls\n", "/usr/lib/kernel/install.conf", "BOOT_ROOT=/data\n");

    assertThat(InstallSettings.warnings(texts, Optional.empty())).isEmpty();
  }
}
