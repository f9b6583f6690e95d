package io.yunpipe;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.Architectures;
import java.util.Set;
import java.util.stream.Stream;

/** The package order of docs/architecture.md. */
@AnalyzeClasses(packages = "io.yunpipe", importOptions = ArchitectureTest.MainOnly.class)
class ArchitectureTest {
  /** Tests lie in folders of other names than ArchUnit's own option knows, such as target/quick. */
  static final class MainOnly implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-");
    }
  }

  @ArchTest
  static final ArchRule packages_useOnlyThoseAboveThem =
      Architectures.layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("front door")
          .definedBy("io.yunpipe")
          .layer("spi")
          .definedBy("io.yunpipe.spi..")
          .layer("config")
          .definedBy("io.yunpipe.config..")
          .layer("internal")
          .definedBy("io.yunpipe.internal..")
          .whereLayer("internal")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("config")
          .mayOnlyBeAccessedByLayers("internal")
          .whereLayer("spi")
          .mayOnlyBeAccessedByLayers("config", "internal")
          .because("data flows one way, and whoever reads a package need not read those below it");

  @ArchTest
  static final ArchRule everyClass_liesInAPackageOfTheOrder =
      classes()
          .should()
          .resideInAnyPackage(
              "io.yunpipe", "io.yunpipe.spi", "io.yunpipe.config", "io.yunpipe.internal..");

  @ArchTest
  static final ArchRule packages_formNoCycle =
      slices().matching("io.yunpipe.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule hocon_isReadInConfigOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.yunpipe.config")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.typesafe..");

  @ArchTest
  static final ArchRule frontDoorAndSpi_useTheJdkOnly =
      noClasses()
          .that()
          .resideInAnyPackage("io.yunpipe", "io.yunpipe.spi")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages("java..", "io.yunpipe..", "org.jspecify.annotations..");

  @ArchTest
  static final ArchRule aws_isUnknownHere =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("software.amazon..", "com.amazonaws..");

  @ArchTest
  static final ArchRule publicSignatures_haveJdkAndYunpipeTypesOnly =
      classes()
          .that()
          .resideOutsideOfPackage("io.yunpipe.internal..")
          .and()
          .arePublic()
          .should(haveOwnSignatures());

  private static ArchCondition<JavaClass> haveOwnSignatures() {
    return new ArchCondition<>("have JDK and yunpipe types only in public signatures") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaCodeUnit unit : type.getCodeUnits()) {
          if (open(unit.getModifiers())) {
            Stream<JavaType> types =
                Stream.of(
                        Stream.of(unit.getReturnType()),
                        unit.getParameterTypes().stream(),
                        unit.getExceptionTypes().stream())
                    .flatMap(part -> part);
            types.forEach(used -> report(type, unit.getFullName(), used, events));
          }
        }
        for (JavaField field : type.getFields()) {
          if (open(field.getModifiers())) {
            report(type, field.getFullName(), field.getType(), events);
          }
        }
        type.getSuperclass().ifPresent(above -> report(type, type.getName(), above, events));
        type.getInterfaces().forEach(above -> report(type, type.getName(), above, events));
      }
    };
  }

  private static boolean open(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  private static void report(JavaClass type, String where, JavaType used, ConditionEvents events) {
    for (JavaClass raw : used.getAllInvolvedRawTypes()) {
      JavaClass base = raw.getBaseComponentType();
      String name = base.getPackageName();
      boolean own =
          base.isPrimitive()
              || name.startsWith("java.")
              || (name.startsWith("io.yunpipe") && !name.startsWith("io.yunpipe.internal"));
      if (!own) {
        events.add(SimpleConditionEvent.violated(type, where + " shows " + raw.getName()));
      }
    }
  }
}
