package io.hyper2kvm.manifest.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.regex.RegularExpression;
import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.NodeJson;
import io.hyper2kvm.manifest.parse.Problems;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Checks a tree against the published schema. The schema's conditions (what a batch must have and a
 * single VM must not) are left to {@link PresenceRule}, which can name the way out.
 */
public final class SchemaCheck {

  private final ManifestSchema manifestSchema;
  private final JsonSchema validator;
  private final UnknownKeyWords unknownKeys;

  public SchemaCheck(ManifestSchema manifestSchema, UnknownKeyWords unknownKeys) {
    this.manifestSchema = manifestSchema;
    this.unknownKeys = unknownKeys;
    SchemaValidatorsConfig config =
        SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .locale(Locale.ROOT)
            .regularExpressionFactory(SchemaCheck::expression)
            .build();
    validator =
        JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(manifestSchema.root(), config);
    validator.initializeValidators();
  }

  /** A schema's $ is the end of the text; Java's would allow one line break more. */
  private static RegularExpression expression(String regex) {
    Pattern pattern =
        Pattern.compile(
            regex.endsWith("$") ? regex.substring(0, regex.length() - 1) + "\\z" : regex);
    return text -> pattern.matcher(text).find();
  }

  public void check(Node root, Problems problems) {
    for (ValidationMessage message : validator.validate(NodeJson.of(root))) {
      if (isConditional(message)) {
        continue;
      }
      if (problems.isFull()) {
        problems.countOne(); // without the cost of its words
      } else {
        report(message, find(root, message.getInstanceLocation()), problems);
      }
    }
  }

  private void report(ValidationMessage message, Node node, Problems problems) {
    JsonNode part = partOf(message);
    switch (message.getType()) {
      case "additionalProperties" ->
          unknownKeys.report(node, message.getProperty(), ManifestSchema.keysOf(part), problems);
      case "required" -> unknownKeys.reportMissing(node, message.getProperty(), problems);
      default -> ValueWords.report(message.getType(), part, node, problems);
    }
  }

  /** The part of the schema whose keyword the message is about. */
  private JsonNode partOf(ValidationMessage message) {
    JsonNodePath keyword = message.getSchemaLocation().getFragment();
    JsonNode part = manifestSchema.root();
    for (int i = 0; i < keyword.getNameCount() - 1; i++) {
      part = part.path(keyword.getName(i));
    }
    return part;
  }

  private static boolean isConditional(ValidationMessage message) {
    JsonNodePath path = message.getEvaluationPath();
    return path.getNameCount() > 0
        && (path.getName(0).equals("then") || path.getName(0).equals("else"));
  }

  private static Node find(Node root, JsonNodePath location) {
    Node node = root;
    for (int i = 0; i < location.getNameCount(); i++) {
      node =
          location.getElement(i) instanceof Integer index
              ? node.items().get(index)
              : node.fields().get(location.getName(i));
    }
    return node;
  }
}
