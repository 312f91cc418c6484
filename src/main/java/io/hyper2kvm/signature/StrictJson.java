package io.hyper2kvm.signature;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** JSON as somebody may have written it to be read in two ways: that is refused. */
final class StrictJson {

  private static final int DEEPEST = 100;
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /**
   * Reads an object.
   *
   * @throws MalformedException when it is none, is no UTF-8, has a key twice or is too deep
   */
  static JsonNode object(byte[] content) throws MalformedException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      JsonNode json = JSON.readTree(text);
      if (!json.isObject()) {
        throw new MalformedException("it is no JSON object");
      }
      return json;
    } catch (CharacterCodingException e) {
      throw new MalformedException("it is no UTF-8");
    } catch (MalformedException e) {
      throw e;
    } catch (IOException e) {
      throw new MalformedException("it is no JSON: " + reason(e));
    }
  }

  /** Without the beginning of the source, which Jackson would quote. */
  private static String reason(IOException e) {
    return e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.toString();
  }

  static byte[] bytes(Object json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("this is no JSON", e);
    }
  }

  static JsonNode tree(Object json) {
    return JSON.valueToTree(json);
  }
}
