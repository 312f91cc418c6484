package io.hyper2kvm.stage.fix;

import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.ToolFiles;
import io.hyper2kvm.stage.inspect.read.GuestFilesOfInterest;
import io.hyper2kvm.text.TextTail;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The guest's text files as they shall be: edits pile up here, are written by one script, and read
 * back by the same.
 */
final class GuestEdits {

  private record Edit(Optional<String> text, int mode) {}

  private final SortedMap<String, String> original;
  private final SortedMap<String, Edit> edits = new TreeMap<>();

  /** No edits yet of the given files, which have one character for each byte. */
  GuestEdits(SortedMap<String, String> original) {
    this.original = original;
  }

  /** The file as it will be; empty when there is none. */
  Optional<String> text(String path) {
    Edit edit = edits.get(path);
    return edit != null ? edit.text() : Optional.ofNullable(original.get(path));
  }

  /** All files as they will be. */
  SortedMap<String, String> texts() {
    SortedMap<String, String> texts = new TreeMap<>(original);
    edits.forEach(
        (path, edit) -> {
          if (edit.text().isPresent()) {
            texts.put(path, edit.text().get());
          } else {
            texts.remove(path);
          }
        });
    return texts;
  }

  /** The files that are written, but not those that are removed. */
  List<String> written() {
    return edits.entrySet().stream()
        .filter(entry -> entry.getValue().text().isPresent())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Takes the files of a plan, in their order. */
  void apply(EditPlan plan) {
    plan.files().forEach(edit -> edits.put(edit.file(), new Edit(edit.after(), edit.mode())));
  }

  /** A file gets this text and keeps its mode; a new one gets mode 0644. */
  void write(String path, String text) {
    edits.put(path, new Edit(Optional.of(text), FileEdit.KEEP_MODE));
  }

  /**
   * The script that writes the edits and reads them back.
   *
   * @param directory a directory of the host for the new contents
   * @param files lets the tools read them
   */
  GuestfishScript script(Path directory, ToolFiles files) {
    GuestfishScript script = new GuestfishScript();
    int number = 0;
    for (Map.Entry<String, Edit> entry : edits.entrySet()) {
      String path = entry.getKey();
      Edit edit = entry.getValue();
      if (edit.text().isEmpty()) {
        script.run("rm-f", path).ask(path, "exists", path);
        continue;
      }
      Path host = directory.resolve("edit-" + number++);
      files.toRead(host, edit.text().get().getBytes(StandardCharsets.ISO_8859_1));
      boolean isNew = !original.containsKey(path);
      if (isNew) {
        script.run("mkdir-p", path.substring(0, path.lastIndexOf('/')));
      }
      script.run("upload", host.toString(), path);
      if (edit.mode() != FileEdit.KEEP_MODE || isNew) {
        int mode = edit.mode() == FileEdit.KEEP_MODE ? 0644 : edit.mode();
        script.run("chmod", "0" + Integer.toOctalString(mode), path);
      }
      script.read(path, path, 2 * GuestFilesOfInterest.MAX_TEXT_BYTES);
    }
    return script;
  }

  /** What was read back must be what was written. */
  void accept(GuestfishAnswers answers, Path applianceLog) {
    edits.forEach(
        (path, edit) -> {
          boolean holds =
              edit.text().isPresent()
                  ? edit.text().get().equals(answers.bytesAsText(path))
                  : answers.text(path).strip().equals("false");
          if (!holds) {
            throw WriteFailure.of(path, TextTail.of(applianceLog));
          }
        });
  }
}
