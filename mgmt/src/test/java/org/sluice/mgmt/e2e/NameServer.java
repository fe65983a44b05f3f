package org.sluice.mgmt.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sluice.mgmt.lab.Namespace;

/** dnsmasq. It knows the addresses of one host, and a record too long for one packet. */
final class NameServer {
    static final String WWW = "www.example.net";
    static final String LONG = "long.example.net";
    private static final int STRING = 250;

    private NameServer() {}

    /** Starts it and waits until it answers. @param listen where it is asked. @param www addresses of the host, of either family */
    static void start(Rig rig, Namespace host, List<String> listen, List<String> www) {
        Path log = rig.newDirectory("log").resolve("dnsmasq");
        List<String> command = new ArrayList<>(List.of(Tools.find("dnsmasq"), "--keep-in-foreground", "--no-resolv",
                "--no-hosts", "--conf-file=/dev/null", "--user=nobody", "--bind-interfaces", "--edns-packet-max=4096",
                "--log-facility=" + log));
        command.add("--txt-record=" + LONG + "," + Stream.of("x", "y", "z", "w", "v", "u", "t")
                .map(letter -> letter.repeat(STRING)).collect(Collectors.joining(",")));
        listen.forEach(address -> command.add("--listen-address=" + address));
        www.forEach(address -> command.add("--address=/" + WWW + "/" + address));
        host.start(command, log);
        for (String address : listen) {
            Rig.await("dnsmasq answers", () -> host.attempt(5, Tools.find("dig"), "+short", "+time=1", "+tries=1",
                    "@" + address, LONG, "TXT").output().contains("x".repeat(STRING)));
        }
    }
}
