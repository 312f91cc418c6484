package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.signature.TrustedKey;
import io.hyper2kvm.verify.FileDigest;
import io.hyper2kvm.verify.Verdict;
import io.hyper2kvm.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Manifests that are dropped in the course of a crash test, and what must hold of them. */
final class CrashWorkload {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ID = Pattern.compile("\"x-id\": \"(m\\d+)\"");
  private static final int DISK_BYTES = 64 << 10;

  private final CrashSite site;
  private final Random random;
  private final Verification verification;
  private final Map<String, Kind> kinds = new TreeMap<>();
  private final Map<String, List<String>> vms = new HashMap<>();
  private final Map<Path, FileTime> sources = new HashMap<>();
  private final Map<String, String> ends = new TreeMap<>();

  /** What a manifest is, and so how it must end when no crash is in its way. */
  private enum Kind {
    SINGLE,
    BATCH,
    INVALID,
    WITHOUT_SOURCE
  }

  CrashWorkload(CrashSite site, Random random, List<TrustedKey> keys) throws IOException {
    this.site = site;
    this.random = random;
    this.verification = new Verification(keys, new FileDigest(System.getenv()));
    Files.createDirectories(site.root.resolve("in"));
    Files.createDirectories(site.dropZone());
  }

  int size() {
    return kinds.size();
  }

  /** How the manifests ended: the codes, and how many. */
  Map<String, Integer> endings() {
    Map<String, Integer> counts = new TreeMap<>();
    ends.values().forEach(end -> counts.merge(end, 1, Integer::sum));
    return counts;
  }

  /** Drops one more manifest; every third has the name of another one. */
  void drop() throws IOException {
    String id = "m" + (kinds.size() + 1);
    Kind kind = Kind.values()[Math.max(0, random.nextInt(8) - 4)];
    List<String> names =
        kind == Kind.BATCH ? List.of(id + "a", id + "b", id + "c") : List.of(id + "a");
    List<String> parts = new ArrayList<>();
    for (String name : names) {
      parts.add(vm(name, kind));
    }
    String manifest =
        kind == Kind.BATCH
            ? "{\"version\": \"1.0\", \"x-id\": \"%s\", \"batch\": true, \"vms\": [%s]}"
                .formatted(id, String.join(",\n", parts))
            : parts
                .get(0)
                .replaceFirst("\\{", "{\"version\": \"1.0\", \"x-id\": \"%s\", ".formatted(id));
    kinds.put(id, kind);
    vms.put(id, names);
    String file = kinds.size() % 3 == 0 ? "same.json" : id + ".json";
    Path aside = Files.writeString(site.root.resolve("dropping"), manifest);
    Path place = site.dropZone().resolve(file);
    // A person would see that the name is taken.
    Files.move(aside, Files.exists(place) ? place.resolveSibling(id + ".json") : place);
  }

  private String vm(String name, Kind kind) throws IOException {
    Path source = site.root.resolve("in").resolve(name + ".raw");
    if (kind != Kind.WITHOUT_SOURCE) {
      byte[] content = new byte[DISK_BYTES];
      new Random(name.hashCode()).nextBytes(content);
      Files.write(source, content);
      sources.put(source, Files.getLastModifiedTime(source));
    }
    return """
        {"name": "%s", "pipeline": {
          "load": {"source_type": "%s", "source_path": "%s"},
          "convert": {"output_format": "raw"}}}
        """
        .formatted(name, kind == Kind.INVALID ? "floppy" : "raw", source);
  }

  /** How many manifests have not come to their end. */
  int open() throws IOException {
    int open = 0;
    for (Path folder : List.of(site.dropZone(), site.workflow.resolve("processing"))) {
      open += (int) CrashSite.names(folder).stream().filter(CrashWorkload::isManifest).count();
    }
    return open;
  }

  private static boolean isManifest(String name) {
    return name.endsWith(".json")
        && !name.startsWith(".")
        && Stream.of(".report.json", ".error.json", ".status.json", ".retry.json")
            .noneMatch(name::endsWith);
  }

  /** Every manifest's one place; nobody may be moving them meanwhile. */
  private Map<String, Path> places() throws IOException {
    Map<String, Path> places = new TreeMap<>();
    List<Path> folders =
        new ArrayList<>(List.of(site.dropZone(), site.workflow.resolve("processing")));
    for (String end : List.of("processed", "failed")) {
      for (String day : CrashSite.names(site.workflow.resolve(end))) {
        folders.add(site.workflow.resolve(end).resolve(day));
      }
    }
    for (Path folder : folders) {
      for (String name : CrashSite.names(folder)) {
        if (isManifest(name)) {
          Path file = folder.resolve(name);
          Matcher matcher = ID.matcher(Files.readString(file));
          assertThat(matcher.find()).as("%s is whole", file).isTrue();
          Path other = places.put(matcher.group(1), file);
          assertThat(other).as("a second place of %s", file).isNull();
        }
      }
    }
    return places;
  }

  /** What holds at every instant; asked while no daemon runs. */
  void check() throws IOException {
    Map<String, Path> places = places();
    assertThat(places.keySet()).as("manifests").isEqualTo(kinds.keySet());
    for (Map.Entry<String, Path> entry : places.entrySet()) {
      boolean open = isOpen(entry.getValue());
      if (!ends.containsKey(entry.getKey())) {
        checkDisks(entry.getKey());
      }
      if (!open) {
        ends.computeIfAbsent(entry.getKey(), id -> end(id, entry.getValue()));
      }
      assertThat(open && ends.containsKey(entry.getKey()))
          .as("%s was at its end and is not any more", entry.getKey())
          .isFalse();
    }
  }

  private boolean isOpen(Path place) {
    return place.startsWith(site.dropZone())
        || place.startsWith(site.workflow.resolve("processing"));
  }

  /** Every source as it was, every output whole or absent. */
  private void checkDisks(String id) throws IOException {
    for (String vm : vms.get(id)) {
      Path source = site.root.resolve("in").resolve(vm + ".raw");
      byte[] content = new byte[DISK_BYTES];
      new Random(vm.hashCode()).nextBytes(content);
      if (sources.containsKey(source)) {
        assertThat(source).hasBinaryContent(content);
        assertThat(Files.getLastModifiedTime(source)).isEqualTo(sources.get(source));
      }
      Path output = output(vm);
      try {
        assertThat(Files.readAllBytes(output)).as("output %s is whole", output).isEqualTo(content);
      } catch (NoSuchFileException e) {
        // Absent is as good, while its manifest is not done.
      }
      if (Files.exists(output)) {
        assertThat(verification.of(output).files())
            .as("what is signed of %s", output)
            .anyMatch(file -> output.endsWith(file.name()) && file.detail().isEmpty());
      }
      Path domain = domain(vm);
      if (Files.exists(domain)) {
        assertThat(domain).content().as("%s is whole", domain).endsWith("</domain>\n");
        assertThat(output).as("what %s names", domain).exists();
      }
    }
  }

  private Path domain(String vm) {
    return site.output.resolve(vm + ".xml");
  }

  private Path output(String vm) {
    return site.output.resolve(vm + "-converted.raw");
  }

  /** How the manifest ended: {@code completed} or a code; its report or error file says so. */
  private String end(String id, Path place) {
    boolean processed = place.startsWith(site.workflow.resolve("processed"));
    Path about =
        place.resolveSibling(place.getFileName() + (processed ? ".report.json" : ".error.json"));
    JsonNode json;
    try {
      json = JSON.readTree(about.toFile());
    } catch (IOException e) {
      throw new AssertionError(about + " is not there or not whole", e);
    }
    assertThat(verification.of(about).verdict()).as("%s", about).isEqualTo(Verdict.VERIFIED);
    if (processed) {
      assertThat(vms.get(id))
          .allSatisfy(
              vm -> assertThat(verification.of(output(vm)).verdict()).isEqualTo(Verdict.VERIFIED));
      assertThat(json.path("status").asText()).isEqualTo("completed");
      assertThat(vms.get(id)).allSatisfy(vm -> assertThat(output(vm)).exists());
      assertThat(vms.get(id)).allSatisfy(vm -> assertThat(domain(vm)).exists());
      assertThat(kinds.get(id)).isIn(Kind.SINGLE, Kind.BATCH);
      return "completed";
    }
    String code = json.path("code").asText();
    assertThat(code).as("the end of %s, a %s: %s", id, kinds.get(id), json).isIn(allowed(id));
    return code;
  }

  private List<String> allowed(String id) {
    List<String> allowed = new ArrayList<>(List.of("CRASHED_REPEATEDLY"));
    switch (kinds.get(id)) {
      case INVALID -> allowed.add("MANIFEST_INVALID");
      case WITHOUT_SOURCE -> allowed.add("SOURCE_NOT_FOUND");
      case SINGLE, BATCH -> {
        // Whatever a killed run has finished is recognised: nothing else may fail.
      }
    }
    return allowed;
  }

  /** What holds when all is done and the daemon is stopped. */
  void checkAllEnded() throws IOException {
    check();
    assertThat(ends.keySet()).as("manifests at their end").isEqualTo(kinds.keySet());
    for (String id : kinds.keySet()) {
      checkDisks(id);
    }
    assertThat(CrashSite.names(site.dropZone())).isEmpty();
    assertThat(CrashSite.names(site.workflow.resolve("processing"))).isEmpty();
    assertThat(CrashSite.names(site.workflow.resolve(".recovery"))).isEmpty();
    assertThat(CrashSite.names(site.work())).isEmpty();
    assertThat(CrashSite.names(site.output))
        .allMatch(
            name ->
                name.matches(
                    "m\\d+[abc](-converted\\.raw(\\.provenance\\.json|\\.intoto\\.jsonl)?|\\.xml)"));
    for (String end : List.of("processed", "failed")) {
      for (String day : CrashSite.names(site.workflow.resolve(end))) {
        Path folder = site.workflow.resolve(end).resolve(day);
        for (String name : CrashSite.names(folder)) {
          String manifest =
              name.replaceFirst("\\.((report|error)\\.json(\\.intoto\\.jsonl)?|log)$", "");
          assertThat(folder.resolve(manifest)).as("the manifest of " + name).exists();
          assertThat(name).doesNotStartWith(".");
          if (end.equals("processed")) {
            assertThat(folder.resolve(manifest + ".log")).exists();
          }
        }
      }
    }
  }
}
