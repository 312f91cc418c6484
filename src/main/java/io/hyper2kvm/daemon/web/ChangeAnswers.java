package io.hyper2kvm.daemon.web;

import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.parse.ManifestInvalidException;
import io.hyper2kvm.manifest.parse.Problem;
import io.hyper2kvm.view.JobId;
import io.hyper2kvm.view.JobReading;
import io.hyper2kvm.workflow.CancelRequest;
import io.hyper2kvm.workflow.DropName;
import io.hyper2kvm.workflow.FileIdentity;
import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.JobState;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.Submission;
import io.hyper2kvm.workflow.Submitted;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Submits, checks, retries and cancels manifests. It puts files into the workflow directory as the
 * commands do, and the daemon takes them from there.
 */
final class ChangeAnswers {

  private static final String ALREADY = "STATE_CHANGED";

  private final WorkflowDirectories directories;
  private final ManifestReader reader;
  private final ManifestPlace places;
  private final JobId ids;
  private final Drain drain;

  /** What keeps the daemon from beginning anything. */
  interface Drain {
    /** Begins nothing new, or begins again. */
    void drain(boolean on) throws IOException;
  }

  ChangeAnswers(
      WorkflowDirectories directories,
      ManifestReader reader,
      ManifestPlace places,
      JobId ids,
      Drain drain) {
    this.directories = directories;
    this.reader = reader;
    this.places = places;
    this.ids = ids;
    this.drain = drain;
  }

  /** POST /validate. */
  WebAnswer validate(WebRequest request) throws WebProblem {
    Map<String, Object> json = new LinkedHashMap<>();
    try {
      json.put("problems", List.of());
      json.put("vms", reader.read("manifest" + ending(request), request.body()).vms().size());
    } catch (ManifestInvalidException e) {
      json.put("problems", problems(e));
      json.put("vms", 0);
      if (e.unlisted() > 0) {
        json.put("unlisted_problems", e.unlisted());
      }
    }
    return WebAnswer.json(200, json);
  }

  /** POST /manifests. */
  WebAnswer submit(WebRequest request) throws IOException, WebProblem {
    ManifestFile name = fileName(request);
    try {
      reader.read(name.name(), request.body());
    } catch (ManifestInvalidException e) {
      throw WebProblem.unprocessable(
              "MANIFEST_INVALID",
              "The manifest is refused",
              "it has %d problems".formatted(e.problems().size() + e.unlisted()),
              "Correct what the problems name.")
          .with("problems", problems(e));
    }
    Submission submission = new Submission(directories);
    if (submission.isTaken(name)) {
      throw WebProblem.conflict(
          "FILE_EXISTS",
          "A manifest of this name waits already",
          "%s is in the drop zone".formatted(name.name()),
          "Give another file name, or wait until it is taken.");
    }
    return submitted(201, submission.write(name, request.body()));
  }

  private static ManifestFile fileName(WebRequest request) throws WebProblem {
    String name = request.queryText("file").orElse("");
    if (name.isEmpty() || name.contains("/") || DropName.isOther(name)) {
      throw WebProblem.badRequest(
          "file is not the name of a manifest", "Give a name such as web01.yaml, without folders.");
    }
    Optional<String> refusal = DropName.refusal(name);
    if (refusal.isPresent()) {
      throw WebProblem.badRequest(
          "file is not the name of a manifest: " + refusal.get(),
          "Give a name such as web01.yaml.");
    }
    return new ManifestFile(name);
  }

  /** By the type of the body, as no file name says it. */
  private static String ending(WebRequest request) throws WebProblem {
    return switch (request.contentType().orElse("")) {
      case "application/json" -> ".json";
      case "application/yaml", "application/x-yaml", "text/yaml" -> ".yaml";
      default -> throw WebProblem.unsupportedType("application/json or application/yaml");
    };
  }

  private static List<Map<String, Object>> problems(ManifestInvalidException refused) {
    return refused.problems().stream().map(ChangeAnswers::json).toList();
  }

  private static Map<String, Object> json(Problem problem) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("path", problem.path());
    json.put("line", problem.line());
    json.put("column", problem.column());
    json.put("message", problem.message());
    json.put("hint", problem.suggestion());
    return json;
  }

  private WebAnswer submitted(int status, Submitted dropped) {
    places.remember(dropped.place(), dropped.identity());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", ids.of(new Job(JobState.WAITING, dropped.place())));
    json.put("file", dropped.place().getFileName().toString());
    return WebAnswer.json(status, json);
  }

  /** POST /manifests/{id}/retry. */
  WebAnswer retry(WebRequest request) throws IOException, WebProblem {
    Job job = places.find(request.parameter("id"));
    if (job.state() != JobState.FAILED) {
      throw WebProblem.conflict(
          ALREADY,
          "Only a failed manifest can be run again",
          "the manifest is " + job.state().text(),
          "Ask for its state again.");
    }
    try {
      return submitted(
          202, new Submission(directories).move(job.manifest(), JobReading.original(job)));
    } catch (NoSuchFileException e) {
      throw WebProblem.notFound("the manifest is not there any more: somebody moved it meanwhile");
    }
  }

  /** POST /manifests/{id}/cancel. */
  WebAnswer cancel(WebRequest request) throws IOException, WebProblem {
    Job job = places.find(request.parameter("id"));
    Optional<FileIdentity> identity = FileIdentity.of(job.manifest());
    if (job.state().ended() || identity.isEmpty()) {
      throw WebProblem.conflict(
          ALREADY,
          "The manifest has ended already",
          "the manifest is " + job.state().text(),
          "Ask for its state again.");
    }
    places.remember(job.manifest(), identity.get());
    CancelRequest.write(directories, job.file().name(), identity.get());
    return WebAnswer.json(202, Map.of("id", ids.of(job)));
  }

  /** POST /drain. */
  WebAnswer drain(WebRequest request) throws IOException {
    drain.drain(true);
    return WebAnswer.json(202, Map.of("draining", true));
  }

  /** DELETE /drain. */
  WebAnswer endDrain(WebRequest request) throws IOException {
    drain.drain(false);
    return WebAnswer.json(202, Map.of("draining", false));
  }
}
