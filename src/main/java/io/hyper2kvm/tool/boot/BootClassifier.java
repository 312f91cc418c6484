package io.hyper2kvm.tool.boot;

import static io.hyper2kvm.tool.boot.BootFailure.EMERGENCY_MODE;
import static io.hyper2kvm.tool.boot.BootFailure.GRUB_PROMPT;
import static io.hyper2kvm.tool.boot.BootFailure.INITRAMFS_SHELL;
import static io.hyper2kvm.tool.boot.BootFailure.KERNEL_PANIC;
import static io.hyper2kvm.tool.boot.BootFailure.NO_BOOT_DEVICE;
import static io.hyper2kvm.tool.boot.BootFailure.PASSPHRASE;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Classifies the end of a console's text. Prompts count only at its end, where a program waits for
 * input; phrases count anywhere in the last lines.
 */
final class BootClassifier {

  private static final int LAST_LINES = 30;
  private static final int LONGEST_LINE = 300;
  private static final int PROMPT_LINES = 3;
  private static final Duration SETTLE = Duration.ofSeconds(5);
  private static final Duration KEY_SETTLE = Duration.ofSeconds(20);
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /** One OCR mistake in so many characters is tolerated. */
  private static final int CHARACTERS_PER_ERROR = 8;

  /** Behind a prompt there may be a cursor, or a message that the kernel printed later. */
  private static final String NOTHING_TYPED = "[ \\t_.:;'`\"|-]{0,8}(?:\\[ {0,6}\\d{1,6}\\.\\d.*)?";

  /** What cryptsetup's script, systemd, GRUB and plymouth say before they wait. */
  private static final String ASKS =
      "(?i).{0,40}(?:p[l1i|]ease un[l1i|]ock d[il1|]sk|enter (?:the )?passphrase).{0,160}[:;.!?)]";

  /** Behind it there may be a star for each character, a hint, or what the kernel printed later. */
  private static final String MARKED =
      "[ \\t*_.:;'`\"|-]{0,40}(?:\\(press TAB for no echo\\) ?)?(?:\\[ {0,6}\\d{1,6}\\.\\d.*)?";

  private static final Pattern LOGIN =
      Pattern.compile("\\S{1,80} [lI1|]og[iIl1|]n[:;.]" + NOTHING_TYPED);

  private record Prompt(BootFailure failure, Pattern pattern) {}

  private record Phrase(BootFailure failure, String text) {}

  private static final List<Prompt> PROMPTS =
      List.of(
          prompt(INITRAMFS_SHELL, "[(\\[{cCfl]?[iIl1|]n[iIl1|]tramfs[)\\]}>jJ]" + NOTHING_TYPED),
          prompt(
              INITRAMFS_SHELL, "(?:dracut|emergency|rootfs|sh|switch_root)?:/ ?#" + NOTHING_TYPED),
          prompt(INITRAMFS_SHELL, "\\[rootfs ~?[/\\w]{0,20}\\] ?#" + NOTHING_TYPED),
          prompt(GRUB_PROMPT, "[gq]ru[b6h] ?(?:rescue ?)?[>»)]" + NOTHING_TYPED),
          prompt(NO_BOOT_DEVICE, "[Ss]he[lI1]{2}[>»]" + NOTHING_TYPED),
          prompt(PASSPHRASE, ASKS + MARKED));

  /** The strongest evidence first; the first that is found counts. */
  private static final List<Phrase> PHRASES =
      List.of(
          new Phrase(KERNEL_PANIC, "Kernel panic - not syncing"),
          new Phrase(KERNEL_PANIC, "VFS: Unable to mount root fs on"),
          new Phrase(KERNEL_PANIC, "Attempted to kill init!"),
          new Phrase(KERNEL_PANIC, "ran into a problem and needs to restart"),
          new Phrase(KERNEL_PANIC, "Windows failed to start. A recent hardware"),
          new Phrase(INITRAMFS_SHELL, "does not exist. Dropping to a shell!"),
          new Phrase(INITRAMFS_SHELL, "Enter 'help' for a list of built-in commands"),
          new Phrase(INITRAMFS_SHELL, "initramfs emergency recovery shell launched"),
          new Phrase(INITRAMFS_SHELL, "being dropped into an emergency shell"),
          new Phrase(INITRAMFS_SHELL, "Entering emergency mode. Exit the shell to continue"),
          new Phrase(INITRAMFS_SHELL, "You might want to save /run/initramfs/rdsosreport.txt"),
          new Phrase(EMERGENCY_MODE, "You are in emergency mode"),
          new Phrase(EMERGENCY_MODE, "You are in rescue mode"),
          new Phrase(EMERGENCY_MODE, "Welcome to emergency mode"),
          new Phrase(EMERGENCY_MODE, "Give root password for maintenance"),
          new Phrase(EMERGENCY_MODE, "Cannot open access to console, the root account is locked"),
          new Phrase(EMERGENCY_MODE, "Press Enter for maintenance"),
          new Phrase(GRUB_PROMPT, "Minimal BASH-like line editing is supported"),
          new Phrase(GRUB_PROMPT, "Entering rescue mode..."),
          new Phrase(NO_BOOT_DEVICE, "No bootable device"),
          new Phrase(NO_BOOT_DEVICE, "Boot failed: not a bootable disk"),
          new Phrase(NO_BOOT_DEVICE, "Boot failed: could not read the boot disk"),
          new Phrase(NO_BOOT_DEVICE, "No bootable option or device was found"),
          new Phrase(NO_BOOT_DEVICE, "UEFI Interactive Shell"),
          new Phrase(NO_BOOT_DEVICE, "Missing operating system"),
          new Phrase(NO_BOOT_DEVICE, "Operating system not found"),
          new Phrase(NO_BOOT_DEVICE, "BOOTMGR is missing"),
          new Phrase(NO_BOOT_DEVICE, "GRUB Hard Disk Error"),
          new Phrase(NO_BOOT_DEVICE, "GRUB Geom Error"),
          new Phrase(NO_BOOT_DEVICE, "GRUB Read Error"));

  /** Lines that tell the reason why a guest is stuck. */
  private static final Pattern REASON =
      Pattern.compile(
          "ALERT!|does not exist|[Uu]nable to (?:find|mount|open)|[Cc]annot open root device"
              + "|error: |not found\\.$|Failed to mount|Dependency failed|Timed out waiting"
              + "|Boot failed:");

  private static final int MOST_REASONS = 3;

  private static final String STARTED_NOTHING = "Booting from Hard Disk...";

  private BootClassifier() {}

  /**
   * The finding in the end of this text, if there is one.
   *
   * @param exact whether it was read without mistakes; OCR's are tolerated otherwise
   */
  static Optional<BootFinding> classify(String text, boolean exact) {
    List<String> lines = lastLines(text);
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> login = lastMatching(lines, LOGIN);
    if (login.isPresent()) {
      return Optional.of(new BootFinding(Optional.empty(), login.get(), Duration.ZERO));
    }
    for (Prompt prompt : PROMPTS) {
      Optional<String> line = lastMatching(lines, prompt.pattern());
      if (line.isPresent()) {
        // A key that is fetched from elsewhere may still come.
        return failed(
            prompt.failure(), line.get(), prompt.failure() == PASSPHRASE ? KEY_SETTLE : SETTLE);
      }
    }
    SquashedText squashed = new SquashedText(String.join("\n", lines));
    for (Phrase phrase : PHRASES) {
      int errors = exact ? 0 : phrase.text().length() / CHARACTERS_PER_ERROR;
      String line = squashed.lineWith(phrase.text(), errors);
      if (line != null) {
        return failed(phrase.failure(), line, SETTLE);
      }
    }
    String last = lines.get(lines.size() - 1);
    if (SquashedText.squash(last).equals(SquashedText.squash(STARTED_NOTHING))) {
      return failed(NO_BOOT_DEVICE, last + " and nothing after it", SILENCE);
    }
    return Optional.empty();
  }

  /** The lines among the last that say why, at most three. */
  static List<String> reasons(String text) {
    List<String> reasons =
        lastLines(text).stream().filter(line -> REASON.matcher(line).find()).distinct().toList();
    return reasons.subList(Math.max(0, reasons.size() - MOST_REASONS), reasons.size());
  }

  private static Optional<BootFinding> failed(BootFailure failure, String line, Duration settle) {
    return Optional.of(new BootFinding(Optional.of(failure), line, settle));
  }

  private static Optional<String> lastMatching(List<String> lines, Pattern pattern) {
    for (int i = lines.size() - 1; i >= 0 && i >= lines.size() - PROMPT_LINES; i--) {
      if (pattern.matcher(lines.get(i)).matches()) {
        return Optional.of(lines.get(i));
      }
    }
    return Optional.empty();
  }

  private static List<String> lastLines(String text) {
    List<String> lines =
        text.lines()
            .map(line -> line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE))
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
  }

  private static Prompt prompt(BootFailure failure, String regex) {
    return new Prompt(failure, Pattern.compile(regex));
  }
}
