package org.sluice.mgmt.cli;

import picocli.CommandLine.Option;

/** Where the running gateway is, and how its answer is printed. */
final class ClientOptions {
    @Option(names = "--url", paramLabel = "URL", defaultValue = "${env:SLUICE_URL:-http://127.0.0.1:9464}", description = "Management address of the gateway; also by SLUICE_URL (default: ${DEFAULT-VALUE}). "
            + "Its token is taken from SLUICE_TOKEN.")
    private String url;
    @Option(names = "--ca", paramLabel = "FILE", defaultValue = "${env:SLUICE_CA:-}", description = "Certificate in PEM to trust where the address begins with https; also by SLUICE_CA "
            + "(default: those that this machine trusts).")
    private String authority;
    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    boolean json() {
        return json;
    }

    String url() {
        return url;
    }

    GatewayClient client() {
        return new GatewayClient(url, System.getenv("SLUICE_TOKEN"), authority);
    }
}
