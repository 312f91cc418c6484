package io.hyper2kvm.guest.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.hyper2kvm.guest.distribution.Release;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.network.survey.BusPlace;
import io.hyper2kvm.guest.network.survey.CardNaming;
import io.hyper2kvm.guest.network.survey.GuestTraits;
import io.hyper2kvm.guest.network.survey.Interface;
import io.hyper2kvm.guest.network.survey.Level;
import io.hyper2kvm.guest.network.survey.MachineCards;
import io.hyper2kvm.guest.network.system.PinFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A guest under test: its files, and its files after a plan. */
public final class Guest {
  private final TreeMap<String, String> files = new TreeMap<>();
  private GuestTraits traits = new GuestTraits(CardNaming.LINKS, true, 0);
  private Release release = Release.UNKNOWN;
  private NetworkPlan plan;
  private Map<String, String> after;

  public static Guest with(String path, String text) {
    return new Guest().and(path, text);
  }

  public Guest and(String path, String text) {
    files.put(path, text);
    return this;
  }

  public Guest traits(boolean systemdLink, boolean predictableNames, int cards) {
    return naming(
        systemdLink ? CardNaming.LINKS : CardNaming.EXCHANGING_RULES, predictableNames, cards);
  }

  public Guest naming(CardNaming naming, boolean predictableNames, int cards) {
    traits = new GuestTraits(naming, predictableNames, cards);
    return this;
  }

  public Guest cards(int cards) {
    return traits(true, true, cards);
  }

  /** Its distribution and release; an empty version for one that states none. */
  public Guest release(String id, String version) {
    release =
        Release.of(version.isEmpty() ? Map.of("ID", id) : Map.of("ID", id, "VERSION_ID", version));
    return this;
  }

  /** The machine's cards, in order: {@code name=mac}, {@code mac}, {@code -} for one not known. */
  public Guest machine(String... cards) {
    List<MachineCards.Card> list = new ArrayList<>();
    for (String card : cards) {
      boolean connected = !card.endsWith("!");
      String text = connected ? card : card.substring(0, card.length() - 1);
      int equals = text.indexOf('=');
      String mac = text.substring(equals + 1);
      list.add(
          new MachineCards.Card(
              equals < 0 ? Optional.empty() : Optional.of(text.substring(0, equals)),
              mac.isEmpty() || mac.equals("-") ? Optional.empty() : Optional.of(mac),
              connected));
    }
    traits =
        new GuestTraits(traits.naming(), traits.predictableNames(), new MachineCards(true, list));
    return this;
  }

  /** The machine's cards, in order: hardware address and VMware's slot, {@code MAC 192}. */
  public Guest vmware(String... cards) {
    List<MachineCards.Card> list = new ArrayList<>();
    for (String card : cards) {
      String[] words = card.split(" ");
      list.add(
          new MachineCards.Card(
              Optional.empty(),
              Optional.of(words[0]),
              true,
              BusPlace.ofVmwareSlot(Integer.parseInt(words[1])),
              "VmxNet3"));
    }
    traits =
        new GuestTraits(traits.naming(), traits.predictableNames(), new MachineCards(true, list));
    return this;
  }

  /** The machine's cards, in order, by VMware's slots. */
  public Guest slots(int... slots) {
    List<MachineCards.Card> list = new ArrayList<>();
    for (int slot : slots) {
      list.add(
          new MachineCards.Card(
              Optional.empty(), Optional.empty(), true, BusPlace.ofVmwareSlot(slot), ""));
    }
    traits =
        new GuestTraits(traits.naming(), traits.predictableNames(), new MachineCards(true, list));
    return this;
  }

  /** The machine's cards, in order, by their models. */
  public Guest models(String... models) {
    List<MachineCards.Card> list = new ArrayList<>();
    for (String model : models) {
      list.add(
          new MachineCards.Card(Optional.empty(), Optional.empty(), true, Optional.empty(), model));
    }
    traits =
        new GuestTraits(traits.naming(), traits.predictableNames(), new MachineCards(true, list));
    return this;
  }

  public Guest full() {
    return plan(Level.FULL);
  }

  /** Plans, applies, and proves on the way what must hold for every guest. */
  public Guest plan(Level level) {
    GuestTraits all =
        new GuestTraits(traits.naming(), traits.predictableNames(), traits.machine(), release);
    plan = new NetworkFix().plan(files, level, all);
    after = apply(files, plan);
    NetworkPlan again = new NetworkFix().plan(after, level, all);
    assertThat(again.edits().files()).as("edits of a second plan").isEmpty();
    after.forEach(
        (path, text) -> {
          if (path.endsWith(".yaml")) {
            yaml(text);
          }
        });
    return this;
  }

  static Map<String, String> apply(Map<String, String> files, NetworkPlan plan) {
    TreeMap<String, String> after = new TreeMap<>(files);
    for (FileEdit edit : plan.edits().files()) {
      assertThat(edit.before().orElse(null)).as(edit.file()).isEqualTo(files.get(edit.file()));
      edit.after()
          .ifPresentOrElse(text -> after.put(edit.file(), text), () -> after.remove(edit.file()));
    }
    return after;
  }

  public static JsonNode yaml(String text) {
    try {
      return new YAMLMapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public NetworkPlan plan() {
    return plan;
  }

  public String after(String path) {
    return after.get(path);
  }

  /** The link files that the initramfs needs as well. */
  public Map<String, String> changedLinks() {
    return PinFiles.of(files, after).added();
  }

  /** What an initramfs with these files must have. */
  public Map<String, String> initramfsFiles(String... present) {
    return PinFiles.of(files, after).in(java.util.Set.of(present)::contains);
  }

  public String link(String name) {
    return after.get("/etc/systemd/network/10-hyper2kvm-" + name + ".link");
  }

  public Guest succeeds() {
    assertThat(plan.edits().failures()).isEmpty();
    return this;
  }

  public Guest failsWith(String... parts) {
    assertThat(plan.edits().failures()).anySatisfy(text -> assertThat(text).contains(parts));
    return this;
  }

  public Guest unchanged(String path) {
    assertThat(after.get(path)).isEqualTo(files.get(path));
    return this;
  }

  public Guest warns(String... parts) {
    assertThat(plan.edits().warnings()).anySatisfy(text -> assertThat(text).contains(parts));
    return this;
  }

  /** The name is pinned to the only virtio card. */
  public Guest pins(String name) {
    assertThat(link(name)).as("link of " + name).isNotNull();
    assertThat(link(name))
        .contains("[Match]\nDriver=virtio_net\n\n[Link]\nName=" + name + "\n")
        .doesNotContain("OriginalName", "Type=", "MACAddress");
    return this;
  }

  /** The name is pinned to the virtio card of this number, from 0. */
  public Guest pinsAt(int place, String name) {
    assertThat(link(name)).as("link of " + name).isNotNull();
    assertThat(link(name))
        .contains(
            "[Match]\nDriver=virtio_net\nOriginalName=eth%d\n\n[Link]\nName=%s\n"
                .formatted(place, name));
    return this;
  }

  /** The names are pinned to the virtio cards in this order. */
  public Guest pinsInOrder(String... names) {
    for (int i = 0; i < names.length; i++) {
      pinsAt(i, names[i]);
    }
    return this;
  }

  public Guest pinsNothing() {
    assertThat(after.keySet()).noneMatch(path -> path.contains("10-hyper2kvm-"));
    return this;
  }

  /** No file of ours is a link; rules may be. */
  public Guest pinsNothingByLink() {
    assertThat(after.keySet()).noneMatch(path -> path.endsWith(".link"));
    return this;
  }

  /** The guest's own files pin these names, so that none of ours does. */
  public Guest unpinned(String... names) {
    for (String name : names) {
      assertThat(link(name)).as("link of " + name).isNull();
    }
    return this;
  }

  public Guest file(String path, String... parts) {
    assertThat(after.get(path)).contains(parts);
    return this;
  }

  public Interface networkInterface(String name) {
    return plan.interfaces().stream()
        .filter(i -> i.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " not in " + plan.interfaces()));
  }
}
