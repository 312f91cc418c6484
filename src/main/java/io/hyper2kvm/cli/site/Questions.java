package io.hyper2kvm.cli.site;

import io.hyper2kvm.cli.output.CommandFailedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/** Asks whoever sits at the terminal. */
public final class Questions {

  private static final int LONGEST_ANSWER_BYTES = 4096;
  private static final int TRIES = 3;

  private final InputStream in;
  private final PrintWriter out;

  public Questions(InputStream in, PrintWriter out) {
    this.in = in;
    this.out = out;
  }

  /**
   * One answer.
   *
   * @param suggestion what an empty line stands for
   * @param objection what is wrong with an answer; empty for a good one
   * @throws CommandFailedException when the input ends, or after three answers that will not do
   */
  public String ask(
      String question, String suggestion, Function<String, Optional<String>> objection)
      throws IOException {
    for (int tried = 0; tried < TRIES; tried++) {
      out.printf("%s [%s]: ", question, suggestion.isEmpty() ? "none" : suggestion);
      out.flush();
      String answer = line();
      String meant = answer.isEmpty() ? suggestion : answer.equals("none") ? "" : answer;
      Optional<String> wrong = objection.apply(meant);
      if (wrong.isEmpty()) {
        return meant;
      }
      out.println("  " + wrong.get());
    }
    throw CommandFailedException.because("no usable answer; nothing was written");
  }

  private String line() throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    int next = in.read();
    if (next < 0) {
      throw CommandFailedException.because("the input ended; nothing was written");
    }
    for (; next >= 0 && next != '\n'; next = in.read()) {
      if (answer.size() == LONGEST_ANSWER_BYTES) {
        throw CommandFailedException.because("the answer is too long; nothing was written");
      }
      answer.write(next);
    }
    return answer.toString(StandardCharsets.UTF_8).strip();
  }
}
