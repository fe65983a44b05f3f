package org.sluice.mgmt.lab;

/**
 * A port of the gateway's outside address that leads to the same port of the client's host.
 *
 * @param protocol tcp or udp
 * @param port 1 to 65535
 */
public record Forward(String protocol, int port) {}
