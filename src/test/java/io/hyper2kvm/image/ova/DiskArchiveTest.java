package io.hyper2kvm.image.ova;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DiskArchiveTest {

  @TempDir Path directory;

  static Stream<Named<byte[]>> archives() {
    Ovas files = Ovas.with("images/disk.raw", new byte[4096]).and("images/readme.txt", "x");
    return Stream.of(
        Named.of("tar", files.tar()),
        Named.of("tar.gz", Ovas.gzip(files.tar())),
        Named.of("zip", files.zip(false)));
  }

  @ParameterizedTest
  @MethodSource("archives")
  void aRawDiskIsFoundInAFolderOfEveryArchive(byte[] archive) throws IOException {
    Path file = Ovas.write(directory.toRealPath().resolve("x"), archive);

    try (OvaPackage read = OvaReader.openArchive(file)) {
      assertThat(read.ready(directory.toRealPath()))
          .singleElement()
          .satisfies(
              disk -> {
                assertThat(disk.member()).isEqualTo("images/disk.raw");
                assertThat(disk.image().virtualSize()).isEqualTo(4096);
              });
    }
  }
}
