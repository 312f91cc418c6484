package io.hyper2kvm.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @Test
  void socketOfTheUserIsTalkedTo() throws Exception {
    // Who listens is who has bound the socket: as that user a program is started for it.
    Path folder = Files.createTempDirectory("h2k-peer");
    ToolUser nobody = ToolUser.named("nobody");
    nobody.give(folder);
    Path socket = folder.resolve("socket");
    List<String> words = new ArrayList<>(nobody.prefix());
    words.addAll(
        List.of(
            "python3",
            "-c",
            "import socket,sys,time; s=socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]);"
                + " s.listen(); print('up', flush=True); time.sleep(60)",
            socket.toString()));
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "python3 is not installed");
    Process listener = new ProcessBuilder(words).start();
    try {
      assertThat(listener.getInputStream().read()).isEqualTo('u');
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        assertThatCode(() -> nobody.requirePeer(channel)).doesNotThrowAnyException();
      }
    } finally {
      listener.destroyForcibly();
      Files.deleteIfExists(socket);
      Files.delete(folder);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 1000",
    "65534, 65534",
    "999999999, 999999999",
    "1000000000, 1000000000",
    "1879048192, 1879048192",
    "2147483647, 2147483647"
  })
  void everyIdThatJavaCanSetIsUnderstood(String answer, int id) throws Exception {
    assertThat(ToolUser.id("web", answer)).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource({
    "2147483648, the id 2147483648; ids above",
    "4294967294, the id 4294967294; ids above",
    "'', there is no user web",
    "-1, there is no user web",
    "no such user, there is no user web",
    "99999999999, there is no user web",
  })
  void anyOtherAnswerIsNoId(String answer, String why) {
    assertThatThrownBy(() -> ToolUser.id("web", answer))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(why);
  }
}
