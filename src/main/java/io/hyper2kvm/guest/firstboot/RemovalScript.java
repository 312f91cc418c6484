package io.hyper2kvm.guest.firstboot;

import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.leftover.GuestTools;
import io.hyper2kvm.guest.leftover.GuestTree;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The removal of a guest's tools by the guest itself, once, at its first boot: for one whose
 * programs do not run here. {@link RunOnce} starts it, and it removes itself whatever it did.
 */
public final class RemovalScript {

  /** The script. */
  public static final String SCRIPT = RunOnce.FOLDER + "/remove-guest-tools";

  /** Where it writes what it did. */
  public static final String LOG = "/var/log/hyper2kvm-remove-guest-tools.log";

  private static final String RULE = "guest_tools.first-boot";
  private static final String NOTHING_RUNS =
      "and nothing was found that would run a script at the first boot: no systemd, no Upstart, no"
          + " OpenRC, no runlevels in /etc/inittab, no rc.local";

  private RemovalScript() {}

  /**
   * The plan.
   *
   * @param reason why the tools are not removed now
   * @return a failure where the guest has nothing that would run it
   */
  public static EditPlan plan(GuestTree tree, String reason) {
    Optional<GuestInit> init = GuestInit.of(tree);
    if (init.isEmpty()) {
      return new EditPlan(List.of(), List.of(), List.of(), List.of(reason + "; " + NOTHING_RUNS));
    }
    EditPlan script =
        new EditPlan(
            RunOnce.file(tree, SCRIPT, script(), 0755, RULE, reason).stream().toList(),
            List.of(),
            List.of(),
            List.of());
    return EditPlan.joined(List.of(script, RunOnce.plan(tree, init.get(), reason)));
  }

  private static String script() {
    String packages =
        GuestTools.ALL.stream()
            .flatMap(tools -> tools.packages().stream())
            .collect(Collectors.joining("|"));
    String uninstallers =
        GuestTools.ALL.stream()
            .flatMap(tools -> tools.uninstallers().stream())
            .map(it -> "[ ! -e %s ] || bounded %s </dev/null".formatted(it.marker(), it.program()))
            .collect(Collectors.joining("\n"));
    return """
        #!/bin/sh
        # Written by hyper2kvm: removes the guest tools of the former hypervisor once, and itself.
        exec >>%s 2>&1
        trap 'rm -f %s' EXIT
        bounded() {
          echo "$*"
          if command -v timeout >/dev/null 2>&1; then timeout 900 "$@"; else "$@"; fi
          echo "exit code $?"
        }
        # Another program may be using the packages' database at boot.
        again() {
          for attempt in 1 2 3 4 5 6 7 8 9 10; do
            bounded "$@"
            left=$(installed | tools)
            [ -n "$left" ] || return 0
            sleep 30
          done
        }
        tools() {
          while read -r name; do
            case $name in
              %s) echo "$name" ;;
            esac
          done
        }
        if command -v dpkg-query >/dev/null 2>&1; then
          installed() { dpkg-query -W -f='${Status} ${Package}\\n' | sed -n 's/.* installed //p'; }
          remove='dpkg --purge'
          DEBIAN_FRONTEND=noninteractive
          export DEBIAN_FRONTEND
        elif command -v rpm >/dev/null 2>&1; then
          installed() { rpm -qa --qf '%%{NAME}\\n'; }
          remove='rpm -e'
        elif command -v pacman >/dev/null 2>&1; then
          installed() { pacman -Qq; }
          remove='pacman -R --noconfirm'
        elif command -v apk >/dev/null 2>&1; then
          installed() { apk info; }
          remove='apk del'
        else
          installed() { :; }
          remove=:
        fi
        list=$(installed | tools)
        [ -z "$list" ] || again $remove $list
        %s
        left=$(installed | tools)
        [ -z "$left" ] || echo "still installed: $left"
        """
        .formatted(LOG, SCRIPT, packages, uninstallers);
  }
}
