package io.hyper2kvm.cli;

import picocli.CommandLine.IVersionProvider;

/** The text for {@code --version}: the program's version, and the Java it runs on. */
final class ProgramVersion implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {
      "hyper2kvm %s (Java %s)".formatted(number(), System.getProperty("java.version"))
    };
  }

  /** The program's version alone. */
  static String number() {
    String version = Hyper2Kvm.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
