package io.hyper2kvm;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arrows between the packages, as drawn in the architecture's page. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {

  private static final String OURS = "io.hyper2kvm.";
  private final JavaClasses program =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.hyper2kvm");

  /** Every package of ours, with the packages of ours that it may use; sub-packages belong. */
  @ParameterizedTest
  @CsvSource({
    "text, ''",
    "failure, ''",
    "guest, ''",
    "tool, ''",
    "image, failure",
    "manifest, ''",
    "guestfish, failure",
    "signature, ''",
    "report, failure manifest signature",
    "workflow, manifest tool",
    "view, report workflow",
    "config, manifest tool signature",
    "stage, failure guest guestfish image tool report manifest signature",
    "verify, stage report tool signature",
    "daemon, failure stage report workflow view manifest tool config guestfish signature",
    "doctor, config guestfish tool workflow signature",
    "cli, daemon doctor config failure manifest tool report workflow view signature verify"
  })
  void aPackageUsesOnlyWhatTheArrowsAllow(String name, String allowed) {
    // Everything may use text, which uses nothing.
    Set<String> mayUse =
        Stream.of((name + " text " + allowed).trim().split(" ")).collect(Collectors.toSet());
    String[] forbidden =
        topPackages().stream()
            .filter(other -> !mayUse.contains(other))
            .map(other -> OURS + other + "..")
            .toArray(String[]::new);

    assertThat(forbidden).as("a rule that forbids nothing").isNotEmpty();
    noClasses()
        .that()
        .resideInAPackage(OURS + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .check(program);
  }

  @Test
  void everyPackageHasARow() {
    assertThat(topPackages())
        .containsExactlyInAnyOrder(
            "text",
            "failure",
            "guest",
            "tool",
            "image",
            "manifest",
            "guestfish",
            "report",
            "workflow",
            "view",
            "signature",
            "verify",
            "config",
            "stage",
            "daemon",
            "doctor",
            "cli");
  }

  @Test
  void camelAppearsInTheDaemonOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage(OURS + "daemon..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.camel..")
        .check(program);
  }

  @Test
  void theDaemonUsesCamel() {
    // Guards the rule above: a wrong package name would make it hold for ever.
    assertThat(program.stream().filter(ArchitectureTest::usesCamel)).isNotEmpty();
  }

  private static boolean usesCamel(JavaClass type) {
    return type.getDirectDependenciesFromSelf().stream()
        .anyMatch(d -> d.getTargetClass().getPackageName().startsWith("org.apache.camel"));
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.hyper2kvm.(**)").should().beFreeOfCycles().check(program);
  }

  @Test
  void nothingPrintsToTheProcessOutputsButTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage(OURS + "cli..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(program);
  }

  @Test
  void everyPackageSaysWhatBelongsInIt() {
    Path sources = Path.of("src/main/java").toAbsolutePath();
    Set<String> packages =
        program.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());

    assertThat(packages)
        .isNotEmpty()
        .allSatisfy(
            name ->
                assertThat(
                        Files.readString(
                            sources.resolve(name.replace('.', '/')).resolve("package-info.java")))
                    .contains("/**", "package " + name + ";"));
  }

  @Test
  void noPackageHasMoreThanThirtyClasses() {
    Map<String, Long> classes =
        program.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

    assertThat(classes).isNotEmpty().allSatisfy((name, count) -> assertThat(count).isLessThan(31));
  }

  @Test
  void noClassHasMoreThanThreeHundredLines() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      List<Path> classes = files.filter(file -> file.toString().endsWith(".java")).toList();

      assertThat(classes)
          .isNotEmpty()
          .allSatisfy(file -> assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(300));
    }
  }

  private Set<String> topPackages() {
    return program.stream()
        .map(type -> type.getPackageName().substring(OURS.length()).split("\\.")[0])
        .collect(Collectors.toSet());
  }
}
