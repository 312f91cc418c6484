package io.hyper2kvm.guest.windows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceImageTest {

  @ParameterizedTest
  @CsvSource({
    "system32\\drivers\\viostor.sys, System32/drivers/viostor.sys",
    "System32\\DRIVERS\\VioStor.SYS, System32/drivers/VioStor.SYS",
    "\\SystemRoot\\System32\\drivers\\a.sys, System32/drivers/a.sys",
    "%SystemRoot%\\system32\\drivers\\a.sys, System32/drivers/a.sys",
    "'  system32\\drivers\\a-b_c.1.sys ', System32/drivers/a-b_c.1.sys",
  })
  void aProgramInTheFolderOfTheDriversIsFound(String written, String path) {
    assertThat(ServiceImage.path(written)).contains(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "viostor.sys",
        "\\??\\C:\\Windows\\System32\\drivers\\viostor.sys",
        "C:\\Windows\\System32\\drivers\\viostor.sys",
        "system32\\drivers\\..\\viostor.sys",
        "system32\\drivers\\sub\\viostor.sys",
        "system32/drivers/viostor.sys",
        "system32\\drivers\\viostor.exe",
        "system32\\drivers\\.sys ",
        "\\SystemRoot\\System32\\DriverStore\\FileRepository\\x\\viostor.sys",
        "system32\\drivers\\vio\u0000stor.sys"
      })
  void aProgramElsewhereIsNot(String written) {
    assertThat(ServiceImage.path(written)).isEmpty();
  }
}
