package io.hyper2kvm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What the report of a completed VM knows and does not say: a row of fstab, a boot entry or an
 * address that does not resolve, and no warning of it. No report may have one.
 */
public final class SilentAnswers {

  private SilentAnswers() {}

  /**
   * The silent answers of a report.
   *
   * @param report of one VM or of a batch, of a conversion or of a plan
   */
  public static List<String> in(JsonNode report) {
    List<String> found = new ArrayList<>();
    (report.has("vms") ? stream(report.path("vms")) : Stream.of(report))
        .filter(vm -> vm.path("status").asText().equals("completed"))
        .forEach(vm -> check(vm, found));
    return found;
  }

  private static void check(JsonNode vm, List<String> found) {
    List<String> warnings = stream(vm.path("warnings")).map(JsonNode::asText).toList();
    Stream.of(vm.at("/plan/checks"), vm.at("/stages/validate/checks"))
        .flatMap(SilentAnswers::stream)
        .filter(check -> !check.path("status").asText().equals("passed"))
        .filter(check -> isFailed(check) || !isTold(check, warnings))
        .forEach(check -> found.add("check " + check));
    stream(vm.at("/stages/fix/fixes_applied"))
        .filter(fix -> fix.path("status").asText().equals("failed") || fix.has("failures"))
        .forEach(fix -> found.add("fix " + fix));
  }

  private static boolean isFailed(JsonNode check) {
    return check.path("status").asText().equals("failed");
  }

  private static boolean isTold(JsonNode check, List<String> warnings) {
    String beginning = check.path("name").asText() + ": ";
    return warnings.stream().anyMatch(warning -> warning.startsWith(beginning));
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
