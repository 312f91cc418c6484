package io.hyper2kvm.guest.network;

import io.hyper2kvm.guest.network.survey.CardOrder;
import io.hyper2kvm.guest.network.survey.ConfigurationSystem;
import io.hyper2kvm.guest.network.survey.Findings;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.GuestTraits;
import io.hyper2kvm.guest.network.survey.Interface;
import io.hyper2kvm.guest.network.survey.InterfaceName;
import io.hyper2kvm.guest.network.survey.Level;
import io.hyper2kvm.guest.network.survey.NameScheme;
import io.hyper2kvm.guest.network.survey.NamelessCards;
import io.hyper2kvm.guest.network.survey.Repair;
import io.hyper2kvm.guest.network.survey.Survey;
import io.hyper2kvm.guest.network.system.DhcpLeases;
import io.hyper2kvm.guest.network.system.DriverFiles;
import io.hyper2kvm.guest.network.system.Iftab;
import io.hyper2kvm.guest.network.system.Ifupdown;
import io.hyper2kvm.guest.network.system.LinkFiles;
import io.hyper2kvm.guest.network.system.NamePins;
import io.hyper2kvm.guest.network.system.NamesElsewhere;
import io.hyper2kvm.guest.network.system.Netplan;
import io.hyper2kvm.guest.network.system.NetworkFiles;
import io.hyper2kvm.guest.network.system.NetworkManager;
import io.hyper2kvm.guest.network.system.NetworkManagerSettings;
import io.hyper2kvm.guest.network.system.RedHatIfcfg;
import io.hyper2kvm.guest.network.system.SuseIfcfg;
import io.hyper2kvm.guest.network.system.UdevRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Plans how a Linux guest keeps its interface names and addresses on virtio network cards. */
public final class NetworkFix {
  // Far more than any configuration has; files beyond it are not read, whatever they hold.
  private static final int MAX_LINES = 20_000;

  private static final List<ConfigurationSystem> SYSTEMS =
      List.of(
          new Ifupdown(),
          new Netplan(),
          new NetworkFiles(),
          new NetworkManager(),
          new NetworkManagerSettings(),
          new RedHatIfcfg(),
          new SuseIfcfg(),
          new UdevRules(),
          new LinkFiles(),
          new Iftab(),
          new DriverFiles(),
          new DhcpLeases(),
          new NamesElsewhere());

  /**
   * The plan; reads nothing but its arguments and never throws for any text.
   *
   * @param guest the guest's configuration files: content by absolute path, of bounded size
   */
  public NetworkPlan plan(Map<String, String> guest, Level level, GuestTraits traits) {
    if (level == Level.NONE) {
      return NetworkPlan.NOTHING;
    }
    Findings findings = new Findings();
    GuestFiles files = readable(guest, traits, findings);
    Survey survey = new Survey(findings, level == Level.FULL);
    List<ConfigurationSystem> systems =
        SYSTEMS.stream().filter(s -> traits.systemdLink() || !(s instanceof LinkFiles)).toList();
    systems.forEach(system -> system.read(files, survey));
    survey.addresses().byAddress().name(survey, traits);
    namePatterns(survey, level, traits);
    CardOrder order = CardOrder.of(survey, traits);
    survey.drivers().check(survey);
    Repair repair = new Repair(level, traits, survey, order);
    systems.forEach(system -> system.edit(files, repair));
    if (level == Level.FULL) {
      new NamePins().plan(files, repair);
    } else {
      warnOfNames(order, traits, findings);
    }
    List<Interface> interfaces = new ArrayList<>(survey.interfaces(order.names()));
    interfaces.addAll(survey.addresses().byAddress().interfaces(survey));
    return new NetworkPlan(findings.plan(repair.edits()), interfaces, survey.configuredBy());
  }

  private static GuestFiles readable(
      Map<String, String> guest, GuestTraits traits, Findings findings) {
    TreeMap<String, String> readable = new TreeMap<>(guest);
    readable
        .entrySet()
        .removeIf(
            file -> {
              boolean tooLong = file.getValue().lines().skip(MAX_LINES).findAny().isPresent();
              if (tooLong) {
                String why = "has more than %d lines and is not read".formatted(MAX_LINES);
                findings.note(file.getKey(), 0, "", why);
                findings.warning(file.getKey() + " " + why);
              }
              return tooLong;
            });
    UnreadFiles.removeFrom(readable, traits.release(), findings);
    SourcedFiles.keepOnly(readable, findings);
    return new GuestFiles(readable);
  }

  /** A pattern such as {@code ens*} needs a card that it matches; give it one where it is safe. */
  private static void namePatterns(Survey survey, Level level, GuestTraits traits) {
    List<String> newNames =
        traits.predictableNames() ? List.of("enp1s0", "enp0s3", "ens3") : List.of("eth0");
    for (Map.Entry<String, String> entry : survey.patterns().entrySet()) {
      String pattern = entry.getKey();
      String candidate = pattern.replace('*', '0').replace('?', '0');
      boolean satisfied =
          newNames.stream().allMatch(name -> InterfaceName.matches(pattern, name))
              || survey.cards().stream().anyMatch(name -> InterfaceName.matches(pattern, name));
      if (satisfied
          || !InterfaceName.looksLikeCard(candidate)
          || level == Level.FULL && NamelessCards.use(pattern, entry.getValue(), survey, traits)) {
        continue;
      }
      String seen =
          "%s: the pattern %s may match no card any more".formatted(entry.getValue(), pattern);
      if (level == Level.FULL && survey.cards().isEmpty() && traits.cards() <= 1) {
        survey.use(candidate, entry.getValue());
        survey.findings().warning(seen + "; the card is named " + candidate + " for it");
      } else {
        survey.findings().warning(seen);
      }
    }
  }

  private static void warnOfNames(CardOrder order, GuestTraits traits, Findings findings) {
    for (String name : order.names()) {
      if (traits.predictableNames() || !NameScheme.KERNEL.matches(name)) {
        findings.warning(
            "the configuration uses the name %s, which level basic does not keep on the new card"
                .formatted(name));
      }
    }
  }
}
