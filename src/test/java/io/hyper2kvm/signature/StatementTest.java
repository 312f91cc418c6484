package io.hyper2kvm.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In-toto statements as they are written, and as they may not be. */
class StatementTest {

  private static final String HASH = "0123456789abcdef".repeat(4);

  private static Envelope envelope(String type, String payload) {
    return new Envelope(
        type,
        payload.getBytes(UTF_8),
        List.of(new Envelope.Signature(Optional.empty(), new byte[1])));
  }

  private static Statement parse(String payload) throws MalformedException {
    return Statement.in(envelope(Envelope.IN_TOTO, payload));
  }

  private static String statement(String subjects) {
    return "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[%s],\"predicateType\":\"t\",\"predicate\":{}}"
        .formatted(subjects);
  }

  private static String named(String name) {
    return statement("{\"name\":\"%s\",\"digest\":{\"sha256\":\"%s\"}}".formatted(name, HASH));
  }

  @Test
  void itIsReadAsItWasWritten() throws IOException {
    Statement written =
        Statement.of(
            List.of(
                Subject.of("web.qcow2", new byte[3]), new Subject("ü 1", HASH, Optional.empty())),
            "urn:x",
            Map.of("a", List.of(1, "b")));

    assertThat(parse(new String(written.json(), UTF_8))).isEqualTo(written);
  }

  @Test
  void anotherPayloadIsNone() {
    assertThatThrownBy(() -> Statement.in(envelope("application/json", named("a"))))
        .hasMessage("its payload is no in-toto statement");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../web.qcow2",
        "/etc/shadow",
        "a/b",
        "a/",
        "./a",
        "a\\u0000b",
        "\\ufffd"
      })
  void aSubjectNamesAFileBesideItAndNothingElse(String name) {
    assertThatThrownBy(() -> parse(named(name)))
        .hasMessage("a subject's name is not that of a file beside it");
  }

  @Test
  void aVeryLongNameIsNone() {
    assertThatThrownBy(() -> parse(named("a".repeat(256)))).isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"web.qcow2", "a b", "..a", "-x", "ü", "a\\\\b", "$(id)", "*"})
  void anyNameOfAFileIsOne(String name) throws IOException {
    assertThat(parse(named(name)).subjects()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "{\"name\":\"a\"}",
        "{\"name\":\"a\",\"digest\":{}}",
        "{\"name\":\"a\",\"digest\":{\"sha256\":7}}",
        "{\"name\":\"a\",\"digest\":{\"sha256\":\"abc\"}}",
        "{\"name\":\"a\",\"digest\":{\"sha512\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}}",
        "{\"name\":\"a\",\"digest\":{\"sha256\":\"0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef\"}}",
        "{\"digest\":{\"sha256\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}}",
        "{\"name\":\"a\",\"digest\":{\"sha256\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"},\"annotations\":{\"size_bytes\":\"1\"}}",
        "{\"name\":\"a\",\"digest\":{\"sha256\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"},\"annotations\":{\"size_bytes\":1e99}}"
      })
  void aSubjectWithoutWhatItNeedsIsNone(String subject) {
    assertThatThrownBy(() -> parse(statement(subject))).isInstanceOf(MalformedException.class);
  }

  @Test
  void aNameTwiceIsRefused() {
    String one = "{\"name\":\"a\",\"digest\":{\"sha256\":\"%s\"}}".formatted(HASH);

    assertThatThrownBy(() -> parse(statement(one + "," + one)))
        .hasMessage("its statement names a file twice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"_type\":\"https://in-toto.io/Statement/v0.1\"}",
        "{\"_type\":7}",
        "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":{}}"
      })
  void whatIsNoStatementIsRefused(String payload) {
    assertThatThrownBy(() -> parse(payload)).isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"predicateType\":7", "\"predicateTyp\":\"t\"", "\"predicateType\":null"})
  void withoutAPredicateItIsNone(String instead) {
    String json = named("a").replace("\"predicateType\":\"t\"", instead);

    assertThatThrownBy(() -> parse(json)).hasMessage("its statement has no predicate");
  }
}
