package io.hyper2kvm.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScreenFilesTest {

  @TempDir Path root;

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void pictureAtWorkIsWhatTheRecoveryRemoves() throws Exception {
    ScreenFiles.keep(root.resolve("web.json"), 2, new byte[] {1});

    assertThat(names(root)).allMatch(name -> name.startsWith(".") && name.endsWith(".tmp"));
  }

  @Test
  void picturesGoWithTheirManifestAndNoOther() throws Exception {
    Path to = Files.createDirectory(root.resolve("day")).resolve("web.2.json");
    Path from = root.resolve("web.json");
    ScreenFiles.keep(from, 1, new byte[] {1});
    ScreenFiles.keep(from, 12, new byte[] {12});
    ScreenFiles.keep(root.resolve("web.json.json"), 1, new byte[] {3});
    Files.createDirectory(root.resolve(".web.json.screen-7.png.tmp"));
    Files.createSymbolicLink(root.resolve(".web.json.screen-8.png.tmp"), from);
    Files.writeString(root.resolve(".web.json.screen-x.png.tmp"), "");

    ScreenFiles.move(from, to);

    assertThat(names(to.getParent()))
        .containsExactly("web.2.json.screen-1.png", "web.2.json.screen-12.png");
    assertThat(ScreenFiles.beside(to, 12)).hasBinaryContent(new byte[] {12});
    assertThat(names(root)).contains(".web.json.json.screen-1.png.tmp");
  }

  @Test
  void manifestWithoutPicturesHasNone() throws Exception {
    Path to = Files.createDirectory(root.resolve("day")).resolve("web.json");

    ScreenFiles.move(root.resolve("web.json"), to);

    assertThat(names(to.getParent())).isEmpty();
  }
}
