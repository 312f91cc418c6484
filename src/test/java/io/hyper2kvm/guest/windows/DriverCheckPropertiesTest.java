package io.hyper2kvm.guest.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** A registry with any texts. */
@Tag("property")
class DriverCheckPropertiesTest {

  private static final List<String> KEYS =
      List.of(
          DriverReadings.SERVICE,
          DriverReadings.SERVICE + "\\StartOverride",
          DriverReadings.DEVICE,
          DriverReadings.DESCRIPTOR,
          DriverReadings.CONFIGURATION,
          DriverReading.infKey("guestor.inf"));

  private static final List<String> NAMES =
      List.of(
          "Type",
          "Start",
          "Group",
          "ImagePath",
          "0",
          "Active",
          "Configuration",
          "Service",
          "x.inf");

  @Provide
  Arbitrary<Map<String, Map<String, String>>> registries() {
    return Arbitraries.maps(
        Arbitraries.of(KEYS),
        Arbitraries.maps(Arbitraries.of(NAMES), Arbitraries.strings().ofMaxLength(80))
            .ofMaxSize(5));
  }

  @Property
  void anyRegistryIsJudged(
      @ForAll("registries") Map<String, Map<String, String>> registry,
      @ForAll String set,
      @ForAll boolean database) {
    DriverReading reading =
        new DriverReading(
            set,
            database,
            new RegistryKeys(registry),
            new RegistryKeys(registry),
            Map.of(DriverReadings.PROGRAM, new DriverFile(1, "x86_64")));
    DriverCheck check = new DriverCheck(reading, "x86_64");

    for (VirtioDriver driver : VirtioDriver.values()) {
      assertThat(check.disk(driver).reason()).isNotEmpty();
    }
    assertThat(check.card().proven()).isFalse();
    assertThat(check.sata().proven()).isFalse();
  }

  @Property
  void noStartButThatOfTheLoaderIsAProof(@ForAll String start) {
    DriverVerdict verdict =
        DriverReadings.good()
            .value(DriverReadings.SERVICE, "Start", start)
            .check()
            .disk(VirtioDriver.VIOSTOR);

    assertThat(verdict.proven()).isEqualTo(start.equals("0"));
  }

  @Property
  void anyPathOfAProgramStaysInTheFolderOfTheDrivers(@ForAll String written) {
    ServiceImage.path(written)
        .ifPresent(path -> assertThat(path).matches("System32/drivers/[A-Za-z0-9_.-]{5,68}"));
    ServiceImage.path("system32\\drivers\\" + written)
        .ifPresent(path -> assertThat(path.split("/")).hasSize(3));
  }
}
