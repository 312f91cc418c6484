package io.hyper2kvm.daemon.hooks;

import io.hyper2kvm.report.StageName;
import java.util.Optional;
import java.util.stream.Stream;

/** The hooks, by the names that routes begin with: {@code direct:before-load} and so on. */
public enum HookName {
  BEFORE_LOAD("before-load", Kind.BEFORE_STAGE, StageName.LOAD),
  AFTER_LOAD("after-load", Kind.IN_PIPELINE, StageName.LOAD),
  BEFORE_INSPECT("before-inspect", Kind.BEFORE_STAGE, StageName.INSPECT),
  AFTER_INSPECT("after-inspect", Kind.IN_PIPELINE, StageName.INSPECT),
  BEFORE_FIX("before-fix", Kind.BEFORE_STAGE, StageName.FIX),
  BEFORE_WINDOWS("before-windows", Kind.IN_PIPELINE, StageName.FIX),
  AFTER_WINDOWS("after-windows", Kind.IN_PIPELINE, StageName.FIX),
  AFTER_FIX("after-fix", Kind.IN_PIPELINE, StageName.FIX),
  BEFORE_CONVERT("before-convert", Kind.BEFORE_STAGE, StageName.CONVERT),
  AFTER_CONVERT("after-convert", Kind.IN_PIPELINE, StageName.CONVERT),
  BEFORE_VALIDATE("before-validate", Kind.BEFORE_STAGE, StageName.VALIDATE),
  AFTER_VALIDATE("after-validate", Kind.IN_PIPELINE, StageName.VALIDATE),
  BEFORE_PUBLISH("before-publish", Kind.IN_PIPELINE, null),
  ON_VM_COMPLETED("on-vm-completed", Kind.VM_COMPLETED, null),
  ON_VM_FAILED("on-vm-failed", Kind.VM_FAILED, null),
  ON_MANIFEST_COMPLETED("on-manifest-completed", Kind.MANIFEST_COMPLETED, null),
  ON_MANIFEST_FAILED("on-manifest-failed", Kind.MANIFEST_FAILED, null);

  /** When a hook's route is called, and what its failure means. */
  enum Kind {
    /** A failure is that of the stage that was about to begin. */
    BEFORE_STAGE,
    /** A failure is that of the stage before it. */
    IN_PIPELINE,
    /** The VM has ended. A failure is only logged, here and for the kinds below. */
    VM_COMPLETED,
    VM_FAILED,
    MANIFEST_COMPLETED,
    MANIFEST_FAILED
  }

  private final String text;
  private final Kind kind;
  private final StageName stage;

  HookName(String text, Kind kind, StageName stage) {
    this.text = text;
    this.kind = kind;
    this.stage = stage;
  }

  /** The hook of a name. */
  public static Optional<HookName> of(String text) {
    return Stream.of(values()).filter(hook -> hook.text.equals(text)).findFirst();
  }

  /**
   * The hook that calls a route.
   *
   * @param source the endpoint that the route begins with: {@link #source}, or, for several routes
   *     on one hook, that with a slash and a name
   */
  public static Optional<HookName> calling(String source) {
    return Stream.of(values())
        .filter(hook -> source.equals(hook.source()) || source.startsWith(hook.source() + "/"))
        .findFirst();
  }

  /** The name in routes. */
  public String text() {
    return text;
  }

  /** The endpoint that an operator's route begins with. Several routes add {@code /name} each. */
  public String source() {
    return "direct:" + text;
  }

  Kind kind() {
    return kind;
  }

  /** The stage that it belongs to; empty outside of the stages. */
  Optional<StageName> stage() {
    return Optional.ofNullable(stage);
  }
}
