package io.hyper2kvm.workflow;

import java.io.IOException;
import java.nio.file.Path;

/** A program of its own that tries to own a workflow directory until its input ends. */
public final class LockHolder {

  private LockHolder() {}

  /** Prints {@code owned} and waits, or prints why not. */
  public static void main(String[] args) throws IOException {
    try (WorkflowLock lock = WorkflowLock.take(new WorkflowDirectories(Path.of(args[0])))) {
      System.out.println("owned " + (lock != null));
      int end = System.in.read();
      System.exit(end < 0 ? 0 : 1);
    } catch (WorkflowLock.DirectoryOwnedException e) {
      System.out.println(e.getMessage());
    }
  }
}
