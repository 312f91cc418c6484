package io.hyper2kvm.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.report.SignedReports;
import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.signature.Signer;
import io.hyper2kvm.signature.Statement;
import io.hyper2kvm.signature.Subject;
import io.hyper2kvm.signature.TestKeys;
import io.hyper2kvm.signature.TrustedKey;
import io.hyper2kvm.verify.FileFinding.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signed files that somebody has tampered with. */
class VerificationTest {

  private static final List<String> FILES =
      List.of("web.qcow2", "web-disk2.qcow2", "web.xml", "web.qcow2.provenance.json");

  @TempDir Path directory;
  private Path folder;
  private Signer signer;
  private List<TrustedKey> trusted;

  @BeforeEach
  void sign() throws IOException {
    folder = Files.createDirectories(directory.toRealPath().resolve("out"));
    signer = TestKeys.signer(directory, "own");
    trusted = TrustedKey.read(directory.resolve("own.pub"));
    for (String file : FILES) {
      Files.writeString(folder.resolve(file), "the content of " + file);
    }
    write("web.qcow2", line(signer, FILES));
  }

  private byte[] line(Signer by, List<String> files) throws IOException {
    List<Subject> subjects = new ArrayList<>();
    for (String file : files) {
      subjects.add(Subject.of(file, Files.readAllBytes(folder.resolve(file))));
    }
    Map<String, Object> predicate =
        Map.of(
            "buildDefinition", Map.of("externalParameters", Map.of("manifest", "m", "vm", "web")),
            "runDetails", Map.of("builder", Map.of("id", "urn:example:kvm01")));
    return by.line(Statement.of(subjects, Statement.SLSA_PROVENANCE, predicate));
  }

  private Path signature(String output) {
    return AttestationFile.beside(folder.resolve(output));
  }

  private void write(String output, byte[]... lines) throws IOException {
    Files.deleteIfExists(signature(output));
    for (byte[] line : lines) {
      Files.write(
          signature(output),
          line,
          java.nio.file.StandardOpenOption.CREATE,
          java.nio.file.StandardOpenOption.APPEND);
    }
  }

  private VerifyResult verify(String file) {
    return verify(file, trusted);
  }

  private VerifyResult verify(String file, List<TrustedKey> keys) {
    return new Verification(keys, new FileDigest(System.getenv())).of(folder.resolve(file));
  }

  private static List<String> wrong(VerifyResult result) {
    return result.files().stream().filter(f -> !f.isOk()).map(FileFinding::name).toList();
  }

  @Test
  void untouchedFilesAreVerified() {
    VerifyResult result = verify("web.qcow2");

    assertThat(result.verdict()).isEqualTo(Verdict.VERIFIED);
    assertThat(result.files()).extracting(FileFinding::name).containsExactlyElementsOf(FILES);
    assertThat(result.files()).allMatch(FileFinding::isOk);
    assertThat(result.signed().orElseThrow().by()).hasValue(trusted.get(0));
    assertThat(result.signed().orElseThrow().vm()).hasValue("web");
    assertThat(result.signed().orElseThrow().builder()).hasValue("urn:example:kvm01");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web.qcow2",
        "web-disk2.qcow2",
        "web.xml",
        "web.qcow2.provenance.json",
        "web.qcow2.intoto.jsonl"
      })
  void anyOfTheFilesLeadsToTheSignatureOfAll(String file) {
    VerifyResult result = verify(file);

    assertThat(result.verdict()).isEqualTo(Verdict.VERIFIED);
    assertThat(result.file()).isEqualTo(folder.resolve("web.qcow2"));
  }

  @ParameterizedTest
  @CsvSource({
    "web.qcow2, 0",
    "web.qcow2, 12",
    "web.qcow2, 23",
    "web-disk2.qcow2, 5",
    "web.xml, 0",
    "web.qcow2.provenance.json, 3"
  })
  void oneChangedByteNamesItsFile(String file, int at) throws IOException {
    byte[] content = Files.readAllBytes(folder.resolve(file));
    content[at] ^= 1;
    Files.write(folder.resolve(file), content);

    VerifyResult result = verify("web.qcow2");

    assertThat(result.verdict()).isEqualTo(Verdict.CHANGED);
    assertThat(wrong(result)).containsExactly(file);
    assertThat(result.files())
        .filteredOn(f -> f.name().equals(file))
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.state()).isEqualTo(State.CHANGED);
              assertThat(f.detail()).startsWith("its sha256 is").contains("when it was signed");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"web.qcow2", "web-disk2.qcow2", "web.xml", "web.qcow2.provenance.json"})
  void aFileOfAnotherSizeIsNamedWithoutBeingRead(String file) throws IOException {
    Files.writeString(folder.resolve(file), "x", java.nio.file.StandardOpenOption.APPEND);

    VerifyResult result = verify("web.qcow2");

    assertThat(wrong(result)).containsExactly(file);
    assertThat(result.files())
        .anyMatch(f -> f.detail().matches("it has \\d+ bytes, and had \\d+ when it was signed"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"web.qcow2", "web-disk2.qcow2", "web.xml", "web.qcow2.provenance.json"})
  void aMissingFileIsNamed(String file) throws IOException {
    Files.delete(folder.resolve(file));

    VerifyResult result = verify("web.qcow2");

    assertThat(result.verdict()).isEqualTo(Verdict.CHANGED);
    assertThat(wrong(result)).containsExactly(file);
    assertThat(result.files()).anyMatch(f -> f.state() == State.MISSING);
  }

  @Test
  void aLinkToTheVeryContentIsAReplacement() throws IOException {
    Path away = Files.move(folder.resolve("web.qcow2"), directory.resolve("moved"));
    Files.createSymbolicLink(folder.resolve("web.qcow2"), away);

    VerifyResult result = verify("web.qcow2");

    assertThat(result.verdict()).isEqualTo(Verdict.CHANGED);
    assertThat(result.files().get(0).state()).isEqualTo(State.REPLACED);
    assertThat(result.files().get(0).detail()).contains("a link, which is not followed");
  }

  @Test
  void aFolderIsAReplacement() throws IOException {
    Files.delete(folder.resolve("web.xml"));
    Files.createDirectory(folder.resolve("web.xml"));

    assertThat(verify("web.qcow2").files().get(2).state()).isEqualTo(State.REPLACED);
  }

  @Test
  @Timeout(20)
  void aPipeIsNotOpened() throws Exception {
    Files.delete(folder.resolve("web.xml"));
    Process made = new ProcessBuilder("mkfifo", folder.resolve("web.xml").toString()).start();
    assertThat(made.waitFor()).isZero();

    assertThat(verify("web.qcow2").files().get(2).state()).isEqualTo(State.REPLACED);
  }

  @Test
  void twoDisksOfOneVmInEachOthersPlaceAreBothChanged() throws IOException {
    Files.move(folder.resolve("web.qcow2"), folder.resolve("x"));
    Files.move(folder.resolve("web-disk2.qcow2"), folder.resolve("web.qcow2"));
    Files.move(folder.resolve("x"), folder.resolve("web-disk2.qcow2"));

    assertThat(wrong(verify("web.qcow2"))).containsExactly("web.qcow2", "web-disk2.qcow2");
  }

  @Test
  void theSignatureOfAnotherVmIsNoSignatureOfThisOne() throws IOException {
    Files.writeString(folder.resolve("db.qcow2"), "db");
    Files.write(signature("db.qcow2"), line(signer, List.of("db.qcow2")));
    Files.copy(
        signature("db.qcow2"),
        signature("web.qcow2"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    VerifyResult result = verify("web.qcow2");

    assertThat(result.verdict()).isEqualTo(Verdict.CHANGED);
    assertThat(result.notes())
        .containsExactly("web.qcow2.intoto.jsonl is the signature of other files: db.qcow2");
  }

  @Test
  void aSignatureByAnotherKeyIsNotTrusted() throws IOException {
    Signer other = TestKeys.signer(directory, "other");
    write("web.qcow2", line(other, FILES));

    VerifyResult result = verify("web.qcow2");

    assertThat(result.verdict()).isEqualTo(Verdict.NOT_TRUSTED);
    assertThat(result.files()).allMatch(FileFinding::isOk);
    assertThat(result.signed().orElseThrow().keyIds()).containsExactly(other.key().id());
    assertThat(result.notes().get(0)).startsWith("signed by none of the 1 trusted keys");
  }

  @Test
  void whoeverSignsAChangedImageWithAKeyOfTheirOwnIsNotTrusted() throws IOException {
    Files.writeString(folder.resolve("web.qcow2"), "with a back door");
    write("web.qcow2", line(TestKeys.signer(directory, "other"), FILES));

    assertThat(verify("web.qcow2").verdict()).isEqualTo(Verdict.NOT_TRUSTED);
  }

  @Test
  void aLineOfAnotherKeyDoesNotHideWhatTheTrustedOneSays() throws IOException {
    byte[] honest = line(signer, FILES);
    Files.writeString(folder.resolve("web.qcow2"), "with a back door");
    write("web.qcow2", line(TestKeys.signer(directory, "other"), FILES), honest);

    VerifyResult result = verify("web.qcow2");

    assertThat(result.verdict()).isEqualTo(Verdict.CHANGED);
    assertThat(wrong(result)).containsExactly("web.qcow2");
  }

  @Test
  void oneOfTwoSignaturesIsEnough() throws IOException {
    write("web.qcow2", line(TestKeys.signer(directory, "other"), FILES), line(signer, FILES));

    assertThat(verify("web.qcow2").verdict()).isEqualTo(Verdict.VERIFIED);
  }

  @Test
  void anOldKeyIsTrustedBesideTheNewOne() throws IOException {
    List<TrustedKey> both = new ArrayList<>();
    TestKeys.make(directory, "new");
    both.addAll(TrustedKey.read(directory.resolve("new.pub")));
    both.addAll(trusted);

    assertThat(verify("web.qcow2", both).verdict()).isEqualTo(Verdict.VERIFIED);
  }

  @Test
  void withoutAKeyNothingIsProved() {
    VerifyResult result = verify("web.qcow2", List.of());

    assertThat(result.verdict()).isEqualTo(Verdict.NOT_TRUSTED);
    assertThat(result.notes().get(0)).startsWith("no key to trust was named");
  }

  @Test
  void aStatementThatWasChangedUnderATrustedKeysNameIsAChange() throws IOException {
    String honest = new String(line(signer, FILES), UTF_8);
    Files.writeString(folder.resolve("web.qcow2"), "with a back door");
    byte[] forged = line(TestKeys.signer(directory, "other"), FILES);
    String payload = new String(forged, UTF_8).replaceAll(".*\"payload\":\"([^\"]*)\".*\n", "$1");
    write(
        "web.qcow2",
        honest
            .replaceAll("\"payload\":\"[^\"]*\"", "\"payload\":\"" + payload + "\"")
            .getBytes(UTF_8));

    VerifyResult result = verify("web.qcow2");

    assertThat(result.verdict()).isEqualTo(Verdict.CHANGED);
    assertThat(result.notes().get(0))
        .contains("was changed: it names the key of", "which has not signed what is in it");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 50, 300})
  void aCutOffSignatureIsAChange(int length) throws IOException {
    byte[] whole = line(signer, FILES);
    write("web.qcow2", java.util.Arrays.copyOf(whole, length));

    VerifyResult result = verify("web.qcow2");

    assertThat(result.verdict()).isEqualTo(Verdict.CHANGED);
    assertThat(result.notes()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../../../etc/passwd", "/etc/passwd", "..", "a/b"})
  void aNameOutsideOfTheFolderIsNeverRead(String name) throws IOException {
    String statement =
        "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"name\":\"web.qcow2\",\"digest\":{\"sha256\":\"%s\"}},{\"name\":\"%s\",\"digest\":{\"sha256\":\"%s\"}}],\"predicateType\":\"https://slsa.dev/provenance/v1\",\"predicate\":{}}"
            .formatted("a".repeat(64), name, "b".repeat(64));
    String payload = Base64.getEncoder().encodeToString(statement.getBytes(UTF_8));
    write(
        "web.qcow2",
        "{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"%s\",\"signatures\":[{\"sig\":\"AAAA\"}]}"
            .formatted(payload)
            .getBytes(UTF_8));

    VerifyResult result = verify("web.qcow2");

    assertThat(result.verdict()).isEqualTo(Verdict.CHANGED);
    assertThat(result.files()).isEmpty();
    assertThat(result.notes().get(0)).contains("not that of a file beside it");
  }

  @Test
  void aStatementOfAnotherKindIsNoneOfAnImage() throws IOException {
    Subject subject = Subject.of("web.qcow2", Files.readAllBytes(folder.resolve("web.qcow2")));
    write(
        "web.qcow2",
        signer.line(Statement.of(List.of(subject), SignedReports.PREDICATE, Map.of())));

    assertThat(verify("web.qcow2").verdict()).isEqualTo(Verdict.CHANGED);
  }

  @Test
  void aSignatureThatIsALinkIsNotRead() throws IOException {
    Path away = Files.move(signature("web.qcow2"), directory.resolve("moved"));
    Files.createSymbolicLink(signature("web.qcow2"), away);

    assertThat(verify("web.qcow2").verdict()).isEqualTo(Verdict.CHANGED);
  }

  @Test
  void withoutASignatureAndARecordNothingIsSaid() throws IOException {
    Files.delete(signature("web.qcow2"));

    VerifyResult result = verify("web.qcow2");

    assertThat(result.verdict()).isEqualTo(Verdict.NOT_SIGNED);
    assertThat(result.notes()).hasSize(2);
    assertThat(result.notes().get(0)).contains("nothing proves who wrote these files");
  }

  @Test
  void aFolderIsNoOutput() {
    VerifyResult result = verify(".");

    assertThat(result.verdict()).isEqualTo(Verdict.NOT_THERE);
    assertThat(result.notes()).containsExactly("in its place is a folder: it is no output");
  }

  @Test
  void whatIsNotThereIsNotThere() {
    assertThat(verify("none.qcow2").verdict()).isEqualTo(Verdict.NOT_THERE);
    assertThat(verify("none.report.json").verdict()).isEqualTo(Verdict.NOT_THERE);
  }

  @Test
  void aSignedReportIsVerifiedUntilAByteOfItChanges() throws IOException {
    Path report = folder.resolve("web.json.report.json");
    byte[] json =
        "{\"manifest\":\"web\",\"status\":\"completed\",\"completed_at\":\"x\"}".getBytes(UTF_8);
    new SignedReports(Optional.of(signer)).write(report, json);

    assertThat(verify("web.json.report.json").verdict()).isEqualTo(Verdict.VERIFIED);
    assertThat(verify("web.json.report.json").signed().orElseThrow().manifest()).hasValue("web");
    json[12] ^= 1;
    Files.write(report, json);
    assertThat(wrong(verify("web.json.report.json"))).containsExactly("web.json.report.json");
  }

  @Test
  void aReportWithoutASignatureIsNotSigned() throws IOException {
    Files.writeString(folder.resolve("web.json.error.json"), "{}");

    assertThat(verify("web.json.error.json").verdict()).isEqualTo(Verdict.NOT_SIGNED);
  }

  @Test
  void filesWithDifficultNamesAreRead() throws IOException {
    List<String> files = List.of("-x.qcow2", "a b\\n.qcow2", "new\nline.qcow2", "ü$(id).qcow2");
    for (String file : files) {
      Files.writeString(folder.resolve(file), file);
    }
    Files.write(signature("-x.qcow2"), line(signer, files));

    assertThat(verify("-x.qcow2").verdict()).isEqualTo(Verdict.VERIFIED);
  }

  @Test
  void withoutSha256sumJavaReadsTheFiles() {
    VerifyResult result =
        new Verification(trusted, new FileDigest(Map.of("PATH", "/nonexistent")))
            .of(folder.resolve("web.qcow2"));

    assertThat(result.verdict()).isEqualTo(Verdict.VERIFIED);
  }

  @Test
  void aSha256sumThatFailsIsNoVerification() throws IOException {
    Path tools = Files.createDirectories(directory.resolve("tools"));
    TestKeys.makeExecutable(
        tools.resolve("sha256sum"), "#!/bin/sh\necho 'Input/output error' >&2; exit 1\n");

    VerifyResult result =
        new Verification(trusted, new FileDigest(Map.of("PATH", tools.toString())))
            .of(folder.resolve("web.qcow2"));

    assertThat(result.verdict()).isEqualTo(Verdict.CHANGED);
    assertThat(result.files()).allMatch(f -> f.state() == State.UNREADABLE);
  }
}
