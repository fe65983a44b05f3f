package org.sluice.slowpath.packet;

/**
 * What the fragments of an IPv6 packet were like, because it has to go on as it came: only senders cut IPv6 (RFC 8200 section 5).
 *
 * @param headers bytes that every one began with, the IPv6 header included, the fragment header not
 * @param length of the largest, from the IPv6 header on
 * @param identification of all
 */
public record Pieces(int headers, int length, int identification) {}
