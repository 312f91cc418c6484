package io.hyper2kvm.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may be the tools' user, and what is its own. */
class ToolUserTest {

  private static final int NOBODY = 65534;

  @TempDir Path folder;

  @BeforeEach
  void asRoot() {
    assumeTrue(ToolUser.isRoot(), "only root can run tools as another user");
  }

  private static Object owner(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"root", "no-such-user-here", "0", "--help"})
  void nobodyCanBeSuchAUser(String name) {
    assertThatThrownBy(() -> ToolUser.named(name)).isInstanceOf(IOException.class);
  }

  @Test
  void withoutAConfiguredUserThereIsNoPrefix() throws Exception {
    assertThat(ToolUser.configured(Optional.empty()).prefix()).isEmpty();
  }

  @Test
  void prefixLeavesNoRight() throws Exception {
    assertThat(ToolUser.named("nobody").prefix())
        .contains("--reuid=65534", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all");
  }

  @Test
  void ownRightsAreNotAskedFor() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(ToolUser.OWN.mayRead(file)).isTrue();
  }

  @Test
  void kernelTellsWhatTheUserMayRead() throws Exception {
    ToolUser nobody = ToolUser.named("nobody");
    assertThat(nobody.mayRead(Files.createFile(folder.resolve("hidden")))).isFalse();
    assertThat(nobody.mayRead(Path.of("/etc/passwd"))).isTrue();
    assertThat(nobody.mayEnter(folder)).isFalse();
    assertThat(nobody.mayEnter(Path.of("/usr"))).isTrue();
  }

  @Test
  void folderThatTheUserCouldReplaceIsFound() throws Exception {
    ToolUser nobody = ToolUser.named("nobody");
    folder = folder.toRealPath();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    Path open = Files.createDirectory(folder.resolve("open"));
    Path below = Files.createDirectory(open.resolve("below"));
    assertThat(nobody.replaceable(below)).isEmpty(); // /tmp is sticky
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(nobody.replaceable(below)).contains(open);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("r-xr-xr-x"));
    Files.setAttribute(open, "unix:uid", NOBODY);
    assertThat(nobody.replaceable(below)).contains(open);
  }

  @Test
  void fileIsMadeForTheUserOnceAlone() throws Exception {
    Path file = folder.resolve("file");
    ToolUser nobody = ToolUser.named("nobody");
    nobody.makeFile(file);
    assertThat(owner(file)).isEqualTo(NOBODY);
    assertThatThrownBy(() -> nobody.makeFile(file)).isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void linkIsGivenAndNotWhereItLeads() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    ToolUser.named("nobody").give(link);
    assertThat(owner(link)).isEqualTo(NOBODY);
    assertThat(owner(file)).isEqualTo(0);
  }

  @Test
  void processOfAnotherIsNotTheUsers() throws Exception {
    assertThat(ToolUser.named("nobody").owns(ProcessHandle.current().pid())).isFalse();
    assertThat(ToolUser.OWN.owns(ProcessHandle.current().pid())).isTrue();
  }

  @Test
  void socketOfAnotherIsNotTalkedTo() throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      try (SocketChannel channel = SocketChannel.open(address)) {
        assertThatThrownBy(() -> ToolUser.named("nobody").requirePeer(channel))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("root listens at");
      }
    }
  }
}
