package io.hyper2kvm.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

/** By what a full file system is known. */
class NoSpaceTest {

  @Test
  void writeThatFoundNoRoomIsKnownInTheSystemsOwnWords() throws Exception {
    IOException thrown = null;
    try (FileOutputStream full = new FileOutputStream("/dev/full")) {
      full.write(1);
    } catch (IOException e) {
      thrown = e;
    }
    assertThat(thrown).isNotNull().matches(NoSpace::is);
  }

  @Test
  void quotaCounts() {
    assertThat(NoSpace.is(new IOException("/out/web.raw: Disk quota exceeded"))).isTrue();
  }

  @Test
  void toolsMayWriteItInTheirOwnCase() {
    assertThat(NoSpace.isIn("cat: write error: no space left on device")).isTrue();
  }

  @Test
  void otherFailuresAreNot() {
    assertThat(NoSpace.is(new NoSuchFileException("/dev/full"))).isFalse();
    assertThat(NoSpace.isIn("")).isFalse();
  }
}
