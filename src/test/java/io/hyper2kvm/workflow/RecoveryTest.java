package io.hyper2kvm.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryTest {

  @TempDir Path directory;
  private WorkflowDirectories directories;
  private Recovery recovery;

  @BeforeEach
  void create() throws IOException {
    directories = new WorkflowDirectories(directory.resolve("workflow"));
    directories.create();
    recovery = new Recovery(directories, new ManifestPlaces());
  }

  private static void assertHolds(Path folder, String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
    }
  }

  @Test
  void aRelativeWorkflowDirectoryIsRefused() {
    assertThatThrownBy(() -> new WorkflowDirectories(Path.of("workflow")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutItsFolderTheRecoveryFailsLoudly() throws IOException {
    Files.delete(directories.processing());

    assertThatThrownBy(recovery::run).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void theFoldersAreTheContractsAndMadeTwiceWithoutHarm() throws IOException {
    directories.create();

    assertHolds(directories.root(), "to_be_processed", "processing", "processed", "failed");
    assertThat(WorkflowDirectories.day(directories.failed(), LocalDate.of(2026, 1, 4)))
        .isEqualTo(directories.root().resolve("failed/2026-01-04"));
  }

  @Test
  void nothingLeftIsNothingDone() throws IOException {
    assertThat(recovery.run()).isEmpty();
  }

  @Test
  void aManifestAtWorkGoesBackAndItsStatusGoes() throws IOException {
    Files.writeString(directories.processing().resolve("web.json"), "{1}");
    Files.writeString(directories.processing().resolve("web.json.status.json"), "{}");
    Files.writeString(directories.processing().resolve(".web.json.status.json.tmp"), "{");

    assertThat(recovery.run()).containsExactly(directories.toBeProcessed().resolve("web.json"));

    assertHolds(directories.processing());
    assertHolds(directories.toBeProcessed(), "web.json");
    assertThat(directories.toBeProcessed().resolve("web.json")).hasContent("{1}");
  }

  @Test
  void aManifestDroppedMeanwhileIsNotOverwritten() throws IOException {
    Files.writeString(directories.processing().resolve("web.json"), "old");
    Files.writeString(directories.toBeProcessed().resolve("web.json"), "new");

    recovery.run();

    assertThat(directories.toBeProcessed().resolve("web.json")).hasContent("new");
    assertThat(directories.toBeProcessed().resolve("web.2.json")).hasContent("old");
  }

  @Test
  void whatIsNoRegularFileStaysWhereItIs() throws IOException {
    Files.createDirectory(directories.processing().resolve("folder.json"));
    Files.createSymbolicLink(
        directories.processing().resolve("link.json"), directory.resolve("elsewhere"));

    assertThat(recovery.run()).isEmpty();
    assertHolds(directories.processing(), "folder.json", "link.json");
  }

  @Test
  void severalManifestsComeBackInOrder() throws IOException {
    for (String name : new String[] {"c.yaml", "a.json", "b.yml"}) {
      Files.writeString(directories.processing().resolve(name), name);
    }

    assertThat(recovery.run())
        .extracting(path -> path.getFileName().toString())
        .containsExactly("a.json", "b.yml", "c.yaml");
  }
}
