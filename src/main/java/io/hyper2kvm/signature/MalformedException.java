package io.hyper2kvm.signature;

import java.io.IOException;

/** What was read is not what it should be; the message says why, to stand behind its name. */
public final class MalformedException extends IOException {

  private static final long serialVersionUID = 1L;

  MalformedException(String message) {
    super(message);
  }
}
