package io.hyper2kvm.workflow;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names derived from a manifest file's name.
 *
 * @param name the file's name, without folders
 */
public record ManifestFile(String name) {

  private static final String REPORT = ".report.json";
  private static final String ERROR = ".error.json";
  private static final String LOG = ".log";

  /** What a signed statement about a file has behind that file's name. */
  private static final String SIGNATURE = ".intoto.jsonl";

  public ManifestFile {
    if (name.isEmpty() || name.contains("/")) {
      throw new IllegalArgumentException("not a file name: " + name);
    }
  }

  /** The name of a path's last element. */
  public static ManifestFile of(Path file) {
    return new ManifestFile(file.getFileName().toString());
  }

  /** The name without its ending. */
  public String stem() {
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private String ending() {
    return name.substring(stem().length());
  }

  /** This name for n = 1, {@code web.2.json} for n = 2 and so on. */
  public ManifestFile numbered(int n) {
    return n == 1 ? this : new ManifestFile(stem() + "." + n + ending());
  }

  /** The report's name beside the manifest. */
  public String report() {
    return name + REPORT;
  }

  /** The error's name beside the manifest. */
  public String error() {
    return name + ERROR;
  }

  /** The names of all files about the manifest's end, in any case that it may come to. */
  public List<String> results() {
    return Stream.concat(Stream.of(report(), error()), forerunners().stream()).toList();
  }

  /** The names of what is written before the report or error file: signatures, retry manifest. */
  public List<String> forerunners() {
    return List.of(report() + SIGNATURE, error() + SIGNATURE, retry());
  }

  /** Whether a file of this name is the signature of a report or an error file. */
  public static boolean isSignature(String name) {
    return name.endsWith(REPORT + SIGNATURE) || name.endsWith(ERROR + SIGNATURE);
  }

  /** The live status's name beside the manifest. */
  public String status() {
    return name + ".status.json";
  }

  /** The name of its log beside the manifest. */
  public String log() {
    return name + LOG;
  }

  /** Whether a file of this name is the log of a manifest. */
  public static boolean isLog(String name) {
    return name.endsWith(LOG)
        && DropName.isManifest(name.substring(0, name.length() - LOG.length()));
  }

  /** The name of the ready manifest with only the VMs that did not succeed. */
  public String retry() {
    return stem() + ".retry.json";
  }
}
