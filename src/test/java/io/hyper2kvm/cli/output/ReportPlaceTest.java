package io.hyper2kvm.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.report.SignedReports;
import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.signature.Statement;
import io.hyper2kvm.signature.TestKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPlaceTest {

  private static final byte[] REPORT = "{}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  @Test
  void aFileThatIsThereIsNotOverwritten() throws Exception {
    Path there = Files.writeString(folder.resolve("r.json"), "somebody's");

    assertThatThrownBy(() -> ReportPlace.check(folder.resolve("web.json"), Optional.of(there)))
        .hasMessageEndingWith("r.json is there already; --report overwrites nothing");
  }

  @Test
  void aFileThatAppearsMeanwhileIsNotOverwritten() throws Exception {
    Path wanted = folder.resolve("r.json");
    ReportPlace place = ReportPlace.check(folder.resolve("web.json"), Optional.of(wanted));
    Files.writeString(wanted, "somebody's");

    assertThatThrownBy(() -> place.write(true, REPORT, SignedReports.NONE))
        .isInstanceOf(java.nio.file.FileAlreadyExistsException.class);
    assertThat(wanted).hasContent("somebody's");
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    Optional<Path> wanted = Optional.of(folder.resolve("none/r.json"));

    assertThatThrownBy(() -> ReportPlace.check(folder.resolve("web.json"), wanted))
        .hasMessageContaining("could not be written to " + folder.resolve("none"));
  }

  @Test
  void aNumberKeepsReportsApart() throws Exception {
    ReportPlace place = ReportPlace.check(folder.resolve("web.json"), Optional.empty());

    assertThat(place.write(true, REPORT, SignedReports.NONE)).hasFileName("web.json.report.json");
    assertThat(place.write(true, REPORT, SignedReports.NONE)).hasFileName("web.json.2.report.json");
    assertThat(place.write(false, REPORT, SignedReports.NONE)).hasFileName("web.json.error.json");
    assertThat(place.write(true, REPORT, SignedReports.NONE)).hasFileName("web.json.3.report.json");
  }

  @Test
  void aReportIsSignedUnderTheNameThatItGets() throws Exception {
    SignedReports signed = new SignedReports(Optional.of(TestKeys.signer(folder, "own")));
    ReportPlace place = ReportPlace.check(folder.resolve("web.json"), Optional.empty());
    byte[] report = "{\"manifest\": \"web\"}".getBytes(StandardCharsets.UTF_8);

    Path first = place.write(true, report, signed);
    Files.delete(first);
    Path second = place.write(true, report, signed);

    // The first one's signature stays its own, also when it was moved away.
    assertThat(second).hasFileName("web.json.2.report.json");
    for (Path file : List.of(first, second)) {
      assertThat(Files.readAllBytes(AttestationFile.beside(file))).isNotEmpty();
      assertThat(
              Statement.in(AttestationFile.read(AttestationFile.beside(file)).envelopes().get(0))
                  .subject(file.getFileName().toString()))
          .isPresent();
    }
  }
}
