package io.hyper2kvm.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CancelRequestTest {

  @TempDir Path folder;
  private WorkflowDirectories directories;
  private FileIdentity identity;

  @BeforeEach
  void directories() throws IOException {
    directories = new WorkflowDirectories(folder);
    directories.create();
    Path manifest = Files.writeString(directories.toBeProcessed().resolve("web.json"), "{}");
    identity = FileIdentity.of(manifest).orElseThrow();
  }

  @Test
  void requestIsReadAsItWasWritten() throws IOException {
    CancelRequest written = CancelRequest.write(directories, "web.json", identity);

    assertThat(CancelRequest.all(directories)).containsExactly(written);
    assertThat(written.file()).hasFileName(".web.json.cancel");
  }

  @Test
  void secondRequestForTheSameNameReplacesTheFirst() throws IOException {
    CancelRequest.write(directories, "web.json", new FileIdentity(1, 2, 3, 4));
    CancelRequest second = CancelRequest.write(directories, "web.json", identity);

    assertThat(CancelRequest.all(directories)).containsExactly(second);
  }

  @Test
  void heardRequestStaysButIsNotPending() throws IOException {
    CancelRequest request = CancelRequest.write(directories, "web.json", identity);

    CancelRequest heard = request.heard();

    assertThat(request.isPending()).isFalse();
    assertThat(CancelRequest.pending(directories)).isEmpty();
    assertThat(CancelRequest.all(directories)).containsExactly(heard);
    assertThat(heard.isHeard()).isTrue();
  }

  @Test
  void removedTwiceIsNoError() throws IOException {
    CancelRequest request = CancelRequest.write(directories, "web.json", identity);
    request.remove();
    request.remove();

    assertThat(request.isPending()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "1:2:3",
        "1:2:3:4:5",
        "1:2:-3:4",
        "99999999999999999999:2:3:4",
        "1:2:3:4 5"
      })
  void nonsenseIsRemovedAndNoRequest(String content) throws IOException {
    Path file = directories.processing().resolve(".web.json.cancel");
    Files.writeString(file, content);

    assertThat(CancelRequest.all(directories)).isEmpty();
    assertThat(file).doesNotExist();
  }

  @Test
  void largeFileAndLinkAreRemovedUnread() throws IOException {
    Path large = Files.write(directories.processing().resolve(".a.cancel"), new byte[1 << 20]);
    Path target = Files.writeString(folder.resolve("target"), identity.text());
    Path link = Files.createSymbolicLink(directories.processing().resolve(".b.cancel"), target);

    assertThat(CancelRequest.all(directories)).isEmpty();
    assertThat(large).doesNotExist();
    assertThat(Files.isSymbolicLink(link)).isFalse();
    assertThat(target).exists();
  }

  @Test
  void fileWithTheSameNameLaterIsAnotherOne() throws IOException {
    Path manifest = directories.toBeProcessed().resolve("web.json");
    Path kept = Files.createLink(folder.resolve("keeps-the-number-in-use"), manifest);
    Files.delete(manifest);
    Files.writeString(manifest, "{}");

    assertThat(identity.isAt(manifest)).isFalse();
    assertThat(identity.isAt(kept)).isTrue();
  }
}
