package io.hyper2kvm.guestfish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.stage.FakeGuest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuestfishSessionTest {

  private final GuestfishSession dialogue = new GuestfishSession();
  private final List<String> order = new ArrayList<>();

  private GuestfishSession turn(String name) {
    return dialogue.then(() -> new GuestfishScript().ask(name, "ls"), answers -> order.add(name));
  }

  private void talk() {
    dialogue.advance();
    while (dialogue.hasQuestion()) {
      dialogue.answer(FakeGuest.echoes(dialogue.question()));
      dialogue.advance();
    }
  }

  @Test
  void anAnswerWithoutAQuestionIsRefused() {
    assertThatThrownBy(() -> dialogue.answer(new byte[0]))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aQuestionWhenNothingIsLeftIsRefused() {
    assertThat(dialogue.hasQuestion()).isFalse();
    assertThatThrownBy(dialogue::question).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anAnswerThatEndsInTheMiddleIsADeadAppliance() {
    turn("a");
    dialogue.advance();

    assertThatThrownBy(() -> dialogue.answer("kernel panic".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.APPLIANCE_FAILED));
    assertThat(order).isEmpty();
  }

  @Test
  void afterAFailureNothingIsAskedAnyMore() {
    dialogue.then(
        () -> new GuestfishScript().ask("a", "ping-daemon"),
        answers -> {
          throw new IllegalStateException("not taken");
        });
    turn("b");
    dialogue.advance();
    String script = dialogue.question();

    assertThatThrownBy(() -> dialogue.answer(FakeGuest.echoes(script))).hasMessage("not taken");
    dialogue.advance();
    assertThat(dialogue.hasQuestion()).isFalse();
  }

  @Test
  void turnsComeInTheirOrder() {
    turn("a");
    turn("b");
    talk();

    assertThat(order).containsExactly("a", "b");
  }

  @Test
  void askingAgainWithoutAnAnswerAsksTheSame() {
    turn("a");
    turn("b");
    dialogue.advance();
    String first = dialogue.question();
    dialogue.advance();

    assertThat(dialogue.question()).isEqualTo(first);
  }

  @Test
  void theQuestionWhetherThereIsOneCallsNothing() {
    dialogue.then(
        () -> {
          order.add("made");
          return new GuestfishScript();
        },
        answers -> order.add("answered"));

    assertThat(dialogue.hasQuestion()).isFalse();
    assertThat(order).isEmpty();
  }

  @Test
  void anEmptyScriptIsNotSentButAnswered() {
    List<GuestfishAnswers> taken = new ArrayList<>();
    dialogue.then(GuestfishScript::new, taken::add);
    turn("b");
    dialogue.advance();

    assertThat(dialogue.hasQuestion()).isTrue();
    assertThat(taken).containsExactly(GuestfishAnswers.NONE);
    talk();
    assertThat(order).containsExactly("b");
  }

  @Test
  void onlyEmptyScriptsAreNoQuestion() {
    dialogue.then(GuestfishScript::new, answers -> order.add("a"));
    dialogue.then(GuestfishScript::new, answers -> order.add("b"));
    dialogue.advance();

    assertThat(dialogue.hasQuestion()).isFalse();
    assertThat(order).containsExactly("a", "b");
  }

  @Test
  void whatAnAnswerAsksComesBeforeWhatWasPlanned() {
    dialogue.then(
        () -> new GuestfishScript().ask("a", "ls"),
        answers -> {
          order.add("a");
          dialogue.then(
              () -> new GuestfishScript().ask("a1", "ls"),
              more -> {
                order.add("a1");
                turn("a1-1");
                turn("a1-2");
              });
          turn("a2");
        });
    turn("b");
    talk();

    assertThat(order).containsExactly("a", "a1", "a1-1", "a1-2", "a2", "b");
  }

  @Test
  void anEmptyTurnMayAddTurnsToo() {
    dialogue.then(GuestfishScript::new, answers -> turn("added"));
    turn("planned");
    talk();

    assertThat(order).containsExactly("added", "planned");
  }

  @Test
  void aQuestionIsMadeOnlyWhenItsTurnHasCome() {
    dialogue.then(
        () -> new GuestfishScript().ask("a", "ls"), answers -> order.add("a " + answers.text("a")));
    dialogue.then(
        () -> {
          order.add("making b");
          return new GuestfishScript().ask("b", "ls");
        },
        answers -> order.add("b"));
    talk();

    assertThat(order).containsExactly("a ", "making b", "b");
  }
}
