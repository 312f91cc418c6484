package io.hyper2kvm.guest.leftover;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a former hypervisor left must not stop or delay a boot on KVM; what is harmless stays. */
class LeftoverFixTest {

  private static final String WANTS = "/etc/systemd/system/multi-user.target.wants/";
  private static final String LIB = "/usr/lib/systemd/system/";

  private final SortedMap<String, String> texts = new TreeMap<>();

  private EditPlan plan() {
    return LeftoverFix.plan(GuestTree.of(texts, true));
  }

  private String after(String file) {
    return plan().files().stream()
        .filter(edit -> edit.file().equals(file))
        .findFirst()
        .flatMap(FileEdit::after)
        .orElse("");
  }

  /** Applies a plan as the stage does. */
  private void apply(EditPlan plan) {
    for (FileEdit edit : plan.files()) {
      edit.after()
          .ifPresentOrElse(text -> texts.put(edit.file(), text), () -> texts.remove(edit.file()));
    }
  }

  private void unit(String name, String text) {
    texts.put(LIB + name, text);
    texts.put(WANTS + name, text);
  }

  @ParameterizedTest
  @CsvSource({
    "hv-kvp-daemon.service,'sys-devices-virtual-misc-vmbus\\x21hv_kvp.device'",
    "hypervvssd.service,'sys-devices-virtual-misc-vmbus\\x21hv_vss.device'",
    "own-fcopy.service,'sys-devices-virtual-misc-vmbus\\x21hv_fcopy.device'",
    "watch-vmci.service,dev-vmci.device",
    "vbox-own.service,dev-vboxguest.device",
    "xenstore-own.service,dev-xen-xenbus.device"
  })
  void aServiceThatWaitsForADeviceOfAnotherHypervisorIsNotStarted(String name, String device) {
    unit(
        name,
        "[Unit]\nConditionVirtualization=microsoft\nBindsTo="
            + device
            + "\nAfter="
            + device
            + "\n");

    assertThat(plan().files())
        .singleElement()
        .satisfies(
            edit -> {
              assertThat(edit.file()).isEqualTo(WANTS + name);
              assertThat(edit.after()).isEmpty();
              assertThat(edit.changes())
                  .extracting(Change::reason)
                  .allMatch(reason -> reason.contains(device) && reason.contains("90 seconds"));
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"BindsTo", "Requires", "Requisite"})
  void everyKindOfNeedCounts(String key) {
    unit("a.service", "[Unit]\n" + key + "=a.mount \\\n  dev-vmci.device\n");

    assertThat(plan().files()).hasSize(1);
  }

  @Test
  void aServiceThatOnlyTheDeviceStartsStays() {
    String text = "[Unit]\nBindsTo=sys-devices-virtual-misc-vmbus\\x21hv_kvp.device\n";
    texts.put(LIB + "hypervkvpd.service", text);
    texts.put(
        "/etc/systemd/system/sys-devices-virtual-misc-vmbus\\x21hv_kvp.device.wants/hypervkvpd.service",
        text);

    assertThat(plan().files()).isEmpty();
  }

  @Test
  void aLoginOnXensConsoleIsNotStarted() {
    texts.put(LIB + "serial-getty@.service", "[Unit]\nBindsTo=dev-%i.device\n");
    String hvc = "/etc/systemd/system/getty.target.wants/serial-getty@hvc0.service";
    texts.put(hvc, texts.get(LIB + "serial-getty@.service"));
    String tty = "/etc/systemd/system/getty.target.wants/serial-getty@ttyS0.service";
    texts.put(tty, texts.get(LIB + "serial-getty@.service"));

    assertThat(plan().files()).extracting(FileEdit::file).containsExactly(hvc);
  }

  @Test
  void aLinkOfThePackageItselfIsMaskedSinceItWouldComeBack() {
    String text = "[Unit]\nBindsTo=dev-vmci.device\n";
    texts.put(LIB + "x.service", text);
    texts.put(LIB + "sysinit.target.wants/x.service", text);

    assertThat(plan().files())
        .singleElement()
        .satisfies(
            edit -> {
              assertThat(edit.file()).isEqualTo("/etc/systemd/system/x.service");
              assertThat(edit.after()).contains("");
            });
    apply(plan());
    assertThat(plan().files()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "vboxadd.service,oracle",
    "vboxadd-service.service,oracle",
    "virtualbox-guest-utils.service,oracle",
    "vmware-tools.service,vmware",
    "vmtoolsd.service,vmware",
    "xe-linux-distribution.service,xen",
    "xen-guest-agent.service,xen",
    "hypervkvpd.service,microsoft",
    "prltoolsd.service,parallels"
  })
  void aServiceOfTheToolsWithoutAConditionGetsOne(String name, String virtualization) {
    unit(name, "[Unit]\nDescription=x\n[Service]\nExecStart=/x\n");
    String dropIn = "/etc/systemd/system/" + name + ".d/50-hyper2kvm.conf";

    assertThat(after(dropIn)).contains("[Unit]\nConditionVirtualization=" + virtualization + "\n");
    apply(plan());
    assertThat(plan().files()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ConditionVirtualization=vmware",
        "ConditionVirtualization=|vmware\nConditionVirtualization=|oracle",
        "ConditionVirtualization=yes\nConditionVirtualization=vmware",
        "ConditionPathExists=/dev/vmbus/hv_kvp",
        "ConditionPathExists=/proc/xen/capabilities",
        "ConditionVirtualization=VMware"
      })
  void aServiceWithAConditionIsHarmlessAndNoted(String condition) {
    unit("open-vm-tools.service", "[Unit]\n" + condition + "\n[Service]\n");

    assertThat(plan().files()).isEmpty();
    assertThat(plan().leftAlone())
        .singleElement()
        .satisfies(note -> assertThat(note.reason()).contains("harmless"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ConditionVirtualization=vm",
        "ConditionVirtualization=!container",
        "ConditionVirtualization=|vmware\nConditionVirtualization=|kvm",
        "ConditionVirtualization=vmware\nConditionVirtualization=",
        "#ConditionVirtualization=vmware",
        "ConditionPathExists=/usr/bin/vmtoolsd"
      })
  void aConditionThatHoldsOnKvmDoesNotCount(String condition) {
    unit("open-vm-tools.service", "[Unit]\n" + condition + "\n[Service]\n");

    assertThat(plan().files()).hasSize(1);
  }

  @Test
  void aStartScriptOfTheToolsGetsTheConditionToo() {
    texts.put("/etc/rc3.d/S99vboxadd", "#!/bin/sh\n");

    assertThat(after("/etc/systemd/system/vboxadd.service.d/50-hyper2kvm.conf")).contains("oracle");
  }

  @Test
  void aMaskedServiceStays() {
    unit("vboxadd.service", "");
    texts.put("/etc/systemd/system/vboxadd.service", "");

    assertThat(plan().files()).isEmpty();
  }

  @Test
  void aMountUnitOfASharedFolderGetsTheCondition() {
    unit("mnt-hgfs.mount", "[Mount]\nWhat=.host:/\nWhere=/mnt/hgfs\nType=fuse.vmhgfs-fuse\n");

    assertThat(after("/etc/systemd/system/mnt-hgfs.mount.d/50-hyper2kvm.conf"))
        .contains("ConditionVirtualization=vmware");
  }

  @Test
  void otherServicesStay() {
    unit("ssh.service", "[Unit]\nAfter=network.target\n[Service]\n");
    unit("disk.service", "[Unit]\nRequires=dev-sda1.device\n");

    assertThat(plan()).isEqualTo(EditPlan.NOTHING);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".host:/ /mnt/hgfs vmhgfs defaults 0 0|.host:/ /mnt/hgfs vmhgfs defaults,nofail 0 0",
        ".host:/a /mnt/a fuse.vmhgfs-fuse allow_other,uid=0 0 0|.host:/a /mnt/a fuse.vmhgfs-fuse allow_other,uid=0,nofail 0 0",
        "share /media/s vboxsf rw,uid=1000 0 0|share /media/s vboxsf rw,uid=1000,nofail 0 0",
        "xenfs /proc/xen xenfs defaults 0 0|xenfs /proc/xen xenfs defaults,nofail 0 0",
        "none /proc/xen xenfs|none /proc/xen xenfs defaults,nofail",
        "vmware-vmblock /run/vmblock fuse.vmware-vmblock default_permissions 0 0|vmware-vmblock /run/vmblock fuse.vmware-vmblock default_permissions,nofail 0 0",
        ".host:/x /x auto rw 0 0|.host:/x /x auto rw,nofail 0 0"
      })
  void aRowOfAForeignFileSystemMayFail(String row, String expected) {
    texts.put("/etc/fstab", "UUID=1 / ext4 defaults 0 1\n" + row + "\n");

    assertThat(after("/etc/fstab")).isEqualTo("UUID=1 / ext4 defaults 0 1\n" + expected + "\n");
    apply(plan());
    assertThat(plan().files()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".host:/ /mnt/hgfs vmhgfs noauto 0 0",
        "share /media/s vboxsf rw,nofail 0 0",
        "#share /media/s vboxsf rw 0 0",
        "server:/a /a nfs defaults 0 0",
        "tmpfs /tmp tmpfs defaults 0 0"
      })
  void otherRowsStay(String row) {
    texts.put("/etc/fstab", row + "\n");

    assertThat(plan().files()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/modules,xen-blkfront",
    "/etc/modules,xen_netfront",
    "/etc/modules-load.d/xen.conf,xenfs",
    "/etc/modules-load.d/hv.conf,hv_vmbus",
    "/etc/modules-load.d/hyperv.conf,hv_storvsc",
    "/etc/modules-load.d/vmware.conf,vmw_balloon",
    "/etc/modules-load.d/vbox.conf,vboxsf"
  })
  void aModuleThatLoadsUnderOneHypervisorOnlyIsCommentedOut(String file, String module) {
    texts.put(file, "# by hand\nloop\n" + module + "\nfuse\n");

    assertThat(after(file)).isEqualTo("# by hand\nloop\n# " + module + "\nfuse\n");
    assertThat(plan().files().get(0).changes().get(0).line()).isEqualTo(3);
    apply(plan());
    assertThat(plan().files()).isEmpty();
  }

  @Test
  void modulesThatLoadWithoutTheirDeviceStay() {
    texts.put("/etc/modules", "vmxnet3\nvmw_pvscsi\nvmw_vmci\nvirtio_net\n#xen-blkfront\n");
    texts.put("/etc/modules-load.d/xen.conf.old", "xenfs\n");

    assertThat(plan().files()).isEmpty();
  }

  @Test
  void xensConsolesInTheInittabAreCommentedOut() {
    texts.put(
        "/etc/inittab",
        """
        1:2345:respawn:/sbin/getty 38400 tty1
        co:2345:respawn:/sbin/agetty xvc0 9600 vt100-nav
        h0:2345:respawn:/sbin/getty 115200 hvc0
        hvc0::respawn:/sbin/getty -L hvc0 115200 vt100
        #x0:2345:respawn:/sbin/getty hvc0
        """);

    assertThat(after("/etc/inittab"))
        .isEqualTo(
            """
            1:2345:respawn:/sbin/getty 38400 tty1
            #co:2345:respawn:/sbin/agetty xvc0 9600 vt100-nav
            #h0:2345:respawn:/sbin/getty 115200 hvc0
            #hvc0::respawn:/sbin/getty -L hvc0 115200 vt100
            #x0:2345:respawn:/sbin/getty hvc0
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/X11/xorg.conf,vmware",
    "/etc/X11/xorg.conf,vboxvideo",
    "/etc/X11/xorg.conf.d/10-display.conf,VMWARE",
    "/etc/X11/xorg.conf.d/20-v.conf,prlvideo",
    "/etc/X11/xorg.conf.d/20-v.conf,hyperv"
  })
  void theDriverOfAForeignDisplayGoes(String file, String driver) {
    texts.put(
        file,
        "Section \"Device\"\n\tIdentifier \"d\"\n\tDriver \"%s\"\nEndSection\n".formatted(driver));

    assertThat(after(file))
        .isEqualTo(
            "Section \"Device\"\n\tIdentifier \"d\"\n#\tDriver \"%s\"\nEndSection\n"
                .formatted(driver));
  }

  @Test
  void driversOfInputAndOfOtherDisplaysStay() {
    texts.put(
        "/etc/X11/xorg.conf",
        "Section \"InputDevice\"\nDriver \"vmmouse\"\nEndSection\nSection \"Device\"\nDriver \"vesa\"\nEndSection\n");

    assertThat(plan().files()).isEmpty();
  }

  @Test
  void withoutSystemdScriptsThatBuildModulesAreNotStarted() {
    texts.put("/etc/rc3.d/S30vboxadd", "#!/bin/sh\n");
    texts.put("/etc/rc.d/rc5.d/S99vmware-tools", "#!/bin/sh\n");
    texts.put("/etc/rc0.d/K01vboxadd", "#!/bin/sh\n");

    EditPlan plan = LeftoverFix.plan(GuestTree.of(texts, false));

    assertThat(plan.files()).extracting(FileEdit::file).containsExactly("/etc/rc3.d/S30vboxadd");
    assertThat(plan.leftAlone()).hasSize(1);
  }

  @Test
  void whatLooksAsIfItMatteredIsNoted() {
    texts.put("/etc/ld.so.conf.d/kernelcap-nosegneg.conf", "hwcap 1 nosegneg\n");
    texts.put("/etc/xdg/autostart/vmware-user.desktop", "[Desktop Entry]\n");
    texts.put("/usr/sbin/waagent", "");

    assertThat(plan().files()).isEmpty();
    assertThat(plan().leftAlone()).hasSize(3);
  }

  @Test
  void switchedOffItIsToldWithFileAndLine() {
    texts.put("/etc/fstab", "UUID=1 / ext4 x 0 1\n.host:/ /h vmhgfs defaults 0 0\n");

    EditPlan told = LeftoverFix.told(plan(), file -> true, "fix.guest_tools is switched off");

    assertThat(told.files()).isEmpty();
    assertThat(told.warnings())
        .singleElement()
        .asString()
        .startsWith("/etc/fstab:2: vmhgfs on /h")
        .contains("emergency mode", "fix.guest_tools");
  }

  @Test
  void theToolsOfAHypervisorAreFoundByTheirPrograms() {
    GuestTree tree =
        new GuestTree(
            new TreeMap<>(),
            new TreeSet<>(
                List.of("/usr/bin/vmtoolsd", "/usr/sbin/VBoxService", "/usr/bin/qemu-ga")),
            true);

    assertThat(LeftoverFix.found(tree))
        .isEqualTo(
            Map.of(
                Hypervisor.VMWARE,
                List.of("/usr/bin/vmtoolsd"),
                Hypervisor.VIRTUALBOX,
                List.of("/usr/sbin/VBoxService")));
    assertThat(LeftoverFix.hasQemuAgent(tree)).isTrue();
  }
}
