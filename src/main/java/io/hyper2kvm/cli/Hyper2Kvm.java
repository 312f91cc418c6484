package io.hyper2kvm.cli;

/** The program's entry. */
public final class Hyper2Kvm {
  private Hyper2Kvm() {}

  /** Starts the program. */
  public static void main(String[] args) {
    System.out.println("hyper2kvm");
  }
}
