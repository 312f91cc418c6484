package io.hyper2kvm.guest.edit;

import java.util.List;

/**
 * What a fix decides from a guest's files. It is pure: nothing has been written yet.
 *
 * @param files the files to write or remove, in this order; a later edit of a file builds on the
 *     earlier one
 * @param leftAlone what was looked at and stays
 * @param warnings what an operator should know although the fix goes on
 * @param failures what was asked for and cannot be done; not empty means that the fix failed
 */
public record EditPlan(
    List<FileEdit> files, List<LeftAlone> leftAlone, List<String> warnings, List<String> failures) {

  /** A plan that changes nothing and has nothing to say. */
  public static final EditPlan NOTHING = new EditPlan(List.of(), List.of(), List.of(), List.of());

  /** Copies the lists. */
  public EditPlan {
    files = List.copyOf(files);
    leftAlone = List.copyOf(leftAlone);
    warnings = List.copyOf(warnings);
    failures = List.copyOf(failures);
  }

  /** A plan that writes or removes one file. */
  public static EditPlan of(FileEdit edit) {
    return new EditPlan(List.of(edit), List.of(), List.of(), List.of());
  }

  /** All plans as one, in their order. */
  public static EditPlan joined(List<EditPlan> plans) {
    return new EditPlan(
        plans.stream().flatMap(plan -> plan.files.stream()).toList(),
        plans.stream().flatMap(plan -> plan.leftAlone.stream()).toList(),
        plans.stream().flatMap(plan -> plan.warnings.stream()).toList(),
        plans.stream().flatMap(plan -> plan.failures.stream()).toList());
  }
}
