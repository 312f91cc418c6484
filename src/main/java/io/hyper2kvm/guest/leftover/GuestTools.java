package io.hyper2kvm.guest.leftover;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The tools of one hypervisor, as data.
 *
 * @param hypervisor whose tools they are
 * @param programs files that show that they are installed; absolute paths
 * @param packages names of their packages; one that ends with {@code *} is a beginning
 * @param services names of their services, without {@code .service}
 * @param modules kernel modules that load on no other hypervisor, with underscores
 * @param fileSystems types of file systems that only this hypervisor has
 * @param displays X drivers of its display
 * @param uninstallers what takes out an installation that is in no package
 */
public record GuestTools(
    Hypervisor hypervisor,
    List<String> programs,
    List<String> packages,
    Set<String> services,
    Set<String> modules,
    Set<String> fileSystems,
    Set<String> displays,
    List<Uninstaller> uninstallers) {

  /**
   * A vendor's own uninstaller.
   *
   * @param marker the record of the installation; it is gone afterwards
   * @param program what is run, without arguments
   */
  public record Uninstaller(String marker, String program) {}

  /** All that are known. */
  public static final List<GuestTools> ALL =
      List.of(
          new GuestTools(
              Hypervisor.VMWARE,
              List.of(
                  "/usr/bin/vmtoolsd",
                  "/usr/sbin/vmtoolsd",
                  "/usr/bin/VGAuthService",
                  "/usr/sbin/vmware-guestd",
                  "/etc/vmware-tools/locations"),
              List.of(
                  "open-vm-tools",
                  "open-vm-tools-*",
                  "libvmtools*",
                  "open-vm-toolbox",
                  "vmware-tools",
                  "vmware-tools-*",
                  "vmware-open-vm-tools-*",
                  "VMwareTools"),
              Set.of(
                  "open-vm-tools",
                  "vmtoolsd",
                  "vgauth",
                  "vgauthd",
                  "vmware-vgauth",
                  "vmware-tools",
                  "vmware-tools-thinprint",
                  "vmware-guestd"),
              Set.of("vmhgfs", "vmblock", "vmmemctl", "vmsync", "vmxnet", "vmw_balloon"),
              Set.of(
                  "vmhgfs",
                  "hgfs",
                  "vmhgfs-fuse",
                  "fuse.vmhgfs-fuse",
                  "vmblock",
                  "vmware-vmblock",
                  "fuse.vmware-vmblock",
                  "fuse.vmware-vmblock-fuse"),
              Set.of("vmware", "vmwlegacy"),
              List.of(
                  new Uninstaller(
                      "/etc/vmware-tools/locations", "/usr/bin/vmware-uninstall-tools.pl"))),
          new GuestTools(
              Hypervisor.VIRTUALBOX,
              List.of(
                  "/usr/sbin/VBoxService",
                  "/usr/bin/VBoxService",
                  "/usr/bin/VBoxClient",
                  "/var/lib/VBoxGuestAdditions/config"),
              List.of(
                  "virtualbox-guest-*",
                  "virtualbox-ose-guest-*",
                  "virtualbox-kmp-*",
                  "virtualbox-ext-*"),
              Set.of(
                  "vboxadd",
                  "vboxadd-service",
                  "vboxadd-x11",
                  "vboxservice",
                  "virtualbox-guest-utils",
                  "virtualbox-guest-x11"),
              Set.of("vboxadd", "vboxguest", "vboxsf", "vboxvfs"),
              Set.of("vboxsf", "vboxvfs"),
              Set.of("vboxvideo"),
              List.of(
                  new Uninstaller(
                      "/var/lib/VBoxGuestAdditions/config",
                      "/usr/sbin/vbox-uninstall-guest-additions"))),
          new GuestTools(
              Hypervisor.HYPER_V,
              List.of(
                  "/usr/sbin/hv_kvp_daemon",
                  "/usr/bin/hv_kvp_daemon",
                  "/usr/sbin/hypervkvpd",
                  "/usr/lib/hyper-v/bin/hv_kvp_daemon"),
              List.of(
                  "hyperv-daemons",
                  "hyperv-daemons-*",
                  "hypervkvpd",
                  "hypervvssd",
                  "hypervfcopyd",
                  "hyperv-tools",
                  "hyperv",
                  "hyper-v",
                  "hvtools",
                  "microsoft-hyper-v",
                  "kmod-microsoft-hyper-v",
                  "hv-kvp-daemon-init",
                  "linux-cloud-tools-*"),
              Set.of(
                  "hv-kvp-daemon",
                  "hv-vss-daemon",
                  "hv-fcopy-daemon",
                  "hv-fcopy-uio-daemon",
                  "hv_kvp_daemon",
                  "hv_vss_daemon",
                  "hv_fcopy_daemon",
                  "hypervkvpd",
                  "hypervvssd",
                  "hypervfcopyd"),
              Set.of(
                  "hv_vmbus",
                  "hv_storvsc",
                  "hv_netvsc",
                  "hv_utils",
                  "hv_balloon",
                  "hv_sock",
                  "hyperv_keyboard",
                  "hyperv_fb",
                  "hyperv_drm",
                  "hid_hyperv",
                  "pci_hyperv"),
              Set.of(),
              Set.of("hyperv"),
              List.of()),
          new GuestTools(
              Hypervisor.XEN,
              List.of(
                  "/usr/sbin/xe-daemon",
                  "/usr/sbin/xe-linux-distribution",
                  "/usr/sbin/xen-guest-agent",
                  "/usr/bin/xen-guest-agent"),
              List.of("xe-guest-utilities", "xe-guest-utilities-*", "xen-guest-agent"),
              Set.of("xe-linux-distribution", "xe-daemon", "xe-guest-utilities", "xen-guest-agent"),
              Set.of(
                  "xen_blkfront",
                  "xen_netfront",
                  "xen_kbdfront",
                  "xen_fbfront",
                  "xen_pcifront",
                  "xen_scsifront",
                  "xen_evtchn",
                  "xen_gntdev",
                  "xen_gntalloc",
                  "xen_privcmd",
                  "xen_platform_pci",
                  "xen_vbd",
                  "xen_vnif",
                  "xenbus_probe_frontend",
                  "xenblk",
                  "xennet",
                  "xenfs"),
              Set.of("xenfs"),
              Set.of(),
              List.of()),
          new GuestTools(
              Hypervisor.PARALLELS,
              List.of("/usr/bin/prltoolsd", "/usr/sbin/prltoolsd"),
              List.of(),
              Set.of("prltoolsd", "prl-x11"),
              Set.of("prl_tg", "prl_fs", "prl_fs_freeze", "prl_eth", "prl_notifier", "prl_vid"),
              Set.of("prl_fs", "fuse.prl_fsd"),
              Set.of("prlvideo"),
              List.of()));

  /** Agents of clouds: they are told of and stay. */
  static final List<String> CLOUD_AGENTS =
      List.of(
          "/usr/sbin/waagent",
          "/usr/bin/amazon-ssm-agent",
          "/snap/bin/amazon-ssm-agent",
          "/usr/bin/google_guest_agent");

  /** Where QEMU's guest agent may be. */
  static final List<String> QEMU_AGENTS =
      List.of("/usr/bin/qemu-ga", "/usr/sbin/qemu-ga", "/usr/libexec/qemu-ga");

  static Optional<Hypervisor> ofService(String name) {
    return named(GuestTools::services, name);
  }

  static Optional<Hypervisor> ofFileSystem(String type) {
    return named(GuestTools::fileSystems, type);
  }

  static Optional<Hypervisor> ofDisplay(String driver) {
    return named(GuestTools::displays, driver);
  }

  /** Of a module's name as a guest's file has it. */
  static Optional<Hypervisor> ofModule(String name) {
    return named(GuestTools::modules, name.replace('-', '_'));
  }

  private static Optional<Hypervisor> named(Function<GuestTools, Set<String>> names, String name) {
    return ALL.stream()
        .filter(tools -> names.apply(tools).contains(name))
        .map(GuestTools::hypervisor)
        .findFirst();
  }

  /** Whether a package is one of these tools. */
  public static boolean isPackage(String name) {
    return ALL.stream()
        .flatMap(tools -> tools.packages().stream())
        .anyMatch(
            known ->
                known.endsWith("*")
                    ? name.startsWith(known.substring(0, known.length() - 1))
                    : name.equals(known));
  }
}
