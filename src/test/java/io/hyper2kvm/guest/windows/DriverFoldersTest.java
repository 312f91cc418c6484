package io.hyper2kvm.guest.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriverFoldersTest {

  private static WindowsRelease windows(String version, boolean server, String architecture) {
    return new WindowsRelease("Windows", "", version, "", server, architecture, "PC");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.10240, false, x86_64, w10 or win10 and amd64",
    "10.0.19045, false, x86_64, w10 or win10 and amd64",
    "10.0.19045, false, i386, w10 or win10 and i386 or x86",
    "10.0.22000, false, x86_64, w11 or win11 and amd64",
    "10.0.26100, false, x86_64, w11 or win11 and amd64",
    "10.0.14393, true, x86_64, 2k16 or win2016 and amd64",
    "10.0.17763, true, x86_64, 2k19 or win2019 and amd64",
    "10.0.20348, true, x86_64, 2k22 or win2022 and amd64",
    "10.0.25398, true, x86_64, 2k22 or win2022 and amd64",
    "10.0.26100, true, x86_64, 2k22 or 2k25 or win2022 or win2025 and amd64",
    "6.1.7601, false, x86_64, w7 or win7 and amd64",
    "6.1.7601, true, x86_64, 2k8r2 or win2008r2 and amd64",
    "6.2.9200, true, x86_64, 2k12 or win2012 and amd64",
    "6.3.9600, false, i386, w8.1 or win8.1 and i386 or x86",
    "6.3.9600, true, x86_64, 2k12r2 or win2012r2 and amd64",
    "5.2.3790, true, i386, 2k3 or win2003 and i386 or x86",
    "5.1.2600, false, i386, winxp or xp and i386 or x86",
  })
  void theFoldersAreThoseOfReleaseAndProcessor(
      String version, boolean server, String architecture, String folders) {
    assertThat(DriverFolders.of(windows(version, server, architecture)))
        .map(DriverFolders::text)
        .contains(folders);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.22631, aarch64",
    "10.0.22631, ''",
    "4.0.1381, i386",
    "'', x86_64",
    "10.0, x86_64",
    "11.0.30000, x86_64",
  })
  void thereAreNoneForOthers(String version, String architecture) {
    assertThat(DriverFolders.of(windows(version, false, architecture))).isEmpty();
  }

  private static final List<String> ISO =
      List.of(
          "viostor/w10/amd64/viostor.inf",
          "viostor/w10/amd64/viostor.sys",
          "viostor/w10/amd64/viostor.cat",
          "NetKVM/w10/amd64/netkvm.inf",
          "NetKVM/w10/amd64/netkvm.sys",
          "NetKVM/w10/amd64/netkvm.cat",
          "viostor/w10/x86/viostor.inf",
          "viostor/w10/x86/viostor.sys",
          "viostor/w10/x86/viostor.cat",
          "guest-agent/qemu-ga-x86_64.msi");

  @ParameterizedTest
  @CsvSource({
    "10.0.19045, x86_64, ''",
    "10.0.19045, i386, 'netkvm.inf,netkvm.sys,netkvm.cat'",
    "10.0.22631, x86_64, 'viostor.inf,viostor.sys,viostor.cat,netkvm.inf,netkvm.sys,netkvm.cat'",
  })
  void whatIsMissingForOneWindowsIsNamed(String version, String architecture, String missing) {
    DriverFolders folders = DriverFolders.of(windows(version, false, architecture)).orElseThrow();

    assertThat(String.join(",", folders.missing(ISO))).isEqualTo(missing);
  }

  @ParameterizedTest
  @CsvSource({
    "VIOSTOR/W10/AMD64/, VIOSTOR/W10/AMD64/",
    "drivers/amd64/Win10/, drivers/amd64/Win10/",
    "a/b/viostor/w10/amd64/, c/w10/amd64/NetKVM/",
  })
  void otherFormsAndCapitalsAreFoundAsWell(String disk, String card) {
    List<String> paths =
        List.of(
            disk + "viostor.inf",
            disk + "viostor.SYS",
            disk + "viostor.cat",
            card + "NETKVM.inf",
            card + "netkvm.sys",
            card + "netkvm.cat");

    assertThat(
            DriverFolders.of(windows("10.0.19045", false, "x86_64")).orElseThrow().missing(paths))
        .isEmpty();
  }

  @Test
  void aFolderWhoseNameOnlyBeginsSoIsAnother() {
    List<String> paths = ISO.stream().map(path -> path.replace("/w10/", "/w10-old/")).toList();

    assertThat(
            DriverFolders.of(windows("10.0.19045", false, "x86_64")).orElseThrow().missing(paths))
        .hasSize(6);
  }
}
