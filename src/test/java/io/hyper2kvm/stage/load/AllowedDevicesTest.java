package io.hyper2kvm.stage.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyper2kvm.image.BlockDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** Anybody can make links in /dev/shm; each of these matches a pattern that is too wide. */
  @ParameterizedTest
  @CsvSource({
    "/dev/*/*, disk, DEVICE",
    "/dev/shm/*, disk, DEVICE",
    "/dev/*/*, disk, ../DEVICE",
    "/dev/*/*/*, folder/DEVICE, /dev",
    "/dev/*/*/*, folder/DEVICE, ..",
    "/dev/*/*, disk, disk",
    "/dev/*/*, disk, /dev/shm/../../dev/DEVICE",
  })
  void whatLiesInAFolderOfAnybodyIsNoDevice(String pattern, String name, String target)
      throws IOException {
    Path device = anyDevice();
    Path shared = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(shared), "/dev/shm is not there");
    Path entry = Path.of(name.replace("DEVICE", device.getFileName().toString()));
    Path link = shared.resolve("h2k-" + UUID.randomUUID() + entry.getName(0));
    Path source = entry.getNameCount() == 1 ? link : link.resolve(entry.getName(1));
    Path where =
        switch (target) {
          case "DEVICE" -> device;
          case "disk" -> link;
          default -> Path.of(target.replace("DEVICE", device.getFileName().toString()));
        };
    Files.createSymbolicLink(link, where);
    try {
      assertThat(device(pattern, source)).isEmpty();
    } finally {
      Files.delete(link);
    }
  }

  @Test
  void aLinkOutOfDevLeadsToNoDevice() {
    assertThat(device("/dev/*/*", Path.of("/dev/fd/0"))).isEmpty();
  }

  /** Such as the names of logical volumes and those by-id. */
  @Test
  void aLinkOfTheSystemIsFollowed() throws IOException {
    Optional<Path> link;
    try (Stream<Path> all = Files.find(Path.of("/dev"), 3, (path, it) -> it.isSymbolicLink())) {
      link = all.filter(AllowedDevicesTest::isDevice).findFirst();
    }
    assumeTrue(link.isPresent(), "this machine has no link to a block device");

    assertThat(device("/dev/**", link.get())).contains(link.get().toRealPath());
  }

  private static boolean isDevice(Path link) {
    try {
      return link.getParent().toRealPath().equals(link.getParent())
          && !link.startsWith("/dev/shm")
          && BlockDevice.isOne(link.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }
}
