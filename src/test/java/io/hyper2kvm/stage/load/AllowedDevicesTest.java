package io.hyper2kvm.stage.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyper2kvm.image.BlockDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllowedDevicesTest {

  @TempDir Path directory;

  /** Any block device of this machine; none is opened. */
  private static Path anyDevice() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/dev"))) {
      Optional<Path> found =
          all.sorted()
              .filter(path -> BlockDevice.behind(path).equals(Optional.of(path)))
              .findFirst();
      assumeTrue(found.isPresent(), "this machine has no block device in /dev");
      return found.get();
    }
  }

  private static Optional<Path> device(String pattern, Path source) {
    return new AllowedDevices(List.of(Path.of(pattern))).device(source);
  }

  @Test
  void nothingIsAllowedUnlessItIsSaid() throws IOException {
    assertThat(new AllowedDevices(List.of()).device(anyDevice())).isEmpty();
  }

  @Test
  void aPatternAllowsTheNamesThatItMatches() throws IOException {
    Path device = anyDevice();

    assertThat(device("/dev/*", device)).contains(device);
    assertThat(device(device.toString(), device)).contains(device);
    assertThat(device(device + "x", device)).isEmpty();
    assertThat(device("/dev/other/*", device)).isEmpty();
  }

  @Test
  void aStarEndsWithItsName() throws IOException {
    assertThat(device("/*", anyDevice())).isEmpty();
    assertThat(device("/dev/*", Path.of("/dev/mapper/x"))).isEmpty();
  }

  @Test
  void whatIsNoBlockDeviceIsNotOne() {
    assertThat(device("/dev/*", Path.of("/dev/null"))).isEmpty();
    assertThat(device("/dev/*", Path.of("/dev/no-such-device"))).isEmpty();
  }

  /** Who may make links there could have any device read. */
  @Test
  void aLinkFromElsewhereLeadsToNoDevice() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("disk"), anyDevice());

    assertThat(device(directory + "/*", link)).isEmpty();
    assertThat(device("/dev/*", Path.of("/dev/../dev").resolve(anyDevice().getFileName())))
        .isEmpty();
  }
}
