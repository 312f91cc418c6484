package io.hyper2kvm.guestfish;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a stage wants from the VM's appliance, one script after the other. An answer may lead to
 * further questions: after each one, {@link #advance} goes on to the next, until there is none
 * left.
 */
public final class GuestfishSession {

  private record Turn(Supplier<GuestfishScript> question, Consumer<GuestfishAnswers> answer) {}

  private final Deque<Turn> turns = new ArrayDeque<>();
  private Deque<Turn> added = turns;
  private GuestfishScript asked;

  /**
   * Adds a turn: at the end, or, while an answer is being taken, right behind the turn that is
   * answered and what it has added already. So what follows from an answer comes before what was
   * planned to come later.
   *
   * @param question makes the script when its turn has come; an empty script is not sent, its
   *     answer is empty
   * @param answer takes the answers; may add turns
   */
  public GuestfishSession then(
      Supplier<GuestfishScript> question, Consumer<GuestfishAnswers> answer) {
    added.addLast(new Turn(question, answer));
    return this;
  }

  /**
   * Goes on to the next script that is not empty, unless there is one already that was not
   * answered.
   */
  public void advance() {
    while (asked == null && !turns.isEmpty()) {
      GuestfishScript script = turns.peekFirst().question().get();
      if (script.isEmpty()) {
        take(GuestfishAnswers.NONE);
      } else {
        asked = script;
      }
    }
  }

  /** Whether there is a script to send. */
  public boolean hasQuestion() {
    return asked != null;
  }

  /** The script to send now. */
  public String question() {
    if (!hasQuestion()) {
      throw new IllegalStateException("there is nothing to ask");
    }
    return asked.text();
  }

  /** Hands in what the appliance printed; {@link #advance} goes on. */
  public void answer(byte[] stdout) {
    if (asked == null) {
      throw new IllegalStateException("nothing was asked");
    }
    GuestfishAnswers answers;
    try {
      answers = asked.answers(stdout);
    } catch (IllegalArgumentException e) {
      end();
      throw StageFailedException.causedBy(
          FailureCode.APPLIANCE_FAILED, "the appliance died: " + e.getMessage(), e);
    }
    asked = null;
    take(answers);
  }

  private void take(GuestfishAnswers answers) {
    Turn turn = turns.removeFirst();
    added = new ArrayDeque<>();
    try {
      turn.answer().accept(answers);
      added.descendingIterator().forEachRemaining(turns::addFirst);
    } catch (RuntimeException e) {
      end();
      throw e;
    } finally {
      added = turns;
    }
  }

  /**
   * The next turn builds on an answer that was not taken: its own failure would hide the reason.
   */
  private void end() {
    turns.clear();
    asked = null;
  }
}
