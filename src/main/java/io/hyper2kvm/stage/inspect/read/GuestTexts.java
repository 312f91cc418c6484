package io.hyper2kvm.stage.inspect.read;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.text.Printable;
import java.util.SortedMap;
import java.util.TreeMap;

/** The guest's configuration files that were read, one character for each byte. */
public final class GuestTexts {

  private final SortedMap<String, String> byPath = new TreeMap<>();

  /** Takes a file that was asked for by its path, if the guest has it. */
  public void take(String file, GuestfishAnswers answers) {
    if (answers.has(file)) {
      keep(file, answers.bytesAsText(file));
    }
  }

  /**
   * Keeps a file's text. One that was cut off must never be written back.
   *
   * @throws StageFailedException when it is as long as what is read at most
   */
  public void keep(String file, String text) {
    if (text.length() >= GuestFilesOfInterest.MAX_TEXT_BYTES) {
      throw StageFailedException.because(
          FailureCode.GUEST_FILE_TOO_LARGE,
          "the guest's %s has %d bytes or more"
              .formatted(Printable.guestLine(file), GuestFilesOfInterest.MAX_TEXT_BYTES));
    }
    byPath.put(file, text);
  }

  /** A file's text; empty when there is none. */
  public String text(String file) {
    return byPath.getOrDefault(file, "");
  }

  public SortedMap<String, String> byPath() {
    return byPath;
  }
}
