package io.hyper2kvm.stage;

import java.nio.file.Path;

/**
 * The file that describes a VM for its target, such as its libvirt domain, until its publication;
 * it is renamed together with the disks.
 *
 * @param part where it is written, beside its target
 * @param target where it appears when everything else is done
 */
public record DomainOutput(Path part, Path target) {}
