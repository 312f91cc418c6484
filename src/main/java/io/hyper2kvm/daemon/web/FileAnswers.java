package io.hyper2kvm.daemon.web;

import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.report.ScreenFiles;
import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.JobState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Answers with the files about a manifest, as they are. */
final class FileAnswers {

  private static final String DISPOSITION = "Content-Disposition";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String DESCRIPTION = "/io/hyper2kvm/web/openapi.yaml";

  private final ManifestPlace places;

  FileAnswers(ManifestPlace places) {
    this.places = places;
  }

  /** GET /manifests/{id}/report. */
  WebAnswer report(WebRequest request) throws IOException, WebProblem {
    Job job = places.find(request.parameter("id"));
    if (!job.state().ended()) {
      throw WebProblem.notFound("the manifest has not ended");
    }
    return open("application/json", job.outcome(), "the manifest has no report");
  }

  /** GET /manifests/{id}/manifest. */
  WebAnswer manifest(WebRequest request) throws IOException, WebProblem {
    Job job = places.find(request.parameter("id"));
    return open(TEXT, job.manifest(), "the manifest is not there any more")
        .with(DISPOSITION, "attachment");
  }

  /** GET /manifests/{id}/retry-manifest. */
  WebAnswer retryManifest(WebRequest request) throws IOException, WebProblem {
    Job job = places.find(request.parameter("id"));
    if (job.state() != JobState.FAILED) {
      throw WebProblem.notFound("the manifest has not failed");
    }
    Path retry = job.manifest().resolveSibling(job.file().retry());
    return open("application/json", retry, "the manifest has no retry manifest")
        .with(DISPOSITION, "attachment");
  }

  /** GET /manifests/{id}/vms/{n}/screen. */
  WebAnswer screen(WebRequest request) throws IOException, WebProblem {
    Job job = places.find(request.parameter("id"));
    String number = request.parameter("n");
    if (!number.matches("[1-9]\\d{0,4}")) {
      throw WebProblem.badRequest("the VM's number is wrong", "VMs are counted from 1.");
    }
    Path screen = ScreenFiles.beside(job.manifest(), Integer.parseInt(number));
    return open("image/png", screen, "there is no picture of this VM's boot test");
  }

  private static WebAnswer open(String type, Path file, String absent)
      throws IOException, WebProblem {
    try {
      return WebAnswer.file(type, OpenFile.open(file));
    } catch (NoSuchFileException e) {
      throw WebProblem.notFound(absent);
    }
  }

  /** GET /schema/manifest. */
  WebAnswer schema(WebRequest request) {
    return WebAnswer.tagged(
        "application/schema+json", ManifestReader.schema().getBytes(StandardCharsets.UTF_8));
  }

  /** GET /openapi.yaml. */
  WebAnswer description(WebRequest request) throws IOException {
    try (InputStream in = FileAnswers.class.getResourceAsStream(DESCRIPTION)) {
      if (in == null) {
        throw new IOException("the program's archive lacks " + DESCRIPTION);
      }
      return WebAnswer.tagged("application/yaml", in.readAllBytes());
    }
  }
}
