package io.hyper2kvm.stage.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.WindowsFix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VirtioWinTest {

  private static final WindowsFix CONFIGURED = new WindowsFix(Optional.empty());

  @TempDir private Path directory;
  private Path root;
  private Path drivers;

  @BeforeEach
  void drivers() throws IOException {
    root = Files.createDirectories(directory.toRealPath().resolve("allowed"));
    drivers = Files.createDirectories(root.resolve("virtio-win"));
    Path file = drivers.resolve("viostor/w10/amd64/viostor.sys");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "x");
  }

  private VirtioWin ofManifest(Path path) {
    return VirtioWin.of(
        new WindowsFix(Optional.of(path)), Optional.of(Path.of("/nowhere")), List.of(root));
  }

  private static void assertMissing(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.WINDOWS_DRIVERS_MISSING));
  }

  @Test
  void theFilesOfAFolderAreFound() {
    assertThat(ofManifest(drivers).files()).containsExactly("viostor/w10/amd64/viostor.sys");
  }

  @Test
  void theManifestComesBeforeTheConfiguration() {
    assertThat(ofManifest(drivers).path()).isEqualTo(drivers);
    assertThat(VirtioWin.of(CONFIGURED, Optional.of(drivers), List.of()).path()).isEqualTo(drivers);
  }

  @Test
  void theIsoOfAPackageComesBeforeItsFolder() throws IOException {
    assertThat(VirtioWin.usual(drivers)).contains(drivers);

    Path iso = Files.createFile(drivers.resolve("virtio-win.iso"));

    assertThat(VirtioWin.usual(drivers)).contains(iso);
    assertThat(VirtioWin.usual(drivers.resolve("gone"))).isEmpty();
  }

  @Test
  void linksAreFollowedInTheFolderOfTheConfigurationOnly() throws IOException {
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere/w11/amd64"));
    Files.writeString(elsewhere.resolve("viostor.sys"), "x");
    Files.createSymbolicLink(drivers.resolve("more"), directory.resolve("elsewhere"));

    assertThat(VirtioWin.of(CONFIGURED, Optional.of(drivers), List.of(root)).files())
        .contains("more/w11/amd64/viostor.sys");
    assertMissing(() -> ofManifest(drivers).files(), "it holds a symbolic link");
  }

  @Test
  void aLinkOutOfTheAllowedFoldersIsRefused() throws IOException {
    Path secret = Files.createDirectories(directory.resolve("secret"));
    Path link = Files.createSymbolicLink(root.resolve("link"), secret);

    assertMissing(() -> ofManifest(link).files(), "leads out of the allowed source directories");
  }

  @Test
  void aManifestNamesNoneWhereNoFolderIsAllowed() {
    assertMissing(
        () -> VirtioWin.of(new WindowsFix(Optional.of(drivers)), Optional.empty(), List.of()),
        "no folder is configured");
  }

  @Test
  void whatIsNotThereOrNoIsoIsMissing() throws IOException {
    assertMissing(() -> ofManifest(root.resolve("gone")).files(), "neither a folder nor an ISO");
    Path text = Files.writeString(root.resolve("a.iso"), "no image");
    assertMissing(() -> ofManifest(text).files(), "cannot be read");
  }

  @Test
  void aFolderWithoutAnyDriverIsToldBeforeARun() throws IOException {
    Path empty = Files.createDirectories(root.resolve("empty"));

    ofManifest(drivers).requireAny();
    assertMissing(() -> ofManifest(empty).requireAny(), "holds no viostor.sys");
  }
}
