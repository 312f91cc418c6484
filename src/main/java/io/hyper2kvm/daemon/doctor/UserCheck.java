package io.hyper2kvm.daemon.doctor;

import java.util.List;

/** Who the tools run as: they read what strangers made. */
final class UserCheck implements Check {

  @Override
  public List<Finding> run(Host host) {
    String name = System.getProperty("user.name", "?");
    if (host.user() == 0) {
      return List.of(
          Finding.warn(
              "User",
              "root, and so would be QEMU and the appliance, which read disks from outside",
              "run it by the service unit, whose user is hyper2kvm, or by runuser -u hyper2kvm"));
    }
    return List.of(
        Finding.ok("User", "%s (%d), without root's rights".formatted(name, host.user())));
  }
}
