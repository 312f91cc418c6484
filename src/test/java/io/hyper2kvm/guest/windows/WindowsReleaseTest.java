package io.hyper2kvm.guest.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which Windows it is, from the values that editions of all ages have in their registries. */
class WindowsReleaseTest {

  @ParameterizedTest
  @CsvSource({
    // product, edition, kind, version, major, build, update -> name, version
    "Windows 10 Pro,Professional,Client,6.3,10,19045,22H2,Windows 10 Pro 22H2,10.0.19045",
    "Windows 10 Pro,Professional,Client,6.3,10,22631,23H2,Windows 11 Pro 23H2,10.0.22631",
    "Windows 10 Enterprise,Enterprise,Client,6.3,10,22000,21H2,Windows 11 Enterprise 21H2,10.0.22000",
    "Windows 10 Home,Core,Client,6.3,10,21999,,Windows 10 Home,10.0.21999",
    "Windows Server 2019 Standard,ServerStandard,Server,6.3,10,17763,1809,Windows Server 2019 Standard 1809,10.0.17763",
    "Windows Server 2025 Datacenter,ServerDatacenter,Server,6.3,10,26100,24H2,Windows Server 2025 Datacenter 24H2,10.0.26100",
    "Windows Server 2022 Standard,ServerStandard,Server Core,6.3,10,20348,21H2,Windows Server 2022 Standard 21H2,10.0.20348",
    "Windows Server 2012 R2 Standard,ServerStandard,Server,6.3,,9600,,Windows Server 2012 R2 Standard,6.3.9600",
    "Windows 8.1 Pro,Professional,Client,6.3,,9600,,Windows 8.1 Pro,6.3.9600",
    "Windows 7 Ultimate,Ultimate,Client,6.1,,7601,Service Pack 1,Windows 7 Ultimate Service Pack 1,6.1.7601",
    "Windows Server 2008 R2 Enterprise,ServerEnterprise,Server,6.1,,7601,Service Pack 1,Windows Server 2008 R2 Enterprise Service Pack 1,6.1.7601",
    "Microsoft Windows Server 2003 R2,,,5.2,,3790,Service Pack 2,Microsoft Windows Server 2003 R2 Service Pack 2,5.2.3790",
    "Microsoft Windows XP,,,5.1,,2600,Service Pack 3,Microsoft Windows XP Service Pack 3,5.1.2600",
    ",,Server,6.0,,6002,,Windows Server 2008,6.0.6002",
    ",,,6.1,,7600,,Windows 7,6.1.7600",
    ",,,,,,,Windows,''"
  })
  void editionsOfAllAgesAreNamed(
      String product,
      String edition,
      String kind,
      String version,
      String major,
      String build,
      String update,
      String name,
      String number) {
    Map<String, String> values = new LinkedHashMap<>();
    put(values, "ProductName", product);
    put(values, "EditionID", edition);
    put(values, "InstallationType", kind);
    put(values, "CurrentVersion", version);
    put(values, "CurrentMajorVersionNumber", major);
    put(values, "CurrentBuildNumber", build);
    put(
        values,
        update != null && update.startsWith("Service") ? "CSDVersion" : "DisplayVersion",
        update);

    WindowsRelease release = WindowsRelease.of(values, "AMD64", "WEB01");

    assertThat(release.prettyName()).isEqualTo(name);
    assertThat(release.version()).isEqualTo(number);
    assertThat(release.edition()).isEqualTo(edition == null ? "" : edition);
    assertThat(release.computer()).isEqualTo("WEB01");
  }

  private static void put(Map<String, String> values, String key, String value) {
    if (value != null) {
      values.put(key, value);
    }
  }

  @ParameterizedTest
  @CsvSource({"AMD64,x86_64", "x86,i386", "ARM64,aarch64", "IA64,ia64", "MIPS,''", "'',''"})
  void theProcessorIsNamedAsLinuxDoes(String processor, String architecture) {
    assertThat(WindowsRelease.of(Map.of(), processor, "").architecture()).isEqualTo(architecture);
  }

  @Test
  void anObsoleteBuildIsNotTaken() {
    assertThat(
            WindowsRelease.of(
                    Map.of(
                        "CurrentVersion", "5.0",
                        "CurrentBuild", "1.511.1 () (Obsolete data - do not use)",
                        "CurrentBuildNumber", "2195"),
                    "x86",
                    "")
                .version())
        .isEqualTo("5.0.2195");
  }

  @ParameterizedTest
  @CsvSource({"abc,999999999", "6.3,12a", "99999.1,1", "'6.3\n',x"})
  void numbersThatAreNoneAreNotTaken(String version, String build) {
    WindowsRelease release =
        WindowsRelease.of(
            Map.of("CurrentVersion", version, "CurrentBuildNumber", build), "AMD64", "");

    assertThat(release.version()).doesNotContain("a", "9999", "\n");
    assertThat(release.prettyName()).startsWith("Windows");
  }

  @ParameterizedTest
  @CsvSource({"1,true", "2,true", "3,false", "7,false", "0,false"})
  void onlyStringsAreTexts(int type, boolean text) {
    byte[] content = "Windows 7\0rest".getBytes(StandardCharsets.UTF_16LE);

    assertThat(new RegistryValue(type, content).text().filter("Windows 7"::equals).isPresent())
        .isEqualTo(text);
  }

  @Test
  void numbersOfFourBytesAreNumbers() {
    assertThat(new RegistryValue(4, new byte[] {10, 0, 0, 0}).text()).contains("10");
    assertThat(new RegistryValue(4, new byte[] {-1, -1, -1, -1}).text()).contains("4294967295");
    assertThat(new RegistryValue(4, new byte[] {1}).text()).isEmpty();
  }

  @Test
  void aStringOfAnyLengthIsBounded() {
    assertThat(new RegistryValue(1, new byte[1_000_001]).text()).contains("");
    byte[] long1 = "x".repeat(100_000).getBytes(StandardCharsets.UTF_16LE);
    assertThat(new RegistryValue(1, long1).text().orElseThrow()).hasSize(1024);
  }
}
