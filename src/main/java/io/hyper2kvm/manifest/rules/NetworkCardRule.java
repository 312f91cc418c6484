package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.model.NetworkCardSpec;
import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.Problems;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every network card has a name or an address, no two have the same, and a card can have both. */
public final class NetworkCardRule implements ManifestRule {

  /** As many as the schema allows. */
  private static final int MAX_CARDS = 64;

  private static final int MAC_LENGTH = 17;

  @Override
  public void check(Draft draft, Problems problems) {
    for (Draft.Vm vm : draft.vms()) {
      List<Node> cards =
          vm.section("load")
              .flatMap(load -> load.field("network_cards"))
              .map(Node::items)
              .orElse(List.of());
      Map<String, Node> names = new HashMap<>();
      Map<String, Node> macs = new HashMap<>();
      cards.stream()
          .limit(MAX_CARDS)
          .filter(card -> card.is(Node.Kind.OBJECT))
          .forEach(card -> check(card, names, macs, problems));
    }
  }

  private static void check(
      Node card, Map<String, Node> names, Map<String, Node> macs, Problems problems) {
    if (card.field("name").isEmpty() && card.field("mac").isEmpty()) {
      problems.at(
          card,
          card.shown(),
          "a network card needs a name or an address",
          "Write \"name\", \"mac\" or both.");
    }
    card.field("name")
        .filter(name -> name.is(Node.Kind.TEXT))
        .ifPresent(name -> name(name, names, problems));
    card.field("mac")
        .filter(mac -> mac.is(Node.Kind.TEXT))
        .ifPresent(mac -> mac(mac, macs, problems));
  }

  private static void name(Node name, Map<String, Node> names, Problems problems) {
    String text = name.asText().orElse("");
    if (text.equals("lo")) {
      problems.at(
          name,
          name.shown(),
          "lo is the loopback, not a network card",
          "Name the card's interface.");
    }
    twice(name, text, names, "name", problems);
  }

  private static void mac(Node mac, Map<String, Node> macs, Problems problems) {
    String text = NetworkCardSpec.normalMac(mac.asText().orElse(""));
    if (text.length() != MAC_LENGTH) {
      return; // the schema's pattern says so
    }
    if (!NetworkCardSpec.isOfOneCard(text)) {
      problems.at(
          mac,
          mac.shown(),
          "no network card can have this address: it is zero, or a group's (its first byte is odd)",
          "Write the address of the card.");
    }
    twice(mac, text, macs, "address", problems);
  }

  private static void twice(
      Node node, String text, Map<String, Node> seen, String what, Problems problems) {
    Node earlier = seen.putIfAbsent(text, node);
    if (earlier != null) {
      problems.at(
          node,
          node.shown(),
          "another network card has this %s, in line %d".formatted(what, earlier.at().line()),
          "Give every card its own.");
    }
  }
}
