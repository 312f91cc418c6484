if command -v systemctl >/dev/null; then
  systemctl daemon-reload >/dev/null 2>&1 || :
  # An upgrade: the stop gives running VMs the time of shutdown_timeout and loses no manifest.
  [ $1 -eq 0 ] || systemctl try-restart hyper2kvm-manifest.service >/dev/null 2>&1 || :
fi
[ $1 -ne 0 ] || rm -rf /var/cache/hyper2kvm-java
exit 0
