package io.hyper2kvm.view;

import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A workflow directory whose manifests a test puts there. */
final class Folders {

  final WorkflowDirectories directories;
  final EndedDays days;
  final EndedIndex index = new EndedIndex();

  Folders(Path root) throws IOException {
    directories = new WorkflowDirectories(root);
    directories.create();
    days = new EndedDays(directories);
  }

  ManifestSearch search() {
    return new ManifestSearch(directories, days, index);
  }

  /** A manifest that succeeded. */
  Path completed(String day, String name, String report) throws IOException {
    return ended(directories.processed(), day, name, ".report.json", report);
  }

  /** A manifest that failed. */
  Path failed(String day, String name, String error) throws IOException {
    return ended(directories.failed(), day, name, ".error.json", error);
  }

  private static Path ended(Path folder, String day, String name, String ending, String text)
      throws IOException {
    Path place = Files.createDirectories(folder.resolve(day)).resolve(name);
    Files.writeString(place.resolveSibling(name + ending), text);
    return Files.writeString(place, "{}");
  }

  static String report(String name, String... vms) {
    StringBuilder all = new StringBuilder();
    for (String vm : vms) {
      all.append(all.isEmpty() ? "" : ", ")
          .append(
              """
              {"name": "%s", "status": "completed", "completed_at": "2026-11-24T18:50:06.561Z",
               "stages": {"load": {"status": "success", "duration_seconds": 10, "artifacts": [{"size_bytes": 9}]},
                          "convert": {"status": "success", "duration_seconds": 50, "size_bytes": 6000}}}
              """
                  .formatted(vm));
    }
    return """
    {"manifest": "%s", "status": "completed", "started_at": "2026-11-24T18:47:02.255Z",
     "completed_at": "2026-11-24T18:50:06.561Z", "vms": [%s]}
    """
        .formatted(name, all);
  }
}
