package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FolderRulesTest {

  @TempDir Path root;

  @ParameterizedTest
  @CsvSource({"source_dir", "routes_dir"})
  void folderThatIsReadMustBeThere(String key) throws Exception {
    assertThat(Site.with(root, key + ": nowhere").problems())
        .singleElement()
        .asString()
        .startsWith("daemon.yaml:3:13: " + key + ": found nowhere, which does not exist");
  }

  @ParameterizedTest
  @ValueSource(strings = {"allowed_source_roots", "allowed_output_roots"})
  void everyMissingRootIsAProblem(String key) throws Exception {
    assertThat(Site.with(root, key + ": [a, program, b]").problems())
        .hasSize(2)
        .allMatch(problem -> problem.contains("does not exist"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/dev/shm/*| where anybody can make files",
        "/dev/shm/disk?| where anybody can make files",
        "/dev/mqueue/x| where anybody can make files",
        "/dev/vg0/**| no wildcards but * and ?",
        "/srv/*| a name below /dev"
      })
  void aPatternOfDevicesNamesDevicesOfTheSystem(String pattern, String problem) throws Exception {
    assertThat(Site.with(root, "allowed_devices: [\"" + pattern + "\"]").problems())
        .singleElement()
        .asString()
        .contains(problem);
  }

  @Test
  void oneMissingLevelAboveAFolderIsCreatedLaterTwoAreAMisspelling() throws Exception {
    assertThat(Site.with(root, "work_dir: new/overlays").problems()).isEmpty();
    assertThat(Site.with(root.resolve("second"), "work_dir: new/er/overlays").problems())
        .containsExactly(
            "daemon.yaml:3:11: work_dir: found new/er/overlays, which has no folder to be created"
                + " in; allowed: a folder, or a path with at most two levels to create");
  }

  @Test
  void foldersInsideAWorkflowFolderThatIsNotThereYet() throws Exception {
    var site = new Site(root).file("manifest_workflow_dir: a/b\noutput_dir: a/b/c/d/out\n");
    assertThat(site.problems()).isEmpty();
  }

  @Test
  void fileInThePlaceOfAFolder() throws Exception {
    assertThat(Site.with(root, "work_dir: daemon.yaml").problems())
        .containsExactly(
            "daemon.yaml:3:11: work_dir: found daemon.yaml, which is no folder; allowed: an"
                + " existing folder");
    assertThat(Site.with(root.resolve("second"), "work_dir: daemon.yaml/x").problems())
        .singleElement()
        .asString()
        .contains("which has no folder to be created in");
  }

  @Test
  void routesFolderWithoutRoutes() throws Exception {
    assertThat(Site.with(root, "routes_dir: program").problems())
        .containsExactly(
            "daemon.yaml:3:13: routes_dir: found program, without any route; allowed: a folder with"
                + " route files, *.camel.yaml");
  }

  @ParameterizedTest
  @CsvSource({
    "work/to_be_processed, inside",
    "work/processing/out, inside",
    "work/processed/2026-01-24, inside",
    "work/x/../failed, inside",
    "work, which holds",
    "., which holds"
  })
  void outputAmongTheManifests(String output, String why) throws Exception {
    var site =
        new Site(root)
            .file(
                "manifest_workflow_dir: work\noutput_dir: %s\nwork_dir: %s"
                    .formatted(output, root.toRealPath() + "-apart"));
    assertThat(site.problems())
        .singleElement()
        .asString()
        .startsWith("daemon.yaml:2:13: output_dir: ")
        .contains(why);
  }

  @Test
  void outputAmongTheManifestsThroughALink() throws Exception {
    var site = Site.with(root).folder("work/failed");
    Files.createSymbolicLink(site.root.resolve("out"), site.root.resolve("work/failed"));
    assertThat(site.problems()).singleElement().asString().contains("inside the manifests'");
  }

  @Test
  void outputBesideTheManifestsInTheirFolderIsFine() throws Exception {
    assertThat(new Site(root).file("manifest_workflow_dir: w\noutput_dir: w/out").problems())
        .isEmpty();
  }

  @Test
  void allowedOutputRootThatHoldsTheManifests() throws Exception {
    assertThat(
            Site.with(root, "allowed_output_roots: [.]", "work_dir: " + root + "-apart").problems())
        .singleElement()
        .asString()
        .contains("allowed_output_roots", "which holds the manifests'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"work/processed/2026-01-24/.work", "out/.work", "out", "."})
  void overlaysAmongManifestsOrOutputs(String workDir) throws Exception {
    assertThat(Site.with(root, "work_dir: " + workDir).problems())
        .isNotEmpty()
        .allMatch(problem -> problem.startsWith("daemon.yaml:3:11: work_dir: found "));
  }

  @Test
  void logAmongTheManifests() throws Exception {
    assertThat(Site.with(root, "log_file: work/failed/daemon.log").problems())
        .isNotEmpty()
        .allMatch(problem -> problem.startsWith("daemon.yaml:3:11: log_file: found "));
  }

  @Test
  void folderAsLogFile() throws Exception {
    assertThat(Site.with(root, "log_file: program").problems())
        .containsExactly(
            "daemon.yaml:3:11: log_file: found program, which is a folder; allowed: a file");
  }

  @Test
  void folderThatMayNotBeWritten() throws Exception {
    // Root may write nearly everywhere, but not into a read-only file system.
    Optional<Path> readOnly =
        Stream.of("/proc/sys", "/proc/1", "/usr", "/")
            .map(Path::of)
            .filter(path -> Files.isDirectory(path) && !Files.isWritable(path))
            .findFirst();
    Assumptions.assumeTrue(readOnly.isPresent(), "needs a folder that may not be written");
    var site = Site.with(root);
    site.flags.put(OutputConfig.OUTPUT_DIR, List.of(readOnly.get().toString()));
    site.flags.put(
        WorkflowConfig.WORK_DIR,
        List.of(readOnly.get() + "-none/../" + readOnly.get().getFileName() + "/w"));

    assertThat(site.problems())
        .anyMatch(
            problem ->
                problem.contains(
                    "output_dir: found " + readOnly.get() + ", which may not be written"));
    assertThat(site.problems()).anyMatch(problem -> problem.contains("cannot be created"));
  }

  @Test
  void furtherRoutesNeedNotBeThere() throws Exception {
    assertThat(Site.with(root, "extra_routes_dir: none").problems()).isEmpty();
  }

  @Test
  void furtherRoutesThatAreNoFolder() throws Exception {
    assertThat(Site.with(root, "extra_routes_dir: daemon.yaml").problems())
        .containsExactly(
            "daemon.yaml:3:19: extra_routes_dir: found daemon.yaml, which is no folder; allowed: an"
                + " existing folder");
  }
}
