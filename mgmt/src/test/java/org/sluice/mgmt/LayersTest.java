package org.sluice.mgmt;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrows between rooms go up only: fastpath and helpers know no other room, slowpath those two, mgmt all. */
class LayersTest {
    private static final String FASTPATH = "org.sluice.fastpath..";
    private static final String HELPERS = "org.sluice.helpers..";
    private static final String SPI = "org.sluice.helpers.spi..";
    private static final String SLOWPATH = "org.sluice.slowpath..";
    private static final String MGMT = "org.sluice.mgmt..";
    private static JavaClasses house;

    @BeforeAll
    static void readTheWholeHouse() {
        house = new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("org.sluice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.sluice.fastpath.worker.Worker", "org.sluice.fastpath.port.AfPacketPort",
            "org.sluice.helpers.spi.Helper", "org.sluice.helpers.ftp.FtpHelper", "org.sluice.helpers.irc.IrcHelper",
            "org.sluice.slowpath.conductor.Conductor", "org.sluice.slowpath.nat.Nat", "org.sluice.mgmt.Sluice",
            "org.sluice.mgmt.lab.LabCommand"})
    void shouldLookAtEveryRoom(String inhabitant) {
        assertThat(house.contain(inhabitant)).as(inhabitant).isTrue();
    }

    @Test
    void shouldNotMistakeTestsForTheHouse() {
        assertThat(house.contain(LayersTest.class)).isFalse();
    }

    @Test
    void shouldHaveNoRoomThatTheseRulesDoNotName() {
        Set<String> rooms = house.stream().map(c -> c.getPackageName().split("\\.")[2])
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(rooms).containsExactly("fastpath", "helpers", "mgmt", "slowpath");
    }

    @Test
    void shouldKeepTheFastPathToItself() {
        noClasses().that().resideInAPackage(FASTPATH).should().dependOnClassesThat()
                .resideInAnyPackage(HELPERS, SLOWPATH, MGMT).check(house);
    }

    @Test
    void shouldKeepHelpersToThemselves() {
        noClasses().that().resideInAPackage(HELPERS).should().dependOnClassesThat()
                .resideInAnyPackage(FASTPATH, SLOWPATH, MGMT).check(house);
    }

    @Test
    void shouldLetHelpersUseNothingButTheJdkAndAgrona() {
        noClasses().that().resideInAPackage(HELPERS).should().dependOnClassesThat()
                .resideOutsideOfPackages(HELPERS, "java..", "org.agrona..").check(house);
    }

    @Test
    void shouldLetTheSlowPathSeeHelpersOnlyThroughTheirInterface() {
        noClasses().that().resideInAPackage(SLOWPATH).should()
                .dependOnClassesThat(resideInAPackage(HELPERS).and(resideInAnyPackage(SPI).negate())).check(house);
    }

    @Test
    void shouldKeepTheHelperInterfaceFreeOfHelpers() {
        noClasses().that().resideInAPackage(SPI).should()
                .dependOnClassesThat(resideInAPackage(HELPERS).and(resideInAnyPackage(SPI).negate())).check(house);
    }

    @Test
    void shouldKeepManagementOutOfTheSlowPath() {
        noClasses().that().resideInAPackage(SLOWPATH).should().dependOnClassesThat().resideInAPackage(MGMT)
                .check(house);
    }

    @ParameterizedTest
    @ValueSource(strings = {"picocli..", "io.netty.handler..", "io.micrometer..", "io.prometheus..", "tools.jackson..",
            "com.fasterxml.jackson..", "org.snakeyaml..", "ch.qos.logback.."})
    void shouldUseTheLibrariesOfManagementInManagementOnly(String library) {
        noClasses().that().resideOutsideOfPackage(MGMT).should().dependOnClassesThat().resideInAPackage(library)
                .check(house);
    }

    @Test
    void shouldUseNettyBelowManagementInPortsOnly() {
        noClasses().that().resideOutsideOfPackages(MGMT, "org.sluice.fastpath.port..").should().dependOnClassesThat()
                .resideInAPackage("io.netty..").check(house);
    }

    @Test
    void shouldCallTheKernelFromOnePackageOnly() {
        noClasses().that().resideOutsideOfPackage("org.sluice.fastpath.linux..").should().dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..").check(house);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fastpath", "helpers", "slowpath", "mgmt"})
    void shouldHaveNoCyclesBetweenPackages(String room) {
        slices().matching("org.sluice." + room + ".(*)..").should().beFreeOfCycles().check(house);
    }

    @Test
    void shouldNotice() {
        // the same kinds of rule, on arrows that do exist: were nothing imported, these would be kept too
        for (ArchRule broken : List.of(
                noClasses().that().resideInAPackage(MGMT).should().dependOnClassesThat().resideInAPackage(SLOWPATH),
                noClasses().that().resideInAPackage(SLOWPATH).should().dependOnClassesThat().resideInAPackage(FASTPATH),
                noClasses().that().resideInAPackage(SLOWPATH).should().dependOnClassesThat(resideInAPackage(SPI)),
                noClasses().that().resideInAPackage("org.sluice.mgmt.cli..").should().dependOnClassesThat()
                        .resideInAPackage("picocli.."))) {
            assertThatThrownBy(() -> broken.check(house)).isInstanceOf(AssertionError.class)
                    .hasMessageContaining("was violated");
        }
    }
}
