package io.hyper2kvm.daemon.web;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The daemon itself, its folders, and what keeps it from going on. */
final class DaemonJson {

  /** A finer figure would change with every look. */
  private static final long ROUNDED = 16L << 20;

  private final DaemonFacts facts;
  private final String version;
  private final String startedAt;
  private final boolean readOnly;
  private final Map<String, Path> folders;

  /**
   * A daemon that runs.
   *
   * @param startedAt ISO 8601 with an offset
   * @param readOnly whether nothing can be changed over HTTP
   * @param folders the folders whose space matters, by their names
   */
  DaemonJson(
      DaemonFacts facts,
      String version,
      String startedAt,
      boolean readOnly,
      Map<String, Path> folders) {
    this.facts = facts;
    this.version = version;
    this.startedAt = startedAt;
    this.readOnly = readOnly;
    this.folders = new LinkedHashMap<>(folders);
  }

  Map<String, Object> daemon() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("running", true);
    json.put("version", version);
    json.put("started_at", startedAt);
    json.put("draining", facts.isDraining());
    json.put("read_only", readOnly);
    return json;
  }

  int toolsRunning() {
    return facts.toolsRunning();
  }

  /** Each folder that is there, with its free space. */
  List<Map<String, Object>> folders() {
    List<Map<String, Object>> all = new ArrayList<>();
    folders.forEach(
        (name, path) -> {
          try {
            FileStore store = Files.getFileStore(path);
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("name", name);
            json.put("path", path);
            json.put("free", store.getUsableSpace() / ROUNDED * ROUNDED);
            json.put("total", store.getTotalSpace());
            all.add(json);
          } catch (IOException e) {
            // Not there now: the conditions say so.
          }
        });
    return all;
  }
}
