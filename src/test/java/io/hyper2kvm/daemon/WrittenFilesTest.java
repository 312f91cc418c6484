package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyper2kvm.WrittenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every file that the daemon writes is as its schema says. Each test that runs a daemon checks its
 * files at the end; here it is shown that the check sees all kinds of them and can fail.
 */
@Tag("daemon")
class WrittenFilesTest {

  @TempDir Path folder;

  /** A daemon that has written every kind of file, and its live status as it was meanwhile. */
  private RunningDaemon written(List<JsonNode> status) throws Exception {
    RunningDaemon daemon = new RunningDaemon(folder);
    Path go = daemon.root.resolve("go");
    daemon.tools.before("convert", "while [ ! -e '%s' ]; do sleep 0.02; done".formatted(go));
    daemon.disk("a");
    try (RunningDaemon running = daemon.start()) {
      running.drop("two.json", running.batch("\"metadata\": {\"x\": null},", "a", "b"));
      Path file = running.directories.processing().resolve("two.json.status.json");
      await()
          .atMost(RunningDaemon.LIMIT)
          .until(
              () ->
                  Files.exists(file)
                      && RunningDaemon.json(file)
                          .toString()
                          .matches(".*\"convert\".*\"failed\".*"));
      status.add(RunningDaemon.json(file));
      Files.createFile(go);
      running.error("two.json");
      running.drop("one.json", running.single(running.root.resolve("in/a.raw"), "a"));
      running.report("one.json");
    }
    return daemon;
  }

  @Test
  void everyKindIsSeenAndGoodAndAMangledOneIsRefused() throws Exception {
    List<JsonNode> status = new ArrayList<>();
    RunningDaemon daemon = written(status);

    assertThat(WrittenFiles.check(daemon.directories.root(), daemon.output()))
        .containsEntry("report", 1)
        .containsEntry("error", 1)
        .containsEntry("provenance", 1)
        .containsEntry("retry", 1);
    assertThat(WrittenFiles.problems("status", status.get(0))).isEmpty();

    Path failed = daemon.awaitFailed("two.json");
    assertEveryMangledCopyIsRefused("status", status.get(0));
    assertEveryMangledCopyIsRefused(
        "error", RunningDaemon.json(failed.resolveSibling("two.json.error.json")));
    assertEveryMangledCopyIsRefused("report", daemon.report("one.json"));
    Path record = daemon.output().resolve("a-converted.raw.provenance.json");
    assertEveryMangledCopyIsRefused("provenance", RunningDaemon.json(record));

    Files.writeString(record, "{}");
    assertThatThrownBy(() -> WrittenFiles.check(daemon.output()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(record.toString());
  }

  /** A key more in any object of ours, and another type of any value, is noticed. */
  private static void assertEveryMangledCopyIsRefused(String kind, JsonNode good)
      throws IOException {
    List<String> unnoticed = new ArrayList<>();
    for (String place : places(good, "")) {
      if (place.startsWith("/metadata")) {
        continue;
      }
      JsonNode more = good.deepCopy();
      JsonNode value = more.at(place);
      if (value.isObject()) {
        ((ObjectNode) value).put("surprise", 1);
        if (WrittenFiles.problems(kind, more).isEmpty()) {
          unnoticed.add("one more at " + place);
        }
      }
      if (!place.isEmpty()) {
        JsonNode other = good.deepCopy();
        JsonNode parent = other.at(place.substring(0, place.lastIndexOf('/')));
        String key = place.substring(place.lastIndexOf('/') + 1);
        if (parent instanceof ArrayNode list) {
          list.set(Integer.parseInt(key), list.objectNode().put("surprise", 1));
        } else {
          ((ObjectNode) parent).putObject(key).put("surprise", 1);
        }
        if (WrittenFiles.problems(kind, other).isEmpty()) {
          unnoticed.add("another type at " + place);
        }
      }
    }
    assertThat(unnoticed).as(kind).isEmpty();
  }

  private static List<String> places(JsonNode node, String pointer) {
    List<String> places = new ArrayList<>(List.of(pointer));
    node.properties()
        .forEach(field -> places.addAll(places(field.getValue(), pointer + "/" + field.getKey())));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      places.addAll(places(node.get(i), pointer + "/" + i));
    }
    return places;
  }
}
