package org.sluice.mgmt.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.mgmt.lab.JavaCommand;
import org.sluice.mgmt.lab.TestData;
import org.sluice.mgmt.lab.Topology;

/** The dashboard in headless Chromium, while real traffic goes through the gateway. */
@DisabledIfSystemProperty(named = "sluice.middle", matches = "kernel", disabledReason = "the dashboard is Sluice's")
class DashboardIT extends GatewayScenario {
    private static final String BIG = "big.bin";
    private static final int BIG_SIZE = 40 << 20;
    private static final int WIDE = 1280;
    private static final int PHONE = 360;
    private static final int HIGH = 800;
    private static final double AWAIT_MILLIS = 30_000;
    private static final LocatorAssertions.ContainsTextOptions ANY_CASE = new LocatorAssertions.ContainsTextOptions()
            .setIgnoreCase(true);
    private final List<Process> traffic = new ArrayList<>();
    private Browser browser;
    private Page page;

    DashboardIT() {
        super(Plan.USUAL);
    }

    @Override
    void startServers() throws Exception {
        WebServer.start(rig(), rig().server(), Topology.SERVER_ADDRESS, BIG, TestData.bytes(BIG_SIZE, 1));
        FtpServerKind.VSFTPD.start(rig(), rig().server(), Topology.SERVER_ADDRESS,
                FtpFiles.in(rig().newDirectory("files")));
    }

    @BeforeAll
    void startBrowser() {
        PlaywrightAssertions.setDefaultAssertionTimeout(AWAIT_MILLIS);
        browser = new Browser();
    }

    @BeforeEach
    void open() {
        assertThat(sluice().command("flush", "flows").status()).isZero();
        page = browser.window(WIDE, HIGH, ColorScheme.LIGHT);
        page.navigate(sluice().url());
        assertThat(page.locator("#health")).hasText("forwarding");
    }

    /** Before each packet is accounted for: nothing may be on its way then. */
    @AfterEach
    void close() throws InterruptedException {
        page.context().close();
        for (Process process : traffic) {
            process.destroy();
            process.waitFor();
        }
        traffic.clear();
        browser.takeAsked();
        browser.takeComplaints();
    }

    @AfterAll
    void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    private SluiceMiddle sluice() {
        return (SluiceMiddle) rig().middle();
    }

    private void download() {
        traffic.add(rig().client().start(List.of(Tools.find("curl"), "-s", "--limit-rate", "500k", "-o", "/dev/null",
                "http://" + Topology.SERVER_ADDRESS + "/" + BIG), rig().newDirectory("curl").resolve("log")));
    }

    /** An FTP client that announces a port and lets the server wait. */
    private void announce() {
        traffic.add(rig().client()
                .start(JavaCommand.program(RawFtp.class, List.of("client", Topology.SERVER_ADDRESS, "21",
                        "reply", "say", "USER anonymous~", "reply", "say", "PORT @~", "reply", "pause", "60000")),
                        rig().newDirectory("ftp").resolve("log")));
    }

    /** Outside may not open anything on the gateway. */
    private void knock(int times) {
        for (int i = 0; i < times; i++) {
            rig().server().run("bash", "-c", "echo x >/dev/udp/" + Topology.OUTSIDE_ADDRESS + "/4444");
        }
    }

    private void talk(int from, int to) {
        rig().client().run("bash", "-c", "for p in $(seq %d %d); do echo x >/dev/udp/%s/$p; done".formatted(from, to,
                Topology.SERVER_ADDRESS));
    }

    private Locator flows() {
        return page.locator("#flows tbody tr");
    }

    private void search(String words) {
        page.locator("#words").fill(words);
        page.locator("#words").press("Enter");
    }

    private static void screenshot(Page page, String name) throws Exception {
        Path directory = Tools.checkout().resolve("mgmt/target/screenshots");
        Files.createDirectories(directory);
        page.screenshot(new Page.ScreenshotOptions().setPath(directory.resolve(name + ".png")).setFullPage(true));
    }

    @Test
    void shouldShowTrafficAsItFlows() throws Exception {
        download();
        knock(3);
        Locator inside = page.locator("article[aria-label='Interface inside']");
        assertThat(inside).containsText(rig().topology().inside());
        assertThat(inside.locator("h3")).containsText("up");
        assertThat(inside.locator("svg").first()).hasAttribute("aria-label",
                Pattern.compile(".*now in .*out [1-9].*[kM]bit/s"));
        assertThat(inside.locator("svg .tx").first()).hasAttribute("d", Pattern.compile("M[0-9. ]+L[0-9. L]+"));
        assertThat(page.locator("#tiles")).containsText(Pattern.compile("Received[1-9][0-9.]* [kM]bit/s"));
        assertThat(page.locator("#drops tbody tr").filter(new Locator.FilterOptions().setHasText("policy")))
                .containsText(Pattern.compile("policy.*[3-9]"));
        assertThat(page.locator("#sum")).containsText(Pattern.compile("[0-9,]+ received = [0-9,]+ forwarded"));
        assertThat(page.locator("#nat")).containsText(Topology.OUTSIDE_ADDRESS);
        assertThat(page.locator("#policy")).containsText("outside");
        assertThat(page.locator("#tiles")).containsText(Pattern.compile("Latency, median[0-9.]+ [µm]s"));
        assertThat(page).hasTitle(Pattern.compile("Sluice · [1-9].*bit/s"));
    }

    @Test
    void shouldFindFlows() {
        download();
        talk(3000, 3002);
        assertThat(flows().filter(new Locator.FilterOptions().setHasText(":3001"))).hasCount(1);
        search("tcp " + Topology.SERVER_ADDRESS + ":80");
        assertThat(flows()).hasCount(1);
        assertThat(flows()).containsText(
                Pattern.compile("tcpESTABLISHED10\\.77\\.0\\.2:\\d+ → 198\\.51\\.100\\.2:80198\\.51\\.100\\.1:"));
        search("10.77. udp 3002");
        assertThat(flows()).hasCount(1);
        assertThat(flows()).containsText("not answered");
        search("nothing <b>of</b> that kind");
        assertThat(flows()).hasText("No flows here.");
        search("");
        assertThat(flows().filter(new Locator.FilterOptions().setHasText(":3001"))).hasCount(1);
    }

    @Test
    void shouldTurnPages() {
        talk(5001, 5120);
        search("udp " + Topology.CLIENT_ADDRESS);
        assertThat(page.locator("#found")).hasText("Page 1, 50 flows");
        String first = flows().first().textContent();
        assertThat(page.locator("#previous")).isDisabled();
        // with the keyboard, as with anything else
        page.locator("#next").press("Enter");
        assertThat(page.locator("#found")).hasText("Page 2, 50 flows");
        assertThat(flows().first()).not().hasText(first);
        page.locator("#next").press("Enter");
        assertThat(page.locator("#found")).containsText("Page 3, ");
        assertThat(page.locator("#next")).isDisabled();
        page.locator("#previous").press("Enter");
        assertThat(page.locator("#found")).hasText("Page 2, 50 flows");
        page.locator("#previous").press("Enter");
        assertThat(page.locator("#found")).hasText("Page 1, 50 flows");
    }

    @Test
    void shouldShowWhatHelpersDo() {
        announce();
        assertThat(page.locator("#expectations")).containsText(Topology.SERVER_ADDRESS);
        assertThat(page.locator("#expectations")).containsText("tcp " + Topology.OUTSIDE_ADDRESS + ":");
        assertThat(page.locator("#events")).containsText("ftp: expected");
        assertThat(page.locator("#helpers")).containsText("tcp 21");
    }

    @ParameterizedTest
    @CsvSource({"desktop,1280,LIGHT", "desktop-dark,1280,DARK", "phone,360,LIGHT", "phone-dark,360,DARK"})
    void shouldFitTheScreen(String name, int width, ColorScheme scheme) throws Exception {
        download();
        announce();
        knock(2);
        talk(6000, 6003);
        rig().client().run("ping", "-c", "1", Topology.SERVER_ADDRESS);
        page.context().close();
        page = browser.window(width, HIGH, scheme);
        page.navigate(sluice().url());
        assertThat(page.locator("#expectations")).containsText(Topology.OUTSIDE_ADDRESS);
        assertThat(page.locator("article svg .rx").first()).hasAttribute("d", Pattern.compile("(.*L.*){3,}"));
        screenshot(page, name);
        assertThat((Integer) page.evaluate("document.documentElement.scrollWidth")).as("width of the page")
                .isLessThanOrEqualTo(width);
        String paper = (String) page.evaluate("getComputedStyle(document.body).backgroundColor");
        assertThat(paper).isEqualTo(scheme == ColorScheme.DARK ? "rgb(15, 21, 25)" : "rgb(244, 246, 247)");
    }

    @Test
    void shouldLoadNothingFromOutsideAndComplainOfNothing() {
        page.reload();
        assertThat(page.locator("#health")).hasText("forwarding");
        search("tcp");
        assertThat(page.locator("#found")).containsText("Page 1");
        assertThat(browser.takeAsked()).hasSizeGreaterThan(20)
                .allSatisfy(a -> assertThat(a).startsWith(sluice().url() + "/"));
        assertThat(browser.takeComplaints()).isEmpty();
    }

    @Test
    void shouldShowNamesAsText() {
        String name = "<img src=x onerror=alert(1)><b>bold</b>";
        page.route("**/api/v1/helpers", route -> route.fulfill(new Route.FulfillOptions()
                .setContentType("application/json")
                .setBody("{\"helpers\":[{\"name\":\"" + name + "\",\"transport\":\"tcp\",\"ports\":[21],\"nat\":true,"
                        + "\"sessions\":0,\"expectations\":0,\"events\":{\"" + name + "\":1},\"problem\":\"\"}]}")));
        page.onDialog(dialog -> {
            throw new AssertionError("the name was run");
        });
        assertThat(page.locator("#helpers tbody td").first()).hasText(name);
        assertThat(page.locator("#events")).containsText(name + ": " + name);
        assertThat(page.locator("main img, #helpers b, #events b")).hasCount(0);
    }

    @Test
    void shouldAskNothingWhileItIsHiddenOrPaused() {
        page.evaluate(
                "Object.defineProperty(document, 'hidden', {get: () => window.away === true, configurable: true})");
        page.evaluate("window.away = true; document.dispatchEvent(new Event('visibilitychange'))");
        assertRests();
        page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))");
        page.waitForRequest("**/counters", () -> {});
        page.locator("#pause").press("Enter");
        assertThat(page.locator("#pause")).hasText("Go on");
        assertRests();
        page.waitForRequest("**/counters", () -> page.locator("#pause").press("Enter"));
    }

    /** Two intervals in which nothing is asked. */
    private void assertRests() {
        page.waitForTimeout(500);
        browser.takeAsked();
        page.waitForTimeout(4_500);
        assertThat(browser.takeAsked()).isEmpty();
    }

    @Test
    void shouldAskForTheTokenAndSendIt() {
        page.route("**/api/v1/**", route -> {
            if ("Bearer open sesame".equals(route.request().headers().get("authorization"))) {
                route.resume();
            } else {
                route.fulfill(new Route.FulfillOptions().setStatus(401).setContentType("application/problem+json")
                        .setBody("{}"));
            }
        });
        assertThat(page.locator("#login")).isVisible();
        assertThat(page.locator("#health")).hasText("needs its token");
        page.locator("#token").fill("open sesame");
        page.locator("#token").press("Enter");
        assertThat(page.locator("#health")).hasText("forwarding");
        assertThat(page.locator("#login")).isHidden();
    }

    @Test
    void shouldTellThatTheGatewayIsGoneAndComeBackWithIt() {
        sluice().stop();
        assertThat(page.locator("#health")).hasText("no answer");
        assertThat(page.locator("#updated")).containsText("last answer", ANY_CASE);
        sluice().restart();
        assertThat(page.locator("#health")).hasText("forwarding");
    }

    @Test
    void shouldBeUsableWithTheKeyboardAlone() {
        page.keyboard().press("Tab");
        assertThat(page.locator(".skip")).isFocused();
        page.keyboard().press("Tab");
        assertThat(page.locator("#pause")).isFocused();
        page.keyboard().press("Tab");
        assertThat(page.locator("#words")).isFocused();
        page.keyboard().type("udp");
        page.keyboard().press("Enter");
        assertThat(page.locator("#found")).containsText("Page 1");
    }

    @Test
    void shouldHaveRoomOnAPhoneForEveryButton() {
        page.setViewportSize(PHONE, HIGH);
        for (Locator button : page.locator("button:visible").all()) {
            assertThat(button.boundingBox().height).isGreaterThanOrEqualTo(40);
        }
    }
}
