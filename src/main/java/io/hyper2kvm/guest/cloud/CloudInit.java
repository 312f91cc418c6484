package io.hyper2kvm.guest.cloud;

import io.hyper2kvm.guest.boot.menu.StartedCommandLines;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * cloud-init as it is in a guest. At each boot it looks for its data source; where it finds another
 * one, or none, the machine is a new instance: it writes the network's configuration, makes new
 * host keys, and sets up users and the host name.
 *
 * @param enabled whether it is installed and not switched off
 * @param datasource the class of the data source of the last boot, such as {@code
 *     DataSourceVMware}; empty when it never ran
 * @param seed where that source was found, as it says; may be empty
 * @param instance the instance's identifier; empty when it never ran
 * @param cached whether the instance's data is kept, so that it can go on with it
 * @param trusted whether a mark says that it does so without looking for another data source
 * @param networkOff whether something outside its settings keeps it from the network
 * @param labels the labels of the file systems on the VM's disks
 * @param texts its settings: content by path
 */
public record CloudInit(
    boolean enabled,
    String datasource,
    String seed,
    String instance,
    boolean cached,
    boolean trusted,
    boolean networkOff,
    Set<String> labels,
    SortedMap<String, String> texts) {

  /** A guest without cloud-init. */
  public static final CloudInit NONE =
      new CloudInit(false, "", "", "", false, false, false, Set.of(), new TreeMap<>());

  /** What keeps it from a new instance; its name is behind those of other files. */
  public static final String DROP_IN = CloudConfig.FOLDER + "zz-hyper2kvm.cfg";

  /** The rule of its changes. */
  public static final String RULE = "network.cloud-init";

  private static final int MAX_LINES = 1000;
  private static final Pattern POLICY_LINE =
      Pattern.compile("policy:\\s{0,20}[\"']?disabled(?:[\"',\\s]|$)");
  private static final Pattern POLICY_WORD =
      Pattern.compile("(?:^|\\s)ci\\.di\\.policy=disabled(?:[,\\s]|$)");

  private static final Set<String> SEED_LABELS = Set.of("cidata", "CIDATA", "config-2", "CONFIG-2");

  public CloudInit {
    Objects.requireNonNull(datasource, "datasource");
    Objects.requireNonNull(seed, "seed");
    Objects.requireNonNull(instance, "instance");
    labels = Set.copyOf(labels);
    texts = new TreeMap<>(texts);
  }

  /**
   * A guest's cloud-init.
   *
   * @param description the text of {@code /var/lib/cloud/instance/datasource}: the class, a colon,
   *     and its own words, of which {@code [seed=…]} is one
   * @return as in the record's description
   */
  public static CloudInit of(
      boolean enabled,
      String description,
      String instance,
      boolean cached,
      boolean trusted,
      boolean networkOff,
      Set<String> labels,
      SortedMap<String, String> texts) {
    String line = description.lines().findFirst().orElse("");
    int colon = line.indexOf(':');
    int from = line.indexOf("[seed=");
    int to = from < 0 ? -1 : line.indexOf(']', from);
    return new CloudInit(
        enabled,
        (colon < 0 ? line : line.substring(0, colon)).strip(),
        to < 0 ? "" : line.substring(from + 6, to),
        instance.strip(),
        cached,
        trusted,
        networkOff,
        labels,
        texts);
  }

  /** Whether its data source lies on the VM's disks, and so is found on every hypervisor. */
  private boolean sourceMoves() {
    boolean onDisk = labels.stream().anyMatch(SEED_LABELS::contains);
    return switch (datasource) {
      case "DataSourceNone" -> true;
      case "DataSourceNoCloud", "DataSourceNoCloudNet", "DataSourceConfigDrive" ->
          seed.startsWith("/var/lib/cloud/") || onDisk && seed.startsWith("/dev/");
      default -> false;
    };
  }

  /** Whether the machine becomes a new instance by the move, if nothing prevents it. */
  public boolean becomesNewInstance() {
    return enabled
        && !datasource.isEmpty()
        && !sourceMoves()
        && !(cached && (trusted || CloudConfig.of(texts).cacheTrusted()))
        && !isPrevented();
  }

  /** Without kept data only the settings protect network and keys. */
  private boolean isPrevented() {
    CloudConfig config = CloudConfig.of(texts);
    return !cached && config.keysKept() && (config.networkDisabled() || networkOff);
  }

  /** What an operator is told where nothing is done about it. */
  public Optional<String> warning() {
    return becomesNewInstance()
        ? Optional.of(
            "%s: cloud-init was started by %s as instance %s, and finds no such data source on KVM: the machine may become a new instance, whose network, host keys and users are set up anew; ask for fix.network with fix_level full, or attach a data source with this instance id"
                .formatted(CloudConfig.FILE, datasource, instance.isEmpty() ? "?" : instance))
        : Optional.empty();
  }

  /** The settings that keep the machine the instance that it is. */
  public EditPlan plan() {
    if (!becomesNewInstance()) {
      return EditPlan.NOTHING;
    }
    SortedMap<String, String> others = new TreeMap<>(texts);
    others.remove(DROP_IN);
    CloudConfig now = CloudConfig.of(others);
    List<String> lines = new ArrayList<>();
    if (cached && !now.cacheTrusted()) {
      lines.add("manual_cache_clean: true");
    }
    if (!now.keysKept()) {
      lines.add("ssh_deletekeys: false");
    }
    if (!now.networkDisabled() && !networkOff) {
      lines.add("network: {config: disabled}");
    }
    String text =
        """
        # Written by hyper2kvm. This machine was moved, and its data source (%s) did not move with
        # it: cloud-init would take it for a new instance. To let it do so, remove this file, run
        # "cloud-init clean" and start the machine anew.
        """
                .formatted(printable(datasource))
            + String.join("\n", lines)
            + "\n";
    SortedMap<String, String> after = new TreeMap<>(texts);
    after.put(DROP_IN, text);
    CloudConfig then = CloudConfig.of(after);
    boolean holds =
        then.keysKept()
            && (then.networkDisabled() || networkOff)
            && (then.cacheTrusted() || !cached);
    Optional<String> before = Optional.ofNullable(texts.get(DROP_IN));
    return new EditPlan(
        before.equals(Optional.of(text))
            ? List.of()
            : List.of(
                new FileEdit(
                    DROP_IN,
                    before,
                    Optional.of(text),
                    0644,
                    lines.stream().map(this::change).toList())),
        List.of(),
        holds
            ? List.of()
            : List.of(
                "%s: another file in its folder is read after it and says otherwise; cloud-init may take the machine for a new instance"
                    .formatted(DROP_IN)),
        List.of());
  }

  private Change change(String line) {
    return new Change(
        DROP_IN,
        0,
        "",
        line,
        RULE,
        "cloud-init knows the machine as instance %s of %s, which is not there on KVM"
            .formatted(instance.isEmpty() ? "?" : instance, datasource));
  }

  private static String printable(String text) {
    return text.matches("[A-Za-z0-9]{1,80}") ? text : "unknown";
  }

  /**
   * Whether something keeps all of it from being started. What the kernel is told counts before a
   * file, and ds-identify's policy before both (cloud-init's generator and ds-identify).
   *
   * @param disabled whether {@code /etc/cloud/cloud-init.disabled} is there
   * @param policy the text of {@code /etc/cloud/ds-identify.cfg}
   * @param commandLines of the kernel that starts, or of all that may
   */
  public static boolean isOff(boolean disabled, String policy, List<String> commandLines) {
    boolean told = commandLines.stream().anyMatch(line -> line.contains("ci.di.policy="));
    boolean byPolicy =
        told
            ? !commandLines.isEmpty()
                && commandLines.stream().allMatch(line -> POLICY_WORD.matcher(line).find())
            : policy
                .lines()
                .limit(MAX_LINES)
                .map(String::strip)
                .anyMatch(line -> POLICY_LINE.matcher(line).lookingAt());
    boolean byFile =
        disabled
            && commandLines.stream()
                .noneMatch(line -> StartedCommandLines.says(line, "cloud-init=enabled"));
    return byPolicy || byFile || StartedCommandLines.allSay(commandLines, "cloud-init=disabled");
  }
}
