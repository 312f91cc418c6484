package io.hyper2kvm.guest.initramfs.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.initramfs.Archive;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The tree is what the kernel would make of the archives, not a list of their names. */
class RootfsTreeTest {

  @Test
  void fileWithoutItsDirectoryIsLost() throws IOException {
    InitramfsContents contents =
        Archive.read(new Archive().file("lib/modules/a.ko", "x").file("dev/ok", "x").end());

    assertThat(contents.tree().entries()).containsOnlyKeys("dev/ok");
  }

  @Test
  void directoryInTheOrderBehindItsFileComesTooLate() throws IOException {
    InitramfsContents contents =
        Archive.read(new Archive().file("conf/modules", "x").dir("conf").end());

    assertThat(contents.tree().entries()).containsOnlyKeys("conf");
  }

  @Test
  void directoryReplacesTheLinkAndHidesWhatWasReachedThroughIt() throws IOException {
    InitramfsContents contents =
        Archive.read(
            new Archive().dirs("usr/lib").file("usr/lib/a", "x").link("lib", "usr/lib").end(),
            new Archive().dir("lib").end());

    assertThat(contents.find("lib/a")).isEmpty();
    assertThat(contents.find("usr/lib/a")).isPresent();
  }

  @Test
  void linkDoesNotReplaceADirectoryThatHoldsSomething() throws IOException {
    InitramfsContents contents =
        Archive.read(
            new Archive().dir("lib").file("lib/a", "x").dir("empty").end(),
            new Archive().link("lib", "usr/lib").link("empty", "lib").end());

    assertThat(contents.tree().entries()).containsOnlyKeys("lib", "lib/a", "empty");
    assertThat(contents.find("empty/a")).isPresent();
  }

  @Test
  void linksThatLeadInCirclesLeadNowhere() throws IOException {
    InitramfsContents contents =
        Archive.read(
            new Archive().link("a", "b").link("b", "a").file("a/x", "x").link("up", "..").end());

    assertThat(contents.find("a")).isEmpty();
    assertThat(contents.tree().entries()).containsOnlyKeys("a", "b", "up");
    assertThat(contents.find("up/up/up")).isEmpty();
  }

  @Test
  void absoluteAndUpwardLinksAreFollowedWithinTheTree() throws IOException {
    InitramfsContents contents =
        Archive.read(
            new Archive()
                .dirs("usr/lib/x")
                .file("usr/lib/x/f", "x")
                .link("abs", "/usr/lib")
                .link("usr/up", "../../../usr/./lib/x")
                .end());

    assertThat(contents.find("abs/x/f")).map(InitramfsEntry::path).contains("usr/lib/x/f");
    assertThat(contents.find("usr/up/f")).map(InitramfsEntry::path).contains("usr/lib/x/f");
    assertThat(contents.find("usr/lib/x/f/more")).isEmpty();
  }

  @Test
  void newFileReplacesALinkRatherThanWriteThroughIt() throws IOException {
    InitramfsContents contents =
        Archive.read(
            new Archive().dir("etc").file("etc/real", "old").link("etc/name", "real").end(),
            new Archive().file("etc/name", "new one").end());

    assertThat(contents.tree().entries().get("etc/real").size()).isEqualTo(3);
    assertThat(contents.tree().entries().get("etc/name").isRegular()).isTrue();
  }
}
