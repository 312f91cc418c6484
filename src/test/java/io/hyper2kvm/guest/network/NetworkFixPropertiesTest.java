package io.hyper2kvm.guest.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.network.survey.CardNaming;
import io.hyper2kvm.guest.network.survey.GuestTraits;
import io.hyper2kvm.guest.network.survey.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

@Tag("property")
class NetworkFixPropertiesTest {
  static final List<String> PATHS =
      List.of(
          "/etc/network/interfaces",
          "/etc/network/interfaces.d/a",
          "/etc/netplan/01-a.yaml",
          "/etc/netplan/50-b.yaml",
          "/etc/systemd/network/05-a.link",
          "/etc/systemd/network/10-hyper2kvm-eth0.link",
          "/etc/systemd/network/20-b.link",
          "/etc/systemd/network/20-a.network",
          "/etc/systemd/network/30-b.network",
          "/etc/systemd/network/30-b.netdev",
          "/etc/NetworkManager/system-connections/a.nmconnection",
          "/etc/NetworkManager/system-connections/b",
          "/etc/NetworkManager/conf.d/a.conf",
          "/etc/sysconfig/network-scripts/ifcfg-eth0",
          "/etc/sysconfig/network-scripts/ifcfg-a",
          "/etc/sysconfig/network/ifcfg-eth1",
          "/etc/sysconfig/network/ifcfg-eth-id-00:50:56:00:00:01",
          "/etc/udev/rules.d/70-persistent-net.rules",
          "/etc/udev/rules.d/70-hyper2kvm-net.rules",
          "/etc/modprobe.d/a.conf",
          "/etc/modprobe.conf",
          "/etc/modules",
          "/etc/iftab",
          "/etc/default/grub");

  private static final List<String> NAMES =
      List.of(
          "eth0", "eth1", "eth2", "ens192", "ens224", "lan0", "inside", "br0", "bond0", "eth0.7");
  private static final List<String> MACS =
      List.of("00:50:56:00:00:01", "00:50:56:00:00:02", "00:0C:29:00:00:03");

  private static final List<String> LINES =
      List.of(
          "[Match]",
          "[Link]",
          "[Network]",
          "[connection]",
          "[ethernet]",
          "[match]",
          "[NetDev]",
          "Name=%n",
          "MACAddress=%m",
          "PermanentMACAddress=%m",
          "Path=pci-0000:0b:00.0",
          "Driver=vmxnet3",
          "Driver=virtio_net",
          "OriginalName=eth0",
          "OriginalName=%n",
          "OriginalName=*",
          "NamePolicy=slot",
          "Name=e*",
          "Name=ens*",
          "DHCP=yes",
          "Address=10.0.0.1/24",
          "type=ethernet",
          "type=bond",
          "interface-name=%n",
          "mac-address=%m",
          "cloned-mac-address=%m",
          "driver=e1000;",
          "path=pci-0000:03:00.0",
          "autoconnect=false",
          "address1=10.0.0.2/24,10.0.0.1",
          "method=auto",
          "unmanaged-devices=driver:e1000,mac:%m,interface-name:%n",
          "iface %n inet dhcp",
          "iface %n inet static",
          "auto %n",
          "bridge_ports %n",
          "bond-slaves %n %n",
          "  address 10.0.0.3",
          "  netmask 255.255.255.0",
          "hwaddress ether %m",
          "DEVICE=%n",
          "HWADDR=%m",
          "HWADDR=\"%m\"",
          "ONBOOT=yes",
          "ONBOOT=no",
          "TYPE=Bond",
          "BOOTPROTO=dhcp",
          "LLADDR=%m",
          "MACADDR=%m",
          "IPADDR='10.0.0.9/24'",
          "BRIDGE_PORTS='%n'",
          "BONDING_MASTER=yes",
          "BONDING_SLAVE0=%n",
          "SUBSYSTEM==\"net\", ATTR{address}==\"%m\", NAME=\"%n\"",
          "SUBSYSTEM==\"net\", KERNELS==\"0000:0b:00.0\", \\",
          "  NAME=\"%n\"",
          "SUBSYSTEM==\"net\", DRIVERS==\"virtio_net\", KERNEL==\"eth1\", NAME=\"%n\"",
          "# PCI device 0x15ad:0x07b0 (vmxnet3)",
          "# comment",
          "",
          "alias %n vmxnet3",
          "vmxnet3",
          "%n mac %m",
          "options e1000 x=1",
          "network:",
          "  version: 2",
          "  renderer: NetworkManager",
          "  ethernets:",
          "    %n:",
          "    label:",
          "      match: {macaddress: \"%m\"}",
          "      match:",
          "        macaddress: %m",
          "        name: %n",
          "        driver: vmxnet3",
          "      set-name: %n",
          "      dhcp4: true",
          "      match: {name: %n, macaddress: \"%m\", driver: [e1000, igb]}",
          "      addresses: [10.0.0.4/24]",
          "  bonds:",
          "    bond0:",
          "      interfaces: [%n, %n]",
          "\t",
          "\u0000",
          "]]}}{{[[",
          "\"",
          "name: &a *a");

  @Provide
  Arbitrary<String> text() {
    Arbitrary<String> line =
        Combinators.combine(Arbitraries.of(LINES), Arbitraries.of(NAMES), Arbitraries.of(MACS))
            .as((text, name, mac) -> text.replace("%n", name).replace("%m", mac));
    return Combinators.combine(line.list().ofMaxSize(12), Arbitraries.of("\n", "\n", "\r\n"))
        .as((lines, end) -> String.join(end, lines) + (lines.size() % 2 == 0 ? end : ""));
  }

  @Provide
  Arbitrary<Map<String, String>> guests() {
    return Arbitraries.maps(Arbitraries.of(PATHS), text()).ofMaxSize(7);
  }

  /** Files in which each format gets well-formed text of its own. */
  @Provide
  Arbitrary<Map<String, String>> plausibleGuests() {
    Arbitrary<String> name = Arbitraries.of(NAMES);
    Arbitrary<String> mac = Arbitraries.of(MACS);
    Arbitrary<Map.Entry<String, String>> file =
        Combinators.combine(Arbitraries.integers().between(0, 8), name, mac, name)
            .as((kind, n, m, other) -> plausible(kind, n, m, other));
    return file.list()
        .ofMaxSize(6)
        .map(
            list -> {
              Map<String, String> files = new TreeMap<>();
              list.forEach(entry -> files.put(entry.getKey(), entry.getValue()));
              return files;
            });
  }

  private static Map.Entry<String, String> plausible(int kind, String n, String m, String other) {
    return switch (kind) {
      case 0 ->
          Map.entry(
              "/etc/network/interfaces.d/" + n, "auto " + n + "\niface " + n + " inet dhcp\n");
      case 1 ->
          Map.entry(
              "/etc/netplan/" + n + ".yaml",
              "network:\n  ethernets:\n    %s:\n      match: {macaddress: \"%s\"} # c\n      set-name: %s\n"
                  .formatted(n, m, n));
      case 2 ->
          Map.entry(
              "/etc/netplan/x" + n + ".yaml",
              "network:\n  ethernets:\n    id%s:\n      match:\n        macaddress: %s\n        driver: e1000\n      dhcp4: yes\n"
                  .formatted(m.charAt(16), m));
      case 3 ->
          Map.entry(
              "/etc/systemd/network/10-" + n + ".link",
              "[Match]\nMACAddress=" + m + "\n[Link]\nName=" + n + "\n");
      case 4 ->
          Map.entry(
              "/etc/systemd/network/20-" + n + ".network",
              "[Match]\nMACAddress=" + m + "\n[Network]\nDHCP=yes\n");
      case 5 ->
          Map.entry(
              "/etc/NetworkManager/system-connections/" + n,
              "[connection]\ntype=ethernet\n[ethernet]\nmac-address=" + m + "\n");
      case 6 ->
          Map.entry(
              "/etc/sysconfig/network-scripts/ifcfg-" + n,
              (n.equals(other) ? "" : "DEVICE=" + n + "\n") + "HWADDR=" + m + "\nONBOOT=yes\n");
      case 7 ->
          Map.entry("/etc/sysconfig/network/ifcfg-" + n, "BOOTPROTO='dhcp'\nSTARTMODE='auto'\n");
      default ->
          Map.entry(
              "/etc/udev/rules.d/70-" + n + ".rules",
              "SUBSYSTEM==\"net\", ATTR{address}==\"%s\", NAME=\"%s\"\nSUBSYSTEM==\"net\", ATTR{address}==\"00:50:56:00:00:09\", NAME=\"%s\"\n"
                  .formatted(m, n, other));
    };
  }

  @Provide
  Arbitrary<GuestTraits> traits() {
    return Combinators.combine(
            Arbitraries.of(
                CardNaming.LINKS,
                CardNaming.LINKS,
                CardNaming.RULES,
                CardNaming.EXCHANGING_RULES,
                CardNaming.KERNEL),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(0, 3))
        .as(GuestTraits::new);
  }

  @Property
  void secondPlanOfAnyTextHasNoEdits(
      @ForAll("guests") Map<String, String> files,
      @ForAll("traits") GuestTraits traits,
      @ForAll Level level) {
    idempotent(files, traits, level);
  }

  @Property
  void secondPlanOfAPlausibleGuestHasNoEdits(
      @ForAll("plausibleGuests") Map<String, String> files,
      @ForAll("traits") GuestTraits traits,
      @ForAll Level level) {
    idempotent(files, traits, level);
  }

  private static void idempotent(Map<String, String> files, GuestTraits traits, Level level) {
    NetworkPlan plan = new NetworkFix().plan(files, level, traits);
    Map<String, String> after = Guest.apply(files, plan);
    NetworkPlan again = new NetworkFix().plan(after, level, traits);

    assertThat(again.edits().files()).isEmpty();
    if (plan.edits().failures().isEmpty()) {
      assertThat(again.edits().failures()).isEmpty();
    }
  }

  @Property
  void linesThatNoChangeNamesStay(
      @ForAll("plausibleGuests") Map<String, String> files, @ForAll("traits") GuestTraits traits) {
    for (FileEdit edit : new NetworkFix().plan(files, Level.FULL, traits).edits().files()) {
      if (edit.before().isPresent() && edit.after().isPresent()) {
        List<String> expected = new ArrayList<>(edit.before().get().lines().toList());
        List<Change> added = new ArrayList<>();
        for (Change change : edit.changes()) {
          if (change.before().isEmpty()) {
            added.add(change);
          } else {
            assertThat(expected.get(change.line() - 1)).isEqualTo(change.before());
            expected.set(change.line() - 1, change.after().isEmpty() ? null : change.after());
          }
        }
        added.sort((a, b) -> Integer.compare(b.line(), a.line()));
        added.forEach(change -> expected.add(change.line(), change.after()));
        expected.removeIf(line -> line == null);
        assertThat(edit.after().get().lines().toList()).as(edit.file()).isEqualTo(expected);
      }
    }
  }

  @Property
  void noOldHardwareIsLeftWhenThePlanSucceeds(
      @ForAll("plausibleGuests") Map<String, String> files, @ForAll("traits") GuestTraits traits) {
    NetworkPlan plan = new NetworkFix().plan(files, Level.FULL, traits);
    if (plan.edits().failures().isEmpty()) {
      Guest.apply(files, plan)
          .forEach(
              (path, text) -> {
                if (traits.systemdLink() || !path.endsWith(".link")) {
                  assertThat(text).as(path).doesNotContain("00:50:56", "00:0C:29");
                }
              });
    }
  }

  @Property
  void everyCardOfASuccessfulPlanIsPinnedOnce(
      @ForAll("plausibleGuests") Map<String, String> files) {
    GuestTraits traits = new GuestTraits(CardNaming.LINKS, true, 0);
    NetworkPlan plan = new NetworkFix().plan(files, Level.FULL, traits);
    if (plan.edits().failures().isEmpty()) {
      Map<String, String> after = Guest.apply(files, plan);
      List<String> matches = new ArrayList<>();
      after.forEach(
          (path, text) -> {
            if (path.endsWith(".link")) {
              matches.add(text.substring(text.indexOf("[Match]"), text.indexOf("[Link]")).strip());
            }
          });
      assertThat(matches).as("matches of %s", after).doesNotHaveDuplicates();
    }
  }

  @Property
  void garbageNeverThrows(
      @ForAll("garbage") Map<String, String> files,
      @ForAll("traits") GuestTraits traits,
      @ForAll Level level) {
    assertThatCode(() -> new NetworkFix().plan(files, level, traits)).doesNotThrowAnyException();
  }

  @Provide
  Arbitrary<Map<String, String>> garbage() {
    return Arbitraries.maps(Arbitraries.of(PATHS), Arbitraries.strings().all().ofMaxLength(200))
        .ofMaxSize(8);
  }
}
