package io.hyper2kvm.daemon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebGateTest {

  private static final String TOKEN = "0123456789abcdefghij";

  @TempDir Path folder;

  private static final List<Operation> OPERATIONS =
      List.of(
          new Operation("GET", "/api/v1/things/{id}", Operation.Kind.READ, WebGateTest::nothing),
          new Operation("POST", "/api/v1/things", Operation.Kind.CHANGE, WebGateTest::nothing),
          new Operation("POST", "/api/v1/drain", Operation.Kind.CHANGE, WebGateTest::nothing),
          new Operation("DELETE", "/api/v1/drain", Operation.Kind.CHANGE, WebGateTest::nothing));

  private static WebAnswer nothing(WebRequest request) {
    return WebAnswer.json(Map.of());
  }

  private WebGate gate(boolean withToken) throws Exception {
    Path file = folder.resolve("token");
    Files.writeString(file, TOKEN + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return new WebGate(
        new HostNames("192.0.2.7", List.of("KVM.example.org")),
        withToken ? Optional.of(WebToken.read(file)) : Optional.empty(),
        OPERATIONS,
        WebGateTest::nothing);
  }

  private static WebGate.Head head(String method, String path, Map<String, String> headers) {
    Map<String, String> all = new HashMap<>(Map.of("host", "localhost:8480"));
    all.putAll(headers);
    return new WebGate.Head(method, path, null, all, "198.51.100.3");
  }

  private int refusal(WebGate gate, WebGate.Head head) {
    WebProblem problem = catchThrowableOfType(WebProblem.class, () -> gate.decide(head));
    return problem == null ? 200 : problem.status();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8480",
        "LOCALHOST:9000",
        "127.0.0.1",
        "[::1]:8480",
        "192.0.2.7:8480",
        "198.51.100.3",
        "kvm.example.org",
        "Kvm.Example.Org:443"
      })
  void ownNamesAreAnswered(String host) throws Exception {
    assertThat(refusal(gate(false), head("GET", "/", Map.of("host", host)))).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "evil.example",
        "localhost.evil.example",
        "evil.example:8480",
        "127.0.0.1.evil.example",
        "127.0.0.2",
        "[::2]",
        "localhost:8480:1",
        "localhost@evil.example",
        "localhost/",
        "198.51.100.4",
        "kvm.example.org.",
        "localhost, evil.example"
      })
  void otherNamesAreMisdirected(String host) throws Exception {
    assertThat(refusal(gate(false), head("GET", "/", Map.of("host", host)))).isEqualTo(421);
  }

  @Test
  void requestWithoutHostIsMisdirected() throws Exception {
    WebGate.Head head = new WebGate.Head("GET", "/", null, Map.of(), "127.0.0.1");
    assertThat(refusal(gate(false), head)).isEqualTo(421);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/things/x, 200",
    "HEAD, /api/v1/things/x, 200",
    "GET, /api/v1/things/a%2Fb, 200",
    "GET, /api/v1/things, 405",
    "PUT, /api/v1/things/x, 405",
    "POST, /, 405",
    "GET, /api/v1/others, 404",
    "GET, /api/v2/things/x, 404",
    "GET, /api, 404",
    "OPTIONS, /api/v1/things/x, 405",
    "TRACE, /, 405",
    "GET, /%zz, 400",
    "GET, http://localhost/, 400"
  })
  void pathAndMethodDecide(String method, String path, int status) throws Exception {
    assertThat(refusal(gate(false), head(method, path, Map.of()))).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"POST, /api/v1/things", "POST, /api/v1/drain", "DELETE, /api/v1/drain"})
  void withoutTokenFileNothingChanges(String method, String path) throws Exception {
    assertThat(refusal(gate(false), head(method, path, Map.of("authorization", "Bearer " + TOKEN))))
        .isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer 0123456789abcdefghi",
        "Bearer 0123456789abcdefghijk",
        "Bearer 0123456789ABCDEFGHIJ",
        "Basic 0123456789abcdefghij",
        "0123456789abcdefghij"
      })
  void wrongTokenIsUnauthorized(String header) throws Exception {
    assertThat(refusal(gate(true), head("POST", "/api/v1/drain", Map.of("authorization", header))))
        .isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer 0123456789abcdefghij", "bearer  0123456789abcdefghij "})
  void rightTokenMayChange(String header) throws Exception {
    assertThat(refusal(gate(true), head("POST", "/api/v1/drain", Map.of("authorization", header))))
        .isEqualTo(200);
  }

  @Test
  void partsOfThePathAreDecoded() throws Exception {
    assertThat(
            gate(false)
                .decide(head("GET", "/api/v1/things/a+b%20c", Map.of()))
                .request()
                .parameter("id"))
        .isEqualTo("a+b c");
  }

  @Test
  void entityTagsAreRead() throws Exception {
    assertThat(
            gate(false)
                .decide(head("GET", "/", Map.of("if-none-match", "W/\"a\", \"b\"")))
                .request()
                .ifNoneMatch())
        .containsExactly("\"a\"", "\"b\"");
  }
}
