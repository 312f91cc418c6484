package io.hyper2kvm.stage;

import io.hyper2kvm.report.FailureCode;
import io.hyper2kvm.tool.GuestAnswers;
import io.hyper2kvm.tool.GuestScript;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a stage wants from the VM's appliance, one script after the other. An answer may lead to
 * further questions; a route asks until there is none left.
 */
public final class GuestDialogue {

  private record Turn(Supplier<GuestScript> question, Consumer<GuestAnswers> answer) {}

  private final Deque<Turn> turns = new ArrayDeque<>();
  private GuestScript asked;

  /**
   * Adds a turn after those that are there.
   *
   * @param question makes the script when its turn has come; an empty script is not sent, its
   *     answer is empty
   * @param answer takes the answers; may add turns
   */
  public GuestDialogue then(Supplier<GuestScript> question, Consumer<GuestAnswers> answer) {
    turns.addLast(new Turn(question, answer));
    return this;
  }

  /** Whether there is something left to ask. */
  public boolean hasQuestion() {
    while (asked == null && !turns.isEmpty()) {
      GuestScript script = turns.peekFirst().question().get();
      if (script.isEmpty()) {
        turns.removeFirst().answer().accept(GuestAnswers.NONE);
      } else {
        asked = script;
      }
    }
    return asked != null;
  }

  /** The script to send now. */
  public String question() {
    if (!hasQuestion()) {
      throw new IllegalStateException("nothing is left to ask");
    }
    return asked.text();
  }

  /** Hands in what the appliance printed. */
  public void answer(byte[] stdout) {
    if (asked == null) {
      throw new IllegalStateException("nothing was asked");
    }
    GuestAnswers answers;
    try {
      answers = asked.answers(stdout);
    } catch (IllegalArgumentException e) {
      throw StageFailedException.causedBy(
          FailureCode.APPLIANCE_FAILED, "the appliance died: " + e.getMessage(), e);
    }
    asked = null;
    turns.removeFirst().answer().accept(answers);
  }
}
