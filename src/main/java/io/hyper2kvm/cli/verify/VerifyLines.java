package io.hyper2kvm.cli.verify;

import io.hyper2kvm.text.Printable;
import io.hyper2kvm.verify.FileFinding;
import io.hyper2kvm.verify.Signed;
import io.hyper2kvm.verify.Verdict;
import io.hyper2kvm.verify.VerifyResult;
import java.util.ArrayList;
import java.util.List;

/** A verification in words. Names and texts are anybody's: they are shown harmlessly. */
public final class VerifyLines {

  private VerifyLines() {}

  /** The lines about one output or report. */
  public static List<String> of(VerifyResult result) {
    List<String> lines = new ArrayList<>();
    lines.add("%s: %s".formatted(Printable.of(result.file()), words(result)));
    result.signed().ifPresent(signed -> lines.addAll(signed(signed)));
    for (FileFinding file : result.files()) {
      String line = "  %-10s %s".formatted(file.state().text(), Printable.of(file.name()));
      lines.add(file.detail().isEmpty() ? line : line + ": " + Printable.line(file.detail()));
    }
    result.notes().forEach(note -> lines.add("  " + Printable.line(note)));
    return lines;
  }

  private static String words(VerifyResult result) {
    return switch (result.verdict()) {
      case VERIFIED -> "verified";
      case NOT_TRUSTED -> "signed, but not by a trusted key";
      case NOT_SIGNED -> "not signed";
      case CHANGED -> "CHANGED" + changed(result);
      case NOT_THERE -> "not there";
    };
  }

  private static String changed(VerifyResult result) {
    List<String> names =
        result.files().stream()
            .filter(file -> file.state() != FileFinding.State.OK)
            .map(FileFinding::name)
            .toList();
    return names.isEmpty() ? "" : ": " + Printable.names(names);
  }

  private static List<String> signed(Signed signed) {
    List<String> lines = new ArrayList<>();
    lines.add(
        signed
            .by()
            .map(key -> "  signed by  %s (key %s)".formatted(Printable.of(key.file()), key.id()))
            .orElseGet(() -> "  key        %s".formatted(Printable.names(signed.keyIds()))));
    signed
        .manifest()
        .ifPresent(
            manifest ->
                lines.add(
                    "  of         manifest %s%s"
                        .formatted(
                            Printable.of(manifest),
                            signed.vm().map(vm -> ", VM " + Printable.of(vm)).orElse(""))));
    signed
        .builder()
        .ifPresent(
            builder ->
                lines.add(
                    "  made by    %s%s"
                        .formatted(
                            Printable.of(builder),
                            signed
                                .finishedAt()
                                .map(time -> ", finished " + Printable.of(time))
                                .orElse(""))));
    return lines;
  }

  /** 0: all verified; 1: something is not as it was; 3: nothing proves who made it. */
  public static int exitCode(List<VerifyResult> results) {
    boolean wrong =
        results.stream()
            .map(VerifyResult::verdict)
            .anyMatch(verdict -> verdict == Verdict.CHANGED || verdict == Verdict.NOT_THERE);
    boolean proved = results.stream().allMatch(one -> one.verdict() == Verdict.VERIFIED);
    return wrong ? 1 : proved ? 0 : 3;
  }
}
