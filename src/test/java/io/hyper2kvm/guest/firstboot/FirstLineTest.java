package io.hyper2kvm.guest.firstboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first line of a script, as a kernel reads it. */
class FirstLineTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "#!/bin/sh | /bin/sh | ''",
        "#! /bin/sh -e | /bin/sh | -e",
        "#!\t/usr/bin/perl\t-w | /usr/bin/perl | -w",
        "#!/bin/bash -e -x | /bin/bash | -e -x",
        "#!/opt/site/bin/run | /opt/site/bin/run | ''",
      })
  void theInterpreterIsTheFirstWordAndTheRestIsOneArgument(
      String line, String interpreter, String argument) {
    assertThat(FirstLine.of(line + "\necho\n")).isEqualTo(new FirstLine(interpreter, argument));
    assertThat(FirstLine.of(line)).isEqualTo(new FirstLine(interpreter, argument));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "#!/bin/sh | /bin/sh",
        "#!/usr/bin/env bash | /usr/bin/env, bash",
        "#!/usr/bin/env /opt/x/python3 | /usr/bin/env, /opt/x/python3",
        "#!/usr/bin/env -S python3 -u | /usr/bin/env, python3",
        "#!/usr/bin/env -SA=1 B=2 perl | /usr/bin/env, perl",
        "#!/usr/bin/env --split-string=perl -w | /usr/bin/env, perl",
        "#!/usr/bin/env -i | /usr/bin/env",
        "#!/usr/bin/env -S -i perl | /usr/bin/env",
        "#!/usr/bin/env $(x) | '!'",
      })
  void whatEnvRunsMustBeThereToo(String line, String names) {
    if (names.equals("!")) {
      assertThatThrownBy(() -> FirstLine.of("#!/usr/bin/env a b\n")).hasMessageContaining("env -S");
      assertThat(FirstLine.of(line).needs()).hasSize(1);
      return;
    }
    assertThat(FirstLine.of(line).needs())
        .extracting(FirstLine.Need::name)
        .containsExactly(names.split(", "));
  }

  @Test
  void aProgramOfEnvMayBeAnywhereOnTheSearchPath() {
    assertThat(FirstLine.of("#!/usr/bin/env bash\n").needs().get(1).places())
        .containsExactly(
            "/usr/local/sbin/bash",
            "/usr/local/bin/bash",
            "/usr/sbin/bash",
            "/usr/bin/bash",
            "/sbin/bash",
            "/bin/bash");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | it is empty",
        "'echo hi' | does not begin with #!",
        "' #!/bin/sh' | does not begin with #!",
        "'# !/bin/sh' | does not begin with #!",
        "'#!' | names no program by its whole path",
        "'#!   ' | names no program by its whole path",
        "'#!sh' | names no program by its whole path",
        "'#!bin/sh' | names no program by its whole path",
        "'#!/bin/' | names no program by its whole path",
        "'#!/usr/bin/env' | names env, and no program",
        "'#!/usr/bin/env bash -e' | write env -S",
      })
  void whatAKernelWouldNotRunIsRefused(String text, String reason) {
    assertThatThrownBy(() -> FirstLine.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"#!/bin/sh\r\necho\r\n", "#!/bin/sh\r", "#!/bin/sh\recho\n", "#!/bin/sh -e\r\n"})
  void aLineThatEndsWithCrLfIsRefused(String text) {
    assertThatThrownBy(() -> FirstLine.of(text)).hasMessageContaining("ends with CR LF");
  }

  @Test
  void crLfBehindTheFirstLineIsTheScriptsOwnMatter() {
    assertThat(FirstLine.of("#!/bin/sh\nprintf 'a\r\n'\n").interpreter()).isEqualTo("/bin/sh");
  }

  @Test
  void otherFilesAreNamedAsWhatTheyAre() {
    assertThatThrownBy(() -> FirstLine.of("\u00ef\u00bb\u00bf#!/bin/sh\n"))
        .hasMessageContaining("byte order mark");
    assertThatThrownBy(() -> FirstLine.of("\177ELF\2\1")).hasMessageContaining("a program");
    assertThatThrownBy(() -> FirstLine.of("#!/bin/sh\n\0")).hasMessageContaining("NUL");
    assertThatThrownBy(() -> FirstLine.of("#!/bin/\u0001sh\n"))
        .hasMessageContaining("control character");
  }

  @Test
  void aLineThatOldKernelsWouldCutOffIsRefused() {
    String fits = "#!/" + "x".repeat(124);

    assertThat(FirstLine.of(fits + "\n").interpreter()).hasSize(125);
    assertThatThrownBy(() -> FirstLine.of(fits + "x\n")).hasMessageContaining("128 bytes");
  }
}
