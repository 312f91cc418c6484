package io.hyper2kvm.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is removed with a folder, and what is not. */
class FolderRemovalTest {

  @TempDir Path root;
  private Path folder;

  @BeforeEach
  void fill() throws Exception {
    folder = Files.createDirectories(root.resolve("folder"));
    Files.createDirectories(folder.resolve("a/b"));
    Files.createFile(folder.resolve("a/b/deep"));
    Files.createFile(folder.resolve("kept"));
  }

  @Test
  void everythingInItGoes() throws Exception {
    FolderRemoval.empty(folder);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void oneFileStays() throws Exception {
    FolderRemoval.empty(folder, "kept");
    assertThat(folder).isDirectoryContaining(path -> path.endsWith("kept"));
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void linkGoesAndNotWhereItLeads() throws Exception {
    Path outside = Files.createDirectories(root.resolve("outside"));
    Files.createFile(outside.resolve("file"));
    Files.createSymbolicLink(folder.resolve("a/link"), outside);
    FolderRemoval.empty(folder);
    assertThat(folder).isEmptyDirectory();
    assertThat(outside.resolve("file")).exists();
  }

  @Test
  void treeWithoutEndIsNoReasonToBreak() throws Exception {
    Path deep = folder;
    for (int i = 0; i < 300; i++) {
      deep = Files.createDirectory(deep.resolve("d"));
    }
    assertThatThrownBy(() -> FolderRemoval.empty(folder))
        .isInstanceOf(java.io.IOException.class)
        .hasMessageContaining("deep");
  }
}
