package io.hyper2kvm.stage.description;

import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.VmSpec;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.NetworkCard;
import io.hyper2kvm.text.NearestWord;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The networks that a manifest names for a VM's cards, and those that its cards have. A name that
 * no card has takes no effect, and the card that it was meant for is connected to a default.
 */
public final class MappedNetworks {

  private MappedNetworks() {}

  /** A warning for each network that is named for this VM alone and that no card of it has. */
  public static List<String> warnings(VmSpec vm, MachineDescription machine) {
    Set<String> networks =
        machine.cards().stream()
            .map(NetworkCard::network)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    List<String> warnings = new ArrayList<>();
    for (String name : vm.ownNetworks()) {
      if (!name.equals(DomainSpec.EVERY_OTHER) && !networks.contains(name)) {
        warnings.add(
            "convert.networks names the network \"%s\", and no card of the VM is on it: %s"
                .formatted(Printable.guestLine(name), words(name, networks)));
      }
    }
    return warnings;
  }

  private static String words(String name, Set<String> networks) {
    if (networks.isEmpty()) {
      return "the source tells of no networks; write \"*\" for its cards";
    }
    return NearestWord.among(networks, name)
        .map(near -> "did you mean \"%s\"?".formatted(Printable.guestLine(near)))
        .orElseGet(() -> "its cards are on " + Printable.names(networks));
  }
}
