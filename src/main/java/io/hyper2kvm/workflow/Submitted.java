package io.hyper2kvm.workflow;

import java.nio.file.Path;

/**
 * A manifest that was put into the drop zone.
 *
 * @param place where it was put; the daemon may have taken it since
 * @param identity which file it is, wherever it goes
 */
public record Submitted(Path place, FileIdentity identity) {}
