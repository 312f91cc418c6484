package io.hyper2kvm.guest.boot.menu;

import io.hyper2kvm.guest.edit.Edited;
import java.util.List;
import java.util.Objects;

/**
 * What makes an entry the one that starts by itself.
 *
 * @param edits the files that change; none when nothing has to, or when it is refused
 * @param refusal why it cannot be done; empty when it can
 */
record NewDefault(List<Edited> edits, String refusal) {

  static final String RULE = "boot.default-kernel";
  static final String REASON = "the kernel that was started before has no virtio drivers";

  NewDefault {
    edits = List.copyOf(edits);
    Objects.requireNonNull(refusal, "refusal");
  }

  static NewDefault of(List<Edited> edits) {
    return edits.stream()
        .flatMap(edited -> edited.failures().stream())
        .findFirst()
        .map(NewDefault::refused)
        .orElseGet(() -> new NewDefault(edits.stream().filter(Edited::changed).toList(), ""));
  }

  static NewDefault refused(String why) {
    return new NewDefault(List.of(), why);
  }
}
