package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The packages: built twice, looked at, and installed, upgraded, removed and run by systemd in
 * clean roots. What is done there is in the scripts in src/test/packages.
 */
@Timeout(7200)
@Tag("all")
class PackagesIT {

  private static final Path HOME = RealGuest.Program.HOME;
  private static final Path TESTS = HOME.resolve("src/test/packages");
  private static final Path BUILT = HOME.resolve("target/packages");
  private static final Path DEB = BUILT.resolve("hyper2kvm.deb");
  private static final Path RPM = BUILT.resolve("hyper2kvm.rpm");

  private static String sameInBoth;
  private static Path later;

  @BeforeAll
  static void build() throws Exception {
    sameInBoth = script("build-twice.sh", BUILT.toString());
  }

  /** All that the command prints; its exit code must be 0. */
  private static String run(String... command) throws IOException, InterruptedException {
    Path log = Files.createTempFile("packages", ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      process.getOutputStream().close();
      assertThat(process.waitFor(90, TimeUnit.MINUTES)).as("%s", List.of(command)).isTrue();
      String output = Files.readString(log, StandardCharsets.UTF_8).strip();
      assertThat(process.exitValue()).as("%s:%n%s", List.of(command), tail(output)).isZero();
      return output;
    } finally {
      process.destroy();
      Files.delete(log);
    }
  }

  private static String tail(String output) {
    List<String> lines = output.lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 150), lines.size()));
  }

  private static String script(String name, String... arguments)
      throws IOException, InterruptedException {
    return run(
        Stream.concat(Stream.of(TESTS.resolve(name).toString()), Arrays.stream(arguments))
            .toArray(String[]::new));
  }

  private static void needs(String program, String debianPackage) {
    assumeTrue(
        Stream.of("/usr/bin", "/usr/sbin")
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
        () -> "needs %s (package %s)".formatted(program, debianPackage));
  }

  private static void needsCleanRoots() throws Exception {
    assumeTrue(run("id", "-u").equals("0"), "needs root for clean roots");
    needs("mmdebstrap", "mmdebstrap");
  }

  @Test
  void twoBuildsGiveTheSameBytes() {
    assertThat(sameInBoth).endsWith("5 files are the same in both builds");
  }

  @Test
  void lintianFindsNothing() throws Exception {
    needs("lintian", "lintian");
    assertThat(
            run(
                "lintian",
                "--allow-root",
                "--display-level",
                ">=pedantic",
                "--fail-on",
                "error,warning,info,pedantic",
                DEB.toString()))
        .isEmpty();
  }

  @Test
  void rpmlintFindsNothingThatHasNoReason() throws Exception {
    needs("rpmlint", "rpmlint");
    assertThat(run("rpmlint", "-c", HOME.resolve("src/dist/rpm/rpmlint.toml").toString(), RPM + ""))
        .contains("0 errors, 0 warnings");
  }

  /** Lines of a mode and, at the end, a path; without folders and what each package has alone. */
  private static List<String> files(String listing) {
    return listing
        .lines()
        .filter(line -> !line.startsWith("d"))
        .map(
            line ->
                line.replaceFirst(" -> .*", "").replaceFirst("^(\\S+) .*?\\.?(/\\S+)$", "$1 $2"))
        .filter(line -> !line.matches(".*(/zsh/|/lintian/|/licenses/|/doc/hyper2kvm/c).*"))
        .sorted()
        .toList();
  }

  @Test
  void bothPackagesBringTheSameFiles() throws Exception {
    needs("rpm", "rpm");
    assertThat(
            files(run("rpm", "-qp", "--qf", "[%{FILEMODES:perms} %{FILENAMES}\n]", RPM.toString())))
        .hasSizeGreaterThan(150)
        .isEqualTo(files(run("dpkg-deb", "--contents", DEB.toString())));
  }

  @Test
  void listOfComponentsNamesEachJarAndItsLicence() throws Exception {
    JsonNode bom = new ObjectMapper().readTree(BUILT.resolve("bom.json").toFile());
    String copyright = Files.readString(HOME.resolve("src/dist/debian/copyright"));
    List<String> problems = new ArrayList<>();
    for (JsonNode component : bom.get("components")) {
      String name = component.get("name").asText();
      String licences = component.path("licenses").toString();
      if (component.path("licenses").isEmpty()) {
        problems.add(name + " has no licence");
      } else if (!licences.contains("Apache-2.0")
          && !copyright.contains("/" + name + "-*.jar")
          && !copyright.contains("/" + name.split("-")[0] + "-*.jar")) {
        problems.add(name + " with " + licences + " is not in src/dist/debian/copyright");
      }
    }
    assertThat(problems).isEmpty();
    assertThat(
            run("dpkg-deb", "--contents", DEB.toString())
                .lines()
                .filter(line -> line.contains("/hyper2kvm/lib/lib/") && line.endsWith(".jar")))
        .hasSize(bom.get("components").size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bookworm", "trixie"})
  void debianPackageIsInstalledUpgradedRemovedAndPurged(String release) throws Exception {
    needsCleanRoots();
    assertThat(script("deb-lifecycle.sh", release, DEB.toString()))
        .containsPattern(release + ": \\d+ checks passed$");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bookworm", "trixie"})
  void serviceConvertsUnderSystemd(String release) throws Exception {
    needsCleanRoots();
    needs("systemd-nspawn", "systemd-container");
    assertThat(script("unit-boot.sh", release, DEB.toString()))
        .endsWith(release + ": the unit does what it must");
  }

  @Test
  void rpmIsInstalledUpgradedAndErased() throws Exception {
    needsCleanRoots();
    needs("rpm", "rpm");
    assertThat(
            script(
                "rpm-lifecycle.sh",
                "bookworm",
                RPM.toString(),
                later().resolve("hyper2kvm.rpm").toString()))
        .containsPattern("rpm in bookworm: \\d+ checks passed$");
  }

  @Test
  void tarFileIsUpgradedAndTakenBack() throws Exception {
    needsCleanRoots();
    assertThat(
            script(
                "tar-lifecycle.sh",
                "trixie",
                tarFile(BUILT).toString(),
                tarFile(later()).toString()))
        .containsPattern("tar in trixie: \\d+ checks passed$");
  }

  /** The folder with the packages of a later version, built once. */
  private static synchronized Path later() throws Exception {
    if (later == null) {
      Path folder = BUILT.resolve("later");
      script("build-version.sh", "99.0", folder.toString());
      later = folder;
    }
    return later;
  }

  private static Path tarFile(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".tar.gz")).findAny().orElseThrow();
    }
  }

  @Test
  void shellsCompleteCommandsOptionsAndFiles() throws Exception {
    needsCleanRoots();
    assertThat(script("completion.sh", "trixie", DEB.toString()))
        .containsPattern("completion on trixie: \\d+ checks passed$");
  }

  @Test
  void imageIsBuiltAndConverts() throws Exception {
    needsCleanRoots();
    needs("buildah", "buildah");
    assertThat(script("container.sh", BUILT.toString()))
        .containsPattern("container: \\d+ checks passed$");
  }
}
