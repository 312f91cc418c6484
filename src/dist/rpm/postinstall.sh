# The archive is for one Java alone. The program starts without it, too.
/usr/share/hyper2kvm/bin/hyper2kvm-archive </dev/null || :
if [ $1 -eq 1 ] && command -v systemctl >/dev/null; then
  systemctl --no-reload preset hyper2kvm-manifest.service >/dev/null 2>&1 || :
fi
exit 0
