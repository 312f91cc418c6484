package io.hyper2kvm.stage.inspect.luks;

import io.hyper2kvm.guest.luks.LuksMapping;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.ApplianceLog;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.volume.BlockDevices;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.tool.luks.KeyFile;
import io.hyper2kvm.tool.luks.LuksKey;
import io.hyper2kvm.tool.luks.LuksKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The opening of one container: the keys that the configuration names for it are tried in turn. A
 * key's file is uploaded into the appliance's memory, and removed as soon as it was tried; no
 * script and no command has any part of the key.
 */
final class Opening {

  /** In the appliance; {@code /run} is in memory there. */
  private static final String REMOTE = "/run/hyper2kvm-key";

  /** More keys are not tried for one container: each takes seconds. */
  private static final int MOST_KEYS = 16;

  /** Of one key, in seconds; a header can ask for any amount of work. */
  private static final int LONGEST = 300;

  private static final int WRONG_KEY = 2;
  private static final int NO_MEMORY = 3;
  private static final int TIMED_OUT = 124;
  private static final int KILLED = 137;
  private static final Pattern STATUS = Pattern.compile("(?s)(.*?)status ([0-9]{1,3})\\s*");

  private final VmJob job;
  private final BlockDevices devices;
  private final LuksKeys keys;
  private final Container container;
  private final String name;
  private final long memoryMib;
  private final List<String> reasons = new ArrayList<>();
  private int tried;
  private boolean opened;

  /**
   * An opening that has not begun.
   *
   * @param name what the device mapper in the appliance shall call what is in it
   * @param memoryMib the appliance's memory, in MiB
   */
  Opening(
      VmJob job,
      BlockDevices devices,
      LuksKeys keys,
      Container container,
      String name,
      long memoryMib) {
    this.job = job;
    this.devices = devices;
    this.keys = keys;
    this.container = container;
    this.name = name;
    this.memoryMib = memoryMib;
  }

  /** Adds the turns that try the keys. */
  void ask(GuestfishSession session) {
    List<LuksKey> matching = keys.matching(job.name(), container.names());
    if (container.header().reencrypting() && !matching.isEmpty()) {
      reasons.add("its re-encryption has not ended; let the guest finish it");
      return;
    }
    if (matching.size() > MOST_KEYS) {
      reasons.add("of %d keys the first %d were tried".formatted(matching.size(), MOST_KEYS));
    }
    matching.stream().limit(MOST_KEYS).forEach(key -> attempt(session, key));
  }

  private void attempt(GuestfishSession session, LuksKey key) {
    session.then(() -> opened ? new GuestfishScript() : script(key), answers -> take(answers, key));
  }

  private GuestfishScript script(LuksKey key) {
    GuestfishScript script = new GuestfishScript();
    try {
      KeyFile file = keys.read(key);
      Path readable = job.toolFiles().lend(file.path(), copy(), file.content());
      script
          .run("debug-upload", readable.toString(), REMOTE, "0400")
          .ask("open", "debug", "sh", command(file.lengths()))
          .run("debug", "sh", "rm -f " + REMOTE);
    } catch (IOException e) {
      reasons.add(key.source() + ": " + e.getMessage());
    }
    return script;
  }

  private Path copy() {
    return job.directory().resolve("luks-key");
  }

  /** Every word of it is this program's own, or was checked to be a device's name. */
  private String command(List<Integer> lengths) {
    String sizes = lengths.stream().map(String::valueOf).collect(Collectors.joining(" "));
    return ("for n in %s; do timeout -k 5 %d cryptsetup open --batch-mode --type luks"
            + " --key-file %s --keyfile-size $n %s %s; r=$?; [ $r = %d ] || break; done 2>&1;"
            + " udevadm settle; echo status $r")
        .formatted(
            sizes, LONGEST, REMOTE, devices.inAppliance(container.device()), name, WRONG_KEY);
  }

  private void take(GuestfishAnswers answers, LuksKey key) {
    if (answers == GuestfishAnswers.NONE) {
      return;
    }
    job.toolFiles().withdraw(copy());
    tried++;
    Matcher status = STATUS.matcher(answers.text("open"));
    if (!status.matches()) {
      reasons.add("the appliance could not try " + key.source() + ": " + ApplianceLog.tail(job));
      return;
    }
    switch (Integer.parseInt(status.group(2))) {
      case 0 -> {
        opened = true;
        devices.opened(
            new LuksMapping(container.device(), LuksMapping.deviceOf(name), container.header()));
      }
      case WRONG_KEY -> {
        // It is counted, and says no more.
      }
      case NO_MEMORY, KILLED -> reasons.add(memory());
      case TIMED_OUT ->
          reasons.add(key.source() + " was tried for " + LONGEST + " s without an end");
      default -> reasons.add(key.source() + ": " + Printable.guestLine(status.group(1).strip()));
    }
  }

  private String memory() {
    long needed = container.header().memoryKib() >> 10;
    return "the appliance's memory of %d MiB is too small for its key derivation%s: raise appliance_memory"
        .formatted(memoryMib, needed == 0 ? "" : ", which needs %d MiB".formatted(needed));
  }

  /** The container, if no key opened it. */
  Optional<LockedContainer> locked() {
    return opened
        ? Optional.empty()
        : Optional.of(new LockedContainer(container, tried, reasons.stream().distinct().toList()));
  }
}
