package io.hyper2kvm.guestfish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestfishTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GUESTFISH_PID=",
        "GUESTFISH_PID=12",
        "GUESTFISH_PID=abc; export GUESTFISH_PID",
        "GUESTFISH_PID=12345678901; export GUESTFISH_PID",
        "guestfish: error"
      })
  void anAnswerWithoutAProcessIsRefused(String answer) {
    assertThatThrownBy(() -> Guestfish.parsePid(answer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("guestfish --listen did not name its process");
  }

  @Test
  void theListenerIsNamed() {
    assertThat(Guestfish.parsePid("GUESTFISH_PID=4513; export GUESTFISH_PID\n")).isEqualTo(4513);
  }

  @Test
  void argumentLists() {
    assertThat(Guestfish.listen()).containsExactly("--listen");
    assertThat(Guestfish.remote(4513)).containsExactly("--remote=4513");
  }
}
