package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.firstboot.FirstLine;
import io.hyper2kvm.guest.firstboot.FirstbootScript;
import io.hyper2kvm.guest.firstboot.GuestInit;
import io.hyper2kvm.guest.firstboot.RunOnce;
import io.hyper2kvm.guest.leftover.GuestTree;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.stage.OperatorScript;
import java.util.ArrayList;
import java.util.List;

/** The operator's script: it is put into the guest, which runs it once, at its first boot. */
final class FirstbootPlacement implements Fix {

  /** Of a mode: a regular file, and any right to run it. */
  private static final int TYPE_BITS = 0170000;

  private static final int REGULAR = 0100000;
  private static final int EXECUTE_BITS = 0111;

  @Override
  public String name() {
    return "firstboot";
  }

  @Override
  public FailureCode failureCode() {
    return FailureCode.FIX_FIRSTBOOT_FAILED;
  }

  @Override
  public boolean isWanted(FixSpec spec) {
    return spec.firstboot().isPresent();
  }

  @Override
  public EditPlan plan(FixContext context, FixEvidence evidence) {
    OperatorScript script = context.script().orElseThrow();
    evidence.fact("script", script.path().toString());
    evidence.fact("sha256", script.sha256());
    evidence.fact("size_bytes", script.text().length());
    GuestTree tree =
        context
            .software()
            .tree()
            .orElseThrow(() -> new IllegalStateException("the guest's files were not looked at"))
            .with(context.edits().texts());
    EditPlan plan =
        FirstbootScript.plan(
            tree,
            script.text(),
            "(%d bytes with the sha256 %s)".formatted(script.text().length(), script.sha256()));
    if (plan.failures().isEmpty()) {
      evidence.fact("path", FirstbootScript.PATH);
      evidence.fact("init", GuestInit.of(tree).orElseThrow().text());
      evidence.fact("log", RunOnce.LOG);
    }
    return plan;
  }

  /** Without its interpreter the script would not run; what an earlier conversion left goes. */
  @Override
  public void beforeEdits(FixContext context, FixEvidence evidence, GuestfishSession session) {
    List<FirstLine.Need> needs = FirstLine.of(context.script().orElseThrow().text()).needs();
    session.then(() -> ask(needs), answers -> judge(answers, needs, evidence));
  }

  private static GuestfishScript ask(List<FirstLine.Need> needs) {
    GuestfishScript script = new GuestfishScript();
    needs.stream()
        .flatMap(need -> need.places().stream())
        .distinct()
        .forEach(place -> script.ask(place, "statns", place));
    for (String earlier : FirstbootScript.EARLIER) {
      script.ask(earlier, "exists", earlier).run("rm-f", earlier);
    }
    return script;
  }

  private static void judge(
      GuestfishAnswers answers, List<FirstLine.Need> needs, FixEvidence evidence) {
    List<String> lacking = new ArrayList<>();
    for (FirstLine.Need need : needs) {
      if (need.places().stream().noneMatch(place -> isProgram(answers, place))) {
        lacking.add(
            "the script's first line names %s, which is no program in the guest%s: install it in the source VM, or write the script for one that is there, such as /bin/sh"
                .formatted(
                    need.name(),
                    need.places().size() > 1
                        ? " in any of " + String.join(", ", need.places())
                        : ""));
      }
    }
    if (!lacking.isEmpty()) {
      throw evidence.failed(lacking);
    }
    for (String earlier : FirstbootScript.EARLIER) {
      if (answers.isTrue(earlier)) {
        evidence.changed(
            new Change(
                earlier,
                0,
                "(a script of an earlier conversion)",
                "",
                "firstboot.earlier",
                "the script of this conversion takes its place"));
      }
    }
  }

  private static boolean isProgram(GuestfishAnswers answers, String place) {
    String mode = answers.pairs(place).getOrDefault("st_mode", "");
    if (!mode.matches("[0-9]{1,9}")) {
      return false;
    }
    int bits = Integer.parseInt(mode);
    return (bits & TYPE_BITS) == REGULAR && (bits & EXECUTE_BITS) != 0;
  }
}
