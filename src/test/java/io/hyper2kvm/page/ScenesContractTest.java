package io.hyper2kvm.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.daemon.web.Description;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the page is tested with is what a daemon can answer: otherwise the page could show in a test
 * what it never shows to an operator. The hostile scene is left out: it has texts where no daemon
 * would have any.
 */
class ScenesContractTest {

  /** A question, and the operation of the description that answers it. */
  private record Question(String path, String operation) {}

  @ParameterizedTest
  @ValueSource(strings = {"empty", "running", "blocked", "batch", "many"})
  void theAnswersOfASceneAreAsDescribed(String name) throws IOException {
    Description description = new Description();
    FakeDaemon scene = Scenes.named(name);
    List<Question> questions = new ArrayList<>();
    for (String path : List.of("/overview", "/throughput", "/days", "/manifests?limit=200")) {
      questions.add(new Question(path, path.replaceFirst("\\?.*", "")));
    }
    for (JsonNode item : get(scene, "/manifests?limit=200").path("items")) {
      String one = "/manifests/" + item.path("id").asText();
      questions.add(new Question(one, "/manifests/{id}"));
      if (answer(scene, one + "/report").status() == 200) {
        questions.add(new Question(one + "/report", "/manifests/{id}/report"));
      }
    }
    for (Question question : questions) {
      String pointer =
          "/paths/%s/get/responses/200/content/application~1json/schema"
              .formatted(question.operation().replace("/", "~1"));
      assertThat(description.errors(pointer, get(scene, question.path())))
          .as("%s in scene %s", question.path(), name)
          .isEmpty();
    }
  }

  private static JsonNode get(FakeDaemon scene, String question) {
    Scene.Answer answer = answer(scene, question);
    assertThat(answer.status()).as(question).isEqualTo(200);
    return answer.json();
  }

  private static Scene.Answer answer(FakeDaemon scene, String question) {
    URI uri = URI.create("/api/v1" + question);
    String path = uri.getPath().substring("/api/v1".length());
    return scene.answer(new Scene.Request("GET", path, uri, null, ""));
  }
}
