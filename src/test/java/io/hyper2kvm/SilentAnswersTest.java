package io.hyper2kvm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SilentAnswersTest {

  private static int silent(String report) throws JsonProcessingException {
    return SilentAnswers.in(new ObjectMapper().readTree(report.replace('\'', '"'))).size();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'status': 'completed', 'warnings': [], 'stages': {'validate': {'checks': [{'name': 'guest_fstab', 'status': 'warning'}]}}}",
        "{'status': 'completed', 'warnings': ['guest_boot_entries: x'], 'plan': {'checks': [{'name': 'guest_fstab', 'status': 'warning'}]}}",
        "{'status': 'completed', 'warnings': ['guest_fstab: x'], 'plan': {'checks': [{'name': 'guest_fstab', 'status': 'failed'}]}}",
        "{'status': 'failed', 'vms': [{'status': 'completed', 'plan': {'checks': [{'name': 'content', 'status': 'warning'}]}}]}",
        "{'status': 'completed', 'stages': {'fix': {'fixes_applied': [{'fix': 'grub', 'status': 'failed'}]}}}",
      })
  void whatIsNotToldIsFound(String report) throws JsonProcessingException {
    assertThat(silent(report)).isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'status': 'completed', 'warnings': ['guest_fstab: x'], 'plan': {'checks': [{'name': 'guest_fstab', 'status': 'warning'}]}}",
        "{'status': 'failed', 'stages': {'validate': {'checks': [{'name': 'guest_fstab', 'status': 'failed'}]}}}",
        "{'status': 'completed', 'plan': {'checks': [{'name': 'guest_fstab', 'status': 'passed'}]}}",
      })
  void whatIsToldIsNot(String report) throws JsonProcessingException {
    assertThat(silent(report)).isZero();
  }
}
