package io.hyper2kvm.guest.network;

import static io.hyper2kvm.guest.network.NetworkFixPropertiesTest.PATHS;

import io.hyper2kvm.guest.network.survey.CardNaming;
import io.hyper2kvm.guest.network.survey.GuestTraits;
import io.hyper2kvm.guest.network.survey.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No text of a guest's files makes the network fix take more than linear time. */
class NetworkFixLargeTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "x",
        "[",
        "{",
        "=",
        "\"",
        "a: ",
        "- ",
        "eth0 ",
        "iface a b c\n",
        "DEVICE=eth0\n",
        "HWADDR=00:50:56:00:00:01\n",
        "driver:e1000;",
        "[Match]\nMACAddress=00:50:56:00:00:01\n",
        "SUBSYSTEM==\"net\", ATTR{address}==\"00:50:56:00:00:01\", NAME=\"eth0\"\n",
        "\\\n",
        "ATTR{address}==",
        "unmanaged-devices=driver:e1000,",
        "Name=* "
      })
  void aMebibyteOfGarbageInEveryFileIsFast(String unit) {
    Map<String, String> files = new TreeMap<>();
    String text = unit.repeat((1 << 20) / unit.length());
    PATHS.forEach(path -> files.put(path, text));

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(120),
        () -> new NetworkFix().plan(files, Level.FULL, new GuestTraits(CardNaming.LINKS, true, 0)));
  }

  @Test
  void aMebibyteOfRandomBytesIsFast() {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder(1 << 20);
    while (text.length() < 1 << 20) {
      text.append((char) (random.nextInt(10) == 0 ? '\n' : 32 + random.nextInt(96)));
    }
    Map<String, String> files = new TreeMap<>();
    PATHS.forEach(path -> files.put(path, text.toString()));

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(120),
        () -> new NetworkFix().plan(files, Level.FULL, new GuestTraits(CardNaming.LINKS, true, 0)));
  }
}
