package io.hyper2kvm.config;

import static io.hyper2kvm.config.LogConfig.LOG_DIR;
import static io.hyper2kvm.config.LogConfig.LOG_FILE;
import static io.hyper2kvm.config.OutputConfig.ALLOWED_OUTPUT_ROOTS;
import static io.hyper2kvm.config.OutputConfig.OUTPUT_DIR;
import static io.hyper2kvm.config.OutputConfig.SIGNING_KEY;
import static io.hyper2kvm.config.OutputConfig.VERIFY_KEYS;
import static io.hyper2kvm.config.RoutesConfig.EXTRA_ROUTES_DIR;
import static io.hyper2kvm.config.RoutesConfig.ROUTES_DIR;
import static io.hyper2kvm.config.SourcesConfig.ALLOWED_SOURCE_ROOTS;
import static io.hyper2kvm.config.SourcesConfig.SOURCE_DIR;
import static io.hyper2kvm.config.WorkflowConfig.MANIFEST_WORKFLOW_DIR;
import static io.hyper2kvm.config.WorkflowConfig.WORK_DIR;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Which rules each configured folder and key must meet, alone and beside the others. */
final class FolderChecks {

  private final Settings settings;
  private final FolderRules rules;
  private final Values values;
  private final Optional<Path> workflowDir;
  private final List<Path> outputRoots;

  /** The checks; what is not met is added to the problems of the settings. */
  FolderChecks(Settings settings, FolderRules rules, Values values) {
    this.settings = settings;
    this.rules = rules;
    this.values = values;
    this.workflowDir = values.find(MANIFEST_WORKFLOW_DIR);
    this.outputRoots = values.list(ALLOWED_OUTPUT_ROOTS);
  }

  void run() {
    workflow();
    output();
    work();
    values.find(SOURCE_DIR).ifPresent(folder -> rules.readable(SOURCE_DIR, folder));
    values.list(ALLOWED_SOURCE_ROOTS).forEach(root -> rules.readable(ALLOWED_SOURCE_ROOTS, root));
    outputRoots.forEach(root -> rules.writable(ALLOWED_OUTPUT_ROOTS, root));
    values.find(ROUTES_DIR).ifPresent(folder -> rules.holdsRoutes(ROUTES_DIR, folder));
    values
        .find(EXTRA_ROUTES_DIR)
        .ifPresent(folder -> rules.readableIfThere(EXTRA_ROUTES_DIR, folder));
    values.find(LOG_FILE).ifPresent(this::log);
    values.find(SIGNING_KEY).ifPresent(file -> rules.signingKey(SIGNING_KEY, file));
    values.list(VERIFY_KEYS).forEach(file -> rules.verifyKey(VERIFY_KEYS, file));
  }

  private void workflow() {
    workflowDir.ifPresent(
        folder -> {
          rules.creatable(MANIFEST_WORKFLOW_DIR, folder);
          outputRoots.forEach(root -> rules.apartFromManifests(ALLOWED_OUTPUT_ROOTS, root, folder));
        });
  }

  private void output() {
    values.find(OUTPUT_DIR).ifPresent(folder -> writtenApart(OUTPUT_DIR, folder));
  }

  private void work() {
    values
        .find(WORK_DIR)
        .ifPresent(
            folder -> {
              writtenApart(WORK_DIR, folder);
              values
                  .find(OUTPUT_DIR)
                  .ifPresent(output -> rules.apart(WORK_DIR, folder, OUTPUT_DIR, output));
              outputRoots.forEach(
                  root -> rules.apart(WORK_DIR, folder, ALLOWED_OUTPUT_ROOTS, root));
            });
  }

  private void writtenApart(ConfigKey<Path> key, Path folder) {
    // Below a workflow folder that will itself be created first, there is nothing to look at yet.
    if (!workflowDir.map(folder::startsWith).orElse(false)
        || workflowDir.map(Files::isDirectory).orElse(false)) {
      rules.creatable(key, folder);
    }
    workflowDir.ifPresent(manifests -> rules.apartFromManifests(key, folder, manifests));
  }

  private void log(Path file) {
    ConfigKey<Path> key = settings.origin(LOG_DIR).isPresent() ? LOG_DIR : LOG_FILE;
    rules.writableFile(key, file);
    workflowDir.ifPresent(manifests -> rules.apartFromManifests(key, file, manifests));
  }
}
