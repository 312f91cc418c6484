# The daemon's user, before a file could be its own. /dev/kvm belongs to the group kvm.
getent group kvm >/dev/null || groupadd -r kvm
getent group hyper2kvm >/dev/null || groupadd -r hyper2kvm
getent passwd hyper2kvm >/dev/null ||
  useradd -r -g hyper2kvm -d /var/lib/hyper2kvm -s /sbin/nologin -c hyper2kvm hyper2kvm
usermod -a -G kvm hyper2kvm
exit 0
