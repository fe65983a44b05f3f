package org.sluice.mgmt.cli;

import java.util.Map;
import picocli.CommandLine.Option;

/** Picks flows by their original direction. */
final class FilterOptions extends EndpointOptions {
    @Option(names = "--state", paramLabel = "STATE", description = "TCP state, such as ESTABLISHED")
    private String state;
    @Option(names = "--helper", paramLabel = "NAME", description = "helper that reads the flow")
    private String helper;

    @Override
    Map<String, String> parameters() {
        Map<String, String> parameters = super.parameters();
        put(parameters, "state", state);
        put(parameters, "helper", helper);
        return parameters;
    }
}
