# shellcheck shell=bash
# What a document takes for granted on a machine with the package; for run-document.sh.
as_installed() {
  useradd --system --user-group --home-dir /var/lib/hyper2kvm --shell /usr/sbin/nologin hyper2kvm
  install -d -o hyper2kvm -g hyper2kvm /var/lib/hyper2kvm
  install -d /etc/hyper2kvm
  sed '/^log_dir/d' config/manifest-daemon.yaml >/etc/hyper2kvm/manifest-daemon.yaml
  cat >/usr/local/bin/systemctl <<'SYSTEMCTL'
#!/bin/bash
set -euo pipefail
[ "$*" = 'restart hyper2kvm-manifest' ] || { echo "systemctl: nothing stands in for this: $*" >&2; exit 1; }
daemon=$({ hyper2kvm status --output json 2>/dev/null || true; } | jq -r '.daemon.pid // empty')
if [ -n "$daemon" ]; then
  kill "$daemon"
  while kill -0 "$daemon" 2>/dev/null; do sleep 0.1; done
fi
setsid runuser -u hyper2kvm -- hyper2kvm --config /etc/hyper2kvm/manifest-daemon.yaml >/tmp/service.log 2>&1 &
until hyper2kvm status 2>/dev/null | grep -q 'daemon: running'; do
  kill -0 $! 2>/dev/null || { cat /tmp/service.log >&2; exit 1; }
  sleep 0.2
done
SYSTEMCTL
  chmod 0755 /usr/local/bin/systemctl
}
