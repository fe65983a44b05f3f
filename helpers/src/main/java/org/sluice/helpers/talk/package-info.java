/**
 * talk (UDP port 517, 4.2BSD) and ntalk (UDP port 518, 4.3BSD). Each host has a daemon. Of the messages between a client and a
 * daemon, these cross a gateway that stands between the two people:
 *
 * <pre>
 *   caller's client ── LOOK_UP  ──► callee's daemon    has the callee already invited me? (no)
 *   caller's client ── ANNOUNCE ──► callee's daemon    rings at the callee's terminal
 *   callee's client ── LOOK_UP  ──► caller's daemon    and now? (yes: the answer has the caller's TCP endpoint)
 *   callee's client ── TCP      ──► caller's client    the conversation
 *   caller's client ── DELETE   ──► callee's daemon
 * </pre>
 *
 * The invitation itself (LEAVE_INVITE) stays on the caller's host, between the client and its own daemon, so the caller's inside
 * address comes out in the daemon's answer. With the caller inside, both the question and the TCP connection come from outside
 * to a host that nobody has opened a port to: the ANNOUNCE leads to both. With the callee inside, the administrator forwards
 * the daemon's UDP port to that host; all else then goes outwards, and only the address for replies has to be put right.
 *
 * <p>The callee's client always asks the daemon's well-known port. Where several hosts inside share one outside address, whose
 * daemon is meant depends on the host that asks: each caller is asked back by the callees that it has rung at. When two of them
 * ring at one callee's host at a time, the second has to wait until the first is asked, since nothing that comes from there
 * tells them apart before it is too late.
 */
package org.sluice.helpers.talk;
