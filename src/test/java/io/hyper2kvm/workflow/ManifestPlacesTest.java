package io.hyper2kvm.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestPlacesTest {

  private static final ManifestFile WEB = new ManifestFile("web.json");

  @TempDir Path directory;
  private final ManifestPlaces places = new ManifestPlaces();
  private Path folder;

  @BeforeEach
  void folder() {
    folder = directory.resolve("processed/2026-01-24");
  }

  @Test
  void aFileInTheFoldersPlaceIsAnError() throws IOException {
    Files.writeString(directory.resolve("processed"), "in the way");

    assertThatThrownBy(() -> places.reserve(folder, WEB)).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web.json",
        "web.json.report.json",
        "web.json.error.json",
        "web.json.report.json.intoto.jsonl",
        "web.json.error.json.intoto.jsonl",
        "web.json.status.json",
        "web.retry.json"
      })
  void aPlaceWithAnyFileAboutTheManifestIsTaken(String name) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(name), "");

    assertThat(places.reserve(folder, WEB)).isEqualTo(folder.resolve("web.2.json"));
  }

  @Test
  void twoManifestsWithOneRetryManifestAreKeptApartBeforeItIsThere() throws IOException {
    Path json = places.reserve(folder, WEB);

    assertThat(places.reserve(folder, new ManifestFile("web.yaml")))
        .isEqualTo(folder.resolve("web.2.yaml"));
    assertThat(places.reserve(folder, new ManifestFile("web.retry.json")))
        .isEqualTo(folder.resolve("web.retry.2.json"));
    places.release(json);
    assertThat(places.reserve(folder, new ManifestFile("web.yml")))
        .isEqualTo(folder.resolve("web.yml"));
  }

  @Test
  void aDanglingLinkTakesThePlaceToo() throws IOException {
    Files.createDirectories(folder);
    Files.createSymbolicLink(folder.resolve("web.json"), Path.of("nowhere"));

    assertThat(places.reserve(folder, WEB)).isEqualTo(folder.resolve("web.2.json"));
  }

  @Test
  void theFirstOneKeepsItsName() throws IOException {
    assertThat(places.reserve(folder, WEB)).isEqualTo(folder.resolve("web.json"));
    assertThat(folder).isDirectory();
  }

  @Test
  void aReservedPlaceIsGivenOnceUntilItIsReleased() throws IOException {
    Path first = places.reserve(folder, WEB);
    Path second = places.reserve(folder, WEB);
    assertThat(List.of(first, second))
        .containsExactly(folder.resolve("web.json"), folder.resolve("web.2.json"));

    places.release(first);
    assertThat(places.reserve(folder, WEB)).isEqualTo(first);
  }

  @Test
  void aReleasedPlaceWithItsManifestIsStillTaken() throws IOException {
    Path first = places.reserve(folder, WEB);
    Files.writeString(first, "{}");
    places.release(first);

    assertThat(places.reserve(folder, WEB)).isEqualTo(folder.resolve("web.2.json"));
  }

  @Test
  void manyThreadsGetDifferentPlaces() {
    Set<Path> given = ConcurrentHashMap.newKeySet();

    IntStream.range(0, 50)
        .parallel()
        .forEach(
            i -> {
              try {
                given.add(places.reserve(folder, WEB));
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });

    assertThat(given).hasSize(50);
  }
}
