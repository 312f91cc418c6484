package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.boot.BootFile;
import io.hyper2kvm.guest.network.survey.ConfigurationSystem;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.InterfaceName;
import io.hyper2kvm.guest.network.survey.Repair;
import io.hyper2kvm.guest.network.survey.Survey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of cards in files that are read and never changed: netctl's profiles, dhcpcd's and Gentoo's
 * configuration, and the kernel's {@code ip=}. They count where nothing else names a card, and must
 * be names that a card keeps where something does.
 */
public final class NamesElsewhere implements ConfigurationSystem {

  /** The folder of netctl's profiles. */
  public static final String NETCTL = "/etc/netctl";

  public static final String DHCPCD = "/etc/dhcpcd.conf";
  public static final String GENTOO = "/etc/conf.d/net";

  private static final int MAX_MENTIONS = 200;

  private static final Pattern PROFILE =
      Pattern.compile("\\s{0,20}(?:Interface|BindsToInterfaces)=[('\"\\s]{0,9}([^)#]{1,200})");
  private static final Pattern DHCP_CLIENT = Pattern.compile("\\s{0,20}interface\\s+(\\S{1,15})");
  private static final Pattern NET =
      Pattern.compile("\\s{0,20}(?:config|routes|mtu|dhcp)_([A-Za-z0-9]{1,15})=");

  /** dracut's and the kernel's own forms, addresses of IPv6 in brackets. */
  private static final Pattern KERNEL =
      Pattern.compile("(?<![A-Za-z0-9_.-])(ip|bootdev|ifname|BOOTIF)=([^\\s\"';]{1,300})");

  private static final Pattern BRACKETS = Pattern.compile("\\[[^\\]]{0,60}\\]");
  private static final int DEVICE = 5;

  /**
   * Where a card is named.
   *
   * @param name empty where only its hardware address is
   */
  private record Mention(String file, int line, String name, String text) {}

  @Override
  public void read(GuestFiles files, Survey survey) {
    if (!survey.cards().isEmpty()) {
      return;
    }
    for (Mention mention : mentions(files)) {
      if (!mention.name().isEmpty()) {
        survey.use(mention.name(), mention.file());
        survey.active(mention.name(), mention.file());
      }
    }
  }

  @Override
  public void edit(GuestFiles files, Repair repair) {
    Map<String, String> told = new LinkedHashMap<>();
    for (Mention mention : mentions(files)) {
      String at = "%s:%d: %s".formatted(mention.file(), mention.line(), mention.text());
      if (mention.name().isEmpty()) {
        told.putIfAbsent(
            mention.text(), at + " asks for a card by its old hardware address; it finds none");
      } else if (repair.order().failure().isEmpty()
          && !repair.order().names().contains(mention.name())) {
        told.putIfAbsent(
            mention.text(),
            at
                + " names a card that the rest of the configuration does not; no card gets the name");
      }
    }
    told.values().forEach(repair.findings()::warning);
  }

  private static List<Mention> mentions(GuestFiles files) {
    List<Mention> mentions = new ArrayList<>();
    files
        .text()
        .forEach(
            (path, text) -> {
              if (path.startsWith(NETCTL + "/") && path.indexOf('/', NETCTL.length() + 1) < 0) {
                lines(path, text, PROFILE, mentions);
              } else if (path.equals(DHCPCD)) {
                lines(path, text, DHCP_CLIENT, mentions);
              } else if (path.equals(GENTOO)) {
                lines(path, text, NET, mentions);
              } else if (BootFile.of(path).isPresent()) {
                kernel(path, text, mentions);
              }
            });
    return mentions;
  }

  private static void lines(String path, String text, Pattern pattern, List<Mention> mentions) {
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      Matcher named = pattern.matcher(line);
      if (named.lookingAt()) {
        for (String word : named.group(1).split("[\\s'\"]+")) {
          add(mentions, path, number, word, named.group().strip());
        }
      }
    }
  }

  private static void kernel(String path, String text, List<Mention> mentions) {
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      Matcher word = KERNEL.matcher(line.stripLeading().startsWith("#") ? "" : line);
      while (word.find()) {
        String value = word.group(2);
        if (word.group(1).equals("BOOTIF")) {
          mentions.add(new Mention(path, number, "", word.group()));
        } else if (word.group(1).equals("ip")) {
          add(mentions, path, number, device(value), word.group());
        } else {
          add(mentions, path, number, value.split(":", 2)[0], word.group());
        }
        if (word.group(1).equals("ifname") && value.indexOf(':') > 0) {
          mentions.add(new Mention(path, number, "", word.group()));
        }
        if (mentions.size() > MAX_MENTIONS) {
          return;
        }
      }
    }
  }

  /** The device in {@code ip=}: the sixth part of the long form, the first of the short one. */
  private static String device(String value) {
    String[] parts = BRACKETS.matcher(value).replaceAll("").split(":", -1);
    return parts.length > DEVICE ? parts[DEVICE] : parts.length > 1 ? parts[0] : "";
  }

  private static void add(
      List<Mention> mentions, String path, int line, String written, String text) {
    int dot = written.indexOf('.');
    String name = dot > 0 ? written.substring(0, dot) : written;
    if (InterfaceName.looksLikeCard(name) && mentions.size() <= MAX_MENTIONS) {
      mentions.add(new Mention(path, line, name, text));
    }
  }
}
