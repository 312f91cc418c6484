package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.edit.LeftAlone;
import io.hyper2kvm.guest.windows.RegistryKeys;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The changes that one fix made and the lines that it left alone, for the report's {@code
 * fixes_applied}.
 */
public final class FixEvidence {

  private static final int MAX_ENTRIES = 1000;

  private final Fix fix;
  private final Supplier<Map<String, Object>> details;
  private final List<Object> changes = new ArrayList<>();
  private final List<Object> leftAlone = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final Map<String, Object> facts = new LinkedHashMap<>();
  private String notApplicable = "";

  /**
   * Evidence of nothing yet.
   *
   * @param details makes the stage's keys in the report, with the evidence of all fixes
   */
  FixEvidence(Fix fix, Supplier<Map<String, Object>> details) {
    this.fix = fix;
    this.details = details;
  }

  /** Adds what a plan changes and leaves alone, but for its warnings and failures. */
  void add(EditPlan plan) {
    for (FileEdit edit : plan.files()) {
      edit.changes().forEach(this::changed);
    }
    for (LeftAlone left : plan.leftAlone()) {
      Map<String, Object> entry = place(left.file(), left.line());
      entry.put("text", Printable.guestBytes(left.text()));
      entry.put("reason", Printable.guestBytes(left.reason()));
      keep(leftAlone, entry);
    }
  }

  /** A change of a file. */
  public void changed(Change change) {
    Map<String, Object> entry = place(change.file(), change.line());
    entry.put("before", Printable.guestBytes(change.before()));
    entry.put("after", Printable.guestBytes(change.after()));
    entry.put("rule", change.rule());
    entry.put("reason", Printable.guestBytes(change.reason()));
    keep(changes, entry);
  }

  /**
   * A value of the registry that is another one now.
   *
   * @param hive the guest's file
   * @param reason why it was changed
   */
  public void changed(String hive, RegistryKeys.Difference value, String reason) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("file", Printable.guestLine(hive));
    entry.put("key", Printable.guestLine(value.key()));
    entry.put("value", Printable.guestLine(value.name()));
    entry.put("before", Printable.guestLine(value.before()));
    entry.put("after", Printable.guestLine(value.after()));
    entry.put("rule", "windows.registry");
    entry.put("reason", reason);
    keep(changes, entry);
  }

  private static Map<String, Object> place(String file, int line) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("file", Printable.guestBytes(file));
    if (line > 0) {
      entry.put("line", line);
    }
    return entry;
  }

  private static void keep(List<Object> list, Object entry) {
    if (list.size() < MAX_ENTRIES) {
      list.add(entry);
    }
  }

  /** A key of the fix's own. */
  public void fact(String key, Object value) {
    facts.put(key, value);
  }

  /** The guest has no such thing; says why. */
  public void notApplicable(String reason) {
    notApplicable = reason;
  }

  String fixName() {
    return fix.name();
  }

  /** Whether it neither changed nor noted nor failed at anything. */
  boolean isEmpty() {
    return changes.isEmpty() && leftAlone.isEmpty() && failures.isEmpty();
  }

  /** Whether the report has it. */
  boolean isReported(FixSpec spec) {
    return fix.isReported(spec, this);
  }

  /** Whether it changed something by another rule. */
  boolean changedBeside(String rule) {
    return changes.stream().anyMatch(change -> !((Map<?, ?>) change).get("rule").equals(rule));
  }

  boolean changedSomething() {
    return !changes.isEmpty();
  }

  /** The failure of a VM whose fix cannot be done, with the evidence of all fixes so far. */
  public StageFailedException failed(List<String> reasons) {
    failures.addAll(reasons);
    return StageFailedException.withEvidence(
        fix.failureCode(), String.join("; ", reasons), details.get());
  }

  /** The stage's keys in the report so far, with the evidence of all fixes. */
  Map<String, Object> details() {
    return details.get();
  }

  /** As {@link #failed(List)}, for one reason. */
  public StageFailedException failed(String reason) {
    return failed(List.of(reason));
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("fix", fix.name());
    json.put("status", status());
    if (status().equals("not_applicable")) {
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
    if (changedSomething()) {
      return "applied";
    }
    return notApplicable.isEmpty() ? "unchanged" : "not_applicable";
  }
}
