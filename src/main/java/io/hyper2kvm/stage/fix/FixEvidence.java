package io.hyper2kvm.stage.fix;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.LeftAlone;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one fix did and left alone, for the report's {@code fixes_applied}. */
public final class FixEvidence {

  private static final int MAX_ENTRIES = 1000;

  private final String name;
  private final List<Object> changes = new ArrayList<>();
  private final List<Object> leftAlone = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final Map<String, Object> facts = new LinkedHashMap<>();
  private String notApplicable = "";

  FixEvidence(String name) {
    this.name = name;
  }

  void add(Edited edited) {
    for (Change change : edited.changes()) {
      changed(
          change.file(),
          change.line(),
          change.before(),
          change.after(),
          change.rule(),
          change.reason());
    }
    for (LeftAlone left : edited.leftAlone()) {
      leftAlone(left.file(), left.line(), left.text(), left.reason());
    }
    edited.warnings().forEach(warning -> warnings.add(Printable.guestBytes(warning)));
    edited.failures().forEach(failure -> failures.add(Printable.guestBytes(failure)));
  }

  void changed(String file, int line, String before, String after, String rule, String reason) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("file", Printable.guestBytes(file));
    if (line > 0) {
      entry.put("line", line);
    }
    entry.put("before", Printable.guestBytes(before));
    entry.put("after", Printable.guestBytes(after));
    entry.put("rule", rule);
    entry.put("reason", Printable.guestBytes(reason));
    keep(changes, entry);
  }

  void leftAlone(String file, int line, String text, String reason) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("file", Printable.guestBytes(file));
    if (line > 0) {
      entry.put("line", line);
    }
    entry.put("text", Printable.guestBytes(text));
    entry.put("reason", Printable.guestBytes(reason));
    keep(leftAlone, entry);
  }

  private static void keep(List<Object> list, Object entry) {
    if (list.size() < MAX_ENTRIES) {
      list.add(entry);
    }
  }

  void warn(String warning) {
    warnings.add(warning);
  }

  void fail(String failure) {
    failures.add(failure);
  }

  void fact(String key, Object value) {
    facts.put(key, value);
  }

  /** The guest has no such thing; says why. */
  void notApplicable(String reason) {
    notApplicable = reason;
  }

  boolean changedSomething() {
    return !changes.isEmpty();
  }

  List<String> warnings() {
    return warnings;
  }

  List<String> failures() {
    return failures;
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("fix", name);
    json.put("status", status());
    if (!notApplicable.isEmpty()) {
      json.put("reason", notApplicable);
    }
    json.put("changes", changes);
    if (!leftAlone.isEmpty()) {
      json.put("left_alone", leftAlone);
    }
    json.putAll(facts);
    if (!failures.isEmpty()) {
      json.put("failures", failures);
    }
    return json;
  }

  private String status() {
    if (!failures.isEmpty()) {
      return "failed";
    }
    if (!notApplicable.isEmpty()) {
      return "not_applicable";
    }
    return changes.isEmpty() ? "unchanged" : "applied";
  }
}
