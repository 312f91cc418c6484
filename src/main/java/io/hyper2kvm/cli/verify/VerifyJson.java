package io.hyper2kvm.cli.verify;

import io.hyper2kvm.verify.FileFinding;
import io.hyper2kvm.verify.Signed;
import io.hyper2kvm.verify.VerifyResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A verification for a program. */
public final class VerifyJson {

  private VerifyJson() {}

  /** All results; {@code ok} says whether all are verified. */
  public static Map<String, Object> of(List<VerifyResult> results) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("ok", VerifyLines.exitCode(results) == 0);
    json.put("results", results.stream().map(VerifyJson::of).toList());
    return json;
  }

  private static Map<String, Object> of(VerifyResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("path", result.file().toString());
    json.put("verdict", result.verdict().text());
    result.signed().ifPresent(signed -> json.put("signature", signature(signed)));
    json.put("files", result.files().stream().map(VerifyJson::file).toList());
    json.put("notes", result.notes());
    return json;
  }

  private static Map<String, Object> signature(Signed signed) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("path", signed.file().toString());
    json.put("trusted", signed.by().isPresent());
    signed
        .by()
        .ifPresent(
            key -> {
              json.put("keyid", key.id());
              json.put("key_file", key.file().toString());
            });
    json.put("keyids", signed.keyIds());
    signed.manifest().ifPresent(manifest -> json.put("manifest", manifest));
    signed.vm().ifPresent(vm -> json.put("vm", vm));
    signed.builder().ifPresent(builder -> json.put("builder", builder));
    signed.finishedAt().ifPresent(time -> json.put("finished_at", time));
    return json;
  }

  private static Map<String, Object> file(FileFinding file) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", file.name());
    json.put("state", file.state().text());
    if (!file.detail().isEmpty()) {
      json.put("detail", file.detail());
    }
    return json;
  }
}
