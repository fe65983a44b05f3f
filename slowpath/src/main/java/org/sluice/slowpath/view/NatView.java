package org.sluice.slowpath.view;

/**
 * How many outside ports are in use.
 *
 * @param address outside
 * @param proto tcp, udp or icmp
 * @param used now
 * @param size of the pool
 */
public record NatView(String address, String proto, int used, int size) {}
