package io.hyper2kvm.tool.boot;

import java.nio.charset.StandardCharsets;

/** The end of what came through a serial port: bounded, without terminal control sequences. */
final class ConsoleText {

  private static final int LONGEST = 32768;
  private static final char ESCAPE = '\u001b';

  private final StringBuilder text = new StringBuilder();
  private State state = State.PLAIN;

  private enum State {
    PLAIN,
    ESCAPED,
    CONTROL_SEQUENCE
  }

  void append(byte[] bytes) {
    String more = new String(bytes, StandardCharsets.UTF_8);
    for (int i = 0; i < more.length(); i++) {
      append(more.charAt(i));
    }
    if (text.length() > LONGEST) {
      text.delete(0, text.length() - LONGEST / 2);
    }
  }

  private void append(char next) {
    switch (state) {
      case ESCAPED -> state = next == '[' ? State.CONTROL_SEQUENCE : State.PLAIN;
      case CONTROL_SEQUENCE -> {
        if (next >= '@' && next <= '~') {
          state = State.PLAIN;
        } else if (next < ' ' || next > '?') {
          // systemd shortens its lines in the middle of a sequence; what follows is text again
          state = State.PLAIN;
          plain(next);
        }
      }
      case PLAIN -> plain(next);
    }
  }

  private void plain(char next) {
    if (next == ESCAPE) {
      state = State.ESCAPED;
    } else if (next == '\b') {
      int last = text.length() - 1;
      if (last >= 0 && text.charAt(last) != '\n') {
        text.setLength(last);
      }
    } else if (next == '\n' || next == '\t' || next >= ' ') {
      text.append(next);
    }
  }

  void clear() {
    text.setLength(0);
  }

  boolean isBlank() {
    return text.toString().isBlank();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
