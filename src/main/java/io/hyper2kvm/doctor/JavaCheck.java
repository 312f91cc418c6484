package io.hyper2kvm.doctor;

import java.util.List;

/** The Java that runs this program, and how it names files. */
final class JavaCheck implements Check {

  private static final int OLDEST = 17;
  private final Runtime.Version version;
  private final String fileNames;

  JavaCheck(Runtime.Version version, String fileNames) {
    this.version = version;
    this.fileNames = fileNames;
  }

  static JavaCheck ofThisProcess() {
    return new JavaCheck(Runtime.version(), System.getProperty("sun.jnu.encoding", "unknown"));
  }

  @Override
  public List<Finding> run(Host host) {
    String found = version.feature() + " (" + version + ")";
    Finding java =
        version.feature() >= OLDEST
            ? Finding.ok("Java", found)
            : Finding.fail("Java", found, "install Java 17 or later: default-jre-headless");
    Finding names =
        fileNames.equalsIgnoreCase("UTF-8")
            ? Finding.ok("File names", "UTF-8")
            : Finding.warn(
                "File names",
                fileNames + ": a name outside of it cannot be opened",
                "set LC_ALL=C.UTF-8, or start by bin/hyper2kvm, which does");
    return List.of(java, names);
  }
}
