package io.hyper2kvm.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StageResultsTest {

  private record Found(String text) implements StageResult {

    @Override
    public Map<String, Object> json() {
      return Map.of("text", text);
    }
  }

  private record Other() implements StageResult {

    @Override
    public Map<String, Object> json() {
      return Map.of();
    }
  }

  @Test
  void whatAStageFoundIsFoundByItsType() {
    StageResults results = StageResults.none().with(new Found("x")).with(new Other());

    assertThat(results.get(Found.class)).isEqualTo(new Found("x"));
    assertThat(results.find(Other.class)).hasValue(new Other());
  }

  @Test
  void moreOfTheSameStageTakesThePlaceOfWhatItFoundBefore() {
    StageResults results = StageResults.none().with(new Found("less")).with(new Found("more"));

    assertThat(results.get(Found.class)).isEqualTo(new Found("more"));
  }

  @Test
  void whatWasHandedOnDoesNotChange() {
    StageResults before = StageResults.none().with(new Found("less"));

    before.with(new Found("more"));

    assertThat(before.get(Found.class)).isEqualTo(new Found("less"));
  }

  @Test
  void aStageThatDidNotRunIsNamed() {
    assertThat(StageResults.none().find(Found.class)).isEmpty();
    assertThatThrownBy(() -> StageResults.none().get(Found.class)).hasMessage("there is no Found");
  }
}
