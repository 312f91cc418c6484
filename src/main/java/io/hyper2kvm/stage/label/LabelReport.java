package io.hyper2kvm.stage.label;

import io.hyper2kvm.guest.selinux.LabelDecision;
import io.hyper2kvm.guest.selinux.SelinuxConfig;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the report says of a guest's labels, under {@code selinux} of stage FIX. */
final class LabelReport {

  private final SelinuxConfig config;
  private final List<Object> labels = new ArrayList<>();
  private boolean labelled;
  private int kept;
  private boolean relabel;

  LabelReport(SelinuxConfig config) {
    this.config = config;
  }

  /** The guest's files have labels. */
  void labelled() {
    labelled = true;
  }

  void kept() {
    kept++;
  }

  void set(String path, LabelDecision decision) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", Printable.guestLine(path));
    json.put("label", decision.label().orElseThrow().value());
    json.put("rule", decision.rule());
    json.put("reason", Printable.guestLine(decision.reason()));
    labels.add(json);
  }

  /** The guest relabels everything at its first start. */
  void relabel() {
    relabel = true;
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("mode", config.mode().word());
    json.put("policy", config.policy());
    json.put("labelled", labelled);
    json.put("labels_kept", kept);
    json.put("labels_set", labels);
    json.put("autorelabel", relabel);
    return json;
  }
}
