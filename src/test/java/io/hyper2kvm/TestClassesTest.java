package io.hyper2kvm;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.hyper2kvm.daemon.InstalledExamples;
import io.hyper2kvm.daemon.RunningDaemon;
import io.hyper2kvm.daemon.boot.OneShot;
import net.jqwik.api.Example;
import net.jqwik.api.Property;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;

/** Every test is found by Maven, and bears the tag by which it can be left out. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TestClassesTest {

  private final JavaClasses tests =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
          .importPackages("io.hyper2kvm");

  @Test
  void classOfTestsIsNamedSoThatMavenRunsIt() {
    methods()
        .that()
        .areAnnotatedWith(Test.class)
        .or()
        .areAnnotatedWith(ParameterizedTest.class)
        .or()
        .areAnnotatedWith(RepeatedTest.class)
        .or()
        .areAnnotatedWith(TestFactory.class)
        .or()
        .areAnnotatedWith(Property.class)
        .or()
        .areAnnotatedWith(Example.class)
        .should()
        .beDeclaredInClassesThat()
        .haveNameMatching(".*(Test|IT)(\\$.*)?")
        .check(tests);
  }

  @Test
  void classThatStartsADaemonIsTagged() {
    classes()
        .that(callAnyOf(RunningDaemon.class, "start"))
        .or(callAnyOf(InstalledExamples.class, "start"))
        .or(callAnyOf(OneShot.class, "run"))
        .and(areNot(RunningDaemon.class))
        .and(areNot(InstalledExamples.class))
        .should()
        .beAnnotatedWith(tagged(Tag.class, "daemon"))
        .check(tests);
  }

  @Test
  void classOfPropertiesIsTagged() {
    methods()
        .that()
        .areAnnotatedWith(Property.class)
        .should()
        .beDeclaredInClassesThat()
        .areAnnotatedWith(tagged(net.jqwik.api.Tag.class, "property"))
        .check(tests);
  }

  private static DescribedPredicate<JavaClass> callAnyOf(Class<?> type, String method) {
    return DescribedPredicate.describe(
        "call %s.%s".formatted(type.getSimpleName(), method),
        caller ->
            caller.getMethodCallsFromSelf().stream()
                .anyMatch(target(owner(assignableTo(type))).and(target(name(method)))));
  }

  private static DescribedPredicate<JavaClass> areNot(Class<?> type) {
    return DescribedPredicate.describe(
        "are not " + type.getSimpleName(), candidate -> !candidate.isEquivalentTo(type));
  }

  private static DescribedPredicate<JavaAnnotation<?>> tagged(Class<?> annotation, String tag) {
    return DescribedPredicate.describe(
        "@Tag(\"%s\")".formatted(tag),
        candidate ->
            candidate.getRawType().isEquivalentTo(annotation)
                && candidate.get("value").filter(tag::equals).isPresent());
  }
}
