package io.hyper2kvm.cli;

import picocli.CommandLine.IVersionProvider;

/** The text for {@code --version}: the program's version, and the Java it runs on. */
final class ProgramVersion implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Hyper2Kvm.class.getPackage().getImplementationVersion();
    return new String[] {
      "hyper2kvm %s (Java %s)"
          .formatted(version == null ? "unpackaged" : version, System.getProperty("java.version"))
    };
  }
}
