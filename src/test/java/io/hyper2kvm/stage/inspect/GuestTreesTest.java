package io.hyper2kvm.stage.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Guests as their distributions lay them out, and what becomes of their files. A result that
 * changes is looked at by a human: {@code -Dguests.write=true} writes the results anew.
 */
class GuestTreesTest {

  private static final Path FOLDER = Path.of("src/test/resources/guests");
  private static final boolean WRITE = Boolean.getBoolean("guests.write");

  static List<String> guests() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("guests")
  void theFixesGiveTheExpectedFiles(String guest) throws IOException {
    String found = TreeFixes.of(read(guest)).text();
    Path expected = FOLDER.resolve(guest).resolve("result.txt");
    if (WRITE) {
      Files.writeString(expected, found, StandardCharsets.UTF_8);
    }

    assertThat(found).isEqualTo(Files.readString(expected, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("guests")
  void aSecondRunChangesNothing(String guest) throws IOException {
    assertThat(TreeFixes.of(read(guest)).again().changedFiles()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("guests")
  void inspectReadsEveryFile(String guest) throws IOException {
    assertThat(read(guest).overlooked()).isEmpty();
  }

  @Test
  void eightDistributionsAreThereInTwoReleases() throws IOException {
    long twice =
        guests().stream()
            .map(guest -> guest.split("-", 2)[0])
            .distinct()
            .filter(this::isThereTwice)
            .count();

    assertThat(twice).isGreaterThanOrEqualTo(8);
  }

  private boolean isThereTwice(String distribution) {
    try {
      return guests().stream().filter(guest -> guest.startsWith(distribution + "-")).count() > 1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GuestTree read(String guest) throws IOException {
    return GuestTree.read(FOLDER.resolve(guest).resolve("tree.txt"));
  }
}
