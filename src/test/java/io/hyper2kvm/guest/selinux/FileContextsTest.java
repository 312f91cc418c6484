package io.hyper2kvm.guest.selinux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileContextsTest {

  private static final String FOLDER = "/etc/selinux/targeted/contexts/files/";

  /** In the shape of a real policy's: from general to special. */
  private static final String POLICY =
      """
      /.*	system_u:object_r:default_t:s0
      /[^/]+	--	system_u:object_r:etc_runtime_t:s0
      /etc/.*	system_u:object_r:etc_t:s0
      /boot/.*	system_u:object_r:boot_t:s0
      /home/.*	<<none>>
      /usr/.*	system_u:object_r:usr_t:s0
      /usr/(.*/)?lib(/.*)?	system_u:object_r:lib_t:s0
      /usr/(.*/)?lib/.*\\.so(\\.[^/]*)*	--	system_u:object_r:shlib_t:s0
      /etc/sysconfig/network-scripts(/.*)?	system_u:object_r:net_conf_t:s0
      /etc/sysconfig/network-scripts/ifup.*	--	system_u:object_r:bin_t:s0
      /etc/NetworkManager(/.*)?	system_u:object_r:NetworkManager_etc_t:s0
      /etc/NetworkManager/NetworkManager\\.conf	--	system_u:object_r:net_conf_t:s0
      /etc/udev/rules\\.d(/.*)?	system_u:object_r:udev_rules_t:s0
      /var/(db|adm)(/.*)?	system_u:object_r:system_db_t:s0
      /dev/[shmxv]d[^/]*	-b	system_u:object_r:fixed_disk_device_t:s0
      /boot/grub2?/grub\\.cfg	--	system_u:object_r:boot_t:s0
      # a comment
      /etc	-d	system_u:object_r:etc_t:s0
      /etc/fstab\\.REVOKE	--	system_u:object_r:etc_runtime_t:s0
      /	-d	system_u:object_r:root_t:s0
      /tmp	-d	system_u:object_r:tmp_t:s0
      """;

  private static FileContexts contexts(String policy, String... more) {
    Map<String, String> texts = new HashMap<>();
    texts.put(FOLDER + "file_contexts", policy);
    for (int i = 0; i < more.length; i += 2) {
      texts.put(FOLDER + more[i], more[i + 1]);
    }
    return FileContexts.of("targeted", texts);
  }

  private static String type(PolicyLabel label) {
    return label.label().map(SecurityContext::type).orElse("none");
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/fstab, FILE, etc_t",
    "/etc, DIRECTORY, etc_t",
    "/, DIRECTORY, root_t",
    "/.autorelabel, FILE, etc_runtime_t",
    "/data, DIRECTORY, default_t",
    "/boot/grub2/grub.cfg, FILE, boot_t",
    "/etc/sysconfig/network-scripts/ifcfg-ens192, FILE, net_conf_t",
    "/etc/sysconfig/network-scripts, DIRECTORY, net_conf_t",
    "/etc/sysconfig/network-scripts/ifup-eth, FILE, bin_t",
    "/etc/sysconfig/network-scripts/ifup-eth, LINK, net_conf_t",
    "/etc/sysconfig/network-scriptsx, FILE, etc_t",
    "/etc/udev/rules.d/70-persistent-net.rules, FILE, udev_rules_t",
    "/etc/udev/rulesxd/a, FILE, etc_t",
    "/etc/NetworkManager/NetworkManager.conf, FILE, net_conf_t",
    "/etc/NetworkManager/system-connections/a.nmconnection, FILE, NetworkManager_etc_t",
    "/etc/fstab.REVOKE, FILE, etc_runtime_t",
    "/usr/lib/libc.so.6, FILE, shlib_t",
    "/usr/local/lib/libc.so, FILE, shlib_t",
    "/usr/lib/libc.so.6, LINK, lib_t",
    "/usr/lib, DIRECTORY, lib_t",
    "/usr/share/a, FILE, usr_t",
    "/var/adm/x, FILE, system_db_t",
    "/dev/vda, BLOCK_DEVICE, fixed_disk_device_t",
    "/dev/vda, CHARACTER_DEVICE, default_t",
    "/home/a, DIRECTORY, none",
    "/tmp, DIRECTORY, tmp_t",
    "/etc/grüße, FILE, etc_t"
  })
  void theLastLineThatMatchesGivesTheLabel(String path, FileKind kind, String type) {
    PolicyLabel label = contexts(POLICY).lookup(path, kind);

    assertThat(label.known()).isTrue();
    assertThat(type(label)).isEqualTo(type);
  }

  @Test
  void aLabelNamesItsFileAndLine() {
    assertThat(contexts(POLICY).lookup("/etc/fstab", FileKind.FILE).reason())
        .isEqualTo(FOLDER + "file_contexts:3");
  }

  @Test
  void aLineForOnePathCountsBeforeALaterExpression() {
    FileContexts contexts = contexts("/etc/a\tu:r:exact_t\n/etc/.*\tu:r:etc_t\n");

    assertThat(type(contexts.lookup("/etc/a", FileKind.FILE))).isEqualTo("exact_t");
  }

  @Test
  void theAdministratorsLinesCountMost() {
    FileContexts contexts =
        contexts(
            "/data(/.*)?\tu:r:default_t\n/data/a\tu:r:one_t\n",
            "file_contexts.homedirs",
            "/data/h.*\tu:r:home_t\n",
            "file_contexts.local",
            "/data(/.*)?\tu:r:local_t\n/data/a\tu:r:two_t\n");

    assertThat(type(contexts.lookup("/data/hx", FileKind.FILE))).isEqualTo("local_t");
    assertThat(type(contexts.lookup("/data/a", FileKind.FILE))).isEqualTo("two_t");
  }

  @ParameterizedTest
  @CsvSource({
    "/usr/lib64/a.so, lib_t",
    "/usr/lib64, lib_t",
    "/usr/lib641, usr_t",
    "/srv/www/x, own_t",
    "/run/x, run_t",
    "/all/run/x, run_t"
  })
  void aPathMayStandForAnother(String path, String type) {
    FileContexts contexts =
        contexts(
            """
            /usr/.*	u:r:usr_t
            /usr/lib(/.*)?	u:r:lib_t
            /var/run/.*	u:r:run_t
            /var/www/.*	u:r:www_t
            /own/.*	u:r:own_t
            """,
            "file_contexts.subs_dist",
            "/run /var/run\n/usr/lib64 /usr/lib\n/srv/www /var/www\n# x\n\nbad\n",
            "file_contexts.subs",
            "/srv/www /own\n/all /\n");

    assertThat(type(contexts.lookup(path, FileKind.FILE))).isEqualTo(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/(?=f)fstab",
        "/etc/(f)stab\\1?",
        "/etc/f++stab",
        "/etc/[fstab",
        "/etc/(fstab",
        "/etc/f{1,2000}stab",
        "/etc/((f{1,500}){1,500}s?)?tab",
        "/etc/.*|/boot/.*",
        "/boot/x|.*fstab",
        "/etc/\\Qfstab\\E.?"
      })
  void anExpressionThatCannotBeDecidedLeavesTheLabelUnknown(String expression) {
    FileContexts contexts = contexts("/etc/.*\tu:r:etc_t\n" + expression + "\tu:r:x_t\n");

    PolicyLabel label = contexts.lookup("/etc/fstab", FileKind.FILE);

    assertThat(label.known()).isFalse();
    assertThat(label.label()).isEmpty();
    assertThat(label.reason()).contains(FOLDER + "file_contexts:2");
  }

  @Test
  void anUndecidedLineOfAnotherFolderDoesNoHarm() {
    FileContexts contexts = contexts("/etc/.*\tu:r:etc_t\n/boot/(?=f)x\tu:r:x_t\n");

    assertThat(type(contexts.lookup("/etc/fstab", FileKind.FILE))).isEqualTo("etc_t");
  }

  @Test
  void anUndecidedLineBeforeTheOneThatMatchesDoesNoHarm() {
    FileContexts contexts = contexts("/(?=f).*\tu:r:x_t\n/etc/.*\tu:r:etc_t\n");

    assertThat(type(contexts.lookup("/etc/fstab", FileKind.FILE))).isEqualTo("etc_t");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(a+)+b", "(.*.*.*.*.*.*)*x", "(a|a)*c", "([^/]*)*d", "(.?){100}e"})
  void anExpressionThatMakesBacktrackingExplodeIsMatchedInBoundedTime(String hostile) {
    FileContexts contexts = contexts("/etc/" + hostile + "\tu:r:x_t\n");
    String path = "/etc/" + "a".repeat(3000);

    assertThat(Duration.ofSeconds(20))
        .isGreaterThan(
            timed(() -> assertThat(type(contexts.lookup(path, FileKind.FILE))).isEqualTo("none")));
  }

  @Test
  void allLookUpsTogetherHaveABound() {
    String line = "/.*" + "([^/]*x?)".repeat(150) + "y\tu:r:x_t\n";
    FileContexts contexts = contexts(line.repeat(1000));

    PolicyLabel label = contexts.lookup("/etc/" + "a".repeat(2000), FileKind.FILE);

    assertThat(label.known()).isFalse();
  }

  @Test
  void aDeeplyNestedExpressionIsNotCompiled() {
    String deep = "(".repeat(1000) + "a" + ")".repeat(1000);
    FileContexts contexts = contexts("/etc/.*" + deep + "\tu:r:x_t\n");

    assertThat(contexts.lookup("/etc/a", FileKind.FILE).known()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/.*",
        "/etc/.* -x u:r:x_t",
        "/etc/.* --- u:r:x_t",
        "/etc/.* -d u:r:x_t",
        "# /etc/.* u:r:x_t",
        "\u0000\u0001",
        "  "
      })
  void aLineThatIsNoneSaysNothing(String line) {
    FileContexts contexts = contexts("/etc/.*\tu:r:etc_t\n" + line + "\n");

    assertThat(type(contexts.lookup("/etc/fstab", FileKind.FILE))).isEqualTo("etc_t");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-context", "u:r", "u:r:t;id:s0", "u:r:\u0007", "<<any>>", "a:b:"})
  void aLineWithoutALabelLeavesItUnknown(String context) {
    FileContexts contexts = contexts("/etc/.*\t" + context + "\n");

    assertThat(contexts.lookup("/etc/fstab", FileKind.FILE).known()).isFalse();
  }

  @Test
  void aPolicyThatIsNotThereLeavesAllUnknown() {
    assertThat(FileContexts.of("mls", Map.of()).lookup("/etc/fstab", FileKind.FILE).reason())
        .isEqualTo("/etc/selinux/mls/contexts/files/file_contexts is not there");
    assertThat(FileContexts.of("", Map.of()).lookup("/etc/fstab", FileKind.FILE).known()).isFalse();
  }

  @Test
  void aFileThatIsLargerThanIsReadLeavesAllUnknown() {
    FileContexts contexts = contexts("#".repeat(FileContexts.MAX_BYTES));

    assertThat(contexts.lookup("/etc/fstab", FileKind.FILE).reason()).contains("larger");
  }

  @Test
  void anEndlessPathIsNotLookedUp() {
    String path = "/etc/" + "a".repeat(10_000);

    assertThat(contexts(POLICY).lookup(path, FileKind.FILE).known()).isFalse();
  }

  private static Duration timed(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
