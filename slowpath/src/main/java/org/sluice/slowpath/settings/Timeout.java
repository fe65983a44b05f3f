package org.sluice.slowpath.settings;

import java.time.Duration;

/**
 * How long a flow may be idle, by the names of nf_conntrack. The default is the longer of the kernel's and of what the RFCs
 * ask: 4787 REQ-5 (UDP, two minutes at least, five by default), 5382 REQ-5 (TCP established 2 h 4 min, opening and closing 4 min),
 * 5508 REQ-2 (ICMP 60 s). Of GRE, only calls of PPTP are
 * meant; other GRE is generic. SCTP repeats itself after 3, 6 and 12 s (RFC 9260 section 16) and asks for a sign of life every 30 s.
 */
public enum Timeout {
    TCP_SYN_SENT(240),
    TCP_SYN_RECV(240),
    TCP_ESTABLISHED(432_000),
    TCP_FIN_WAIT(240),
    TCP_CLOSE_WAIT(
            240),
    TCP_LAST_ACK(240),
    TCP_TIME_WAIT(
            240),
    TCP_CLOSE(240),
    TCP_SYN_SENT2(240),
    /** Instead of a longer one, while a side keeps sending what nobody acknowledges. */
    TCP_MAX_RETRANS(300),
    /** Instead of a longer one, while data is not acknowledged, or a connection that was picked up is not answered. */
    TCP_UNACKNOWLEDGED(300),
    UDP(120),
    UDP_STREAM(300),
    ICMP(60),
    ICMPV6(60),
    GRE(30),
    GRE_STREAM(180),
    SCTP_CLOSED(10),
    SCTP_COOKIE_WAIT(30),
    SCTP_COOKIE_ECHOED(30),
    SCTP_ESTABLISHED(210),
    SCTP_SHUTDOWN_SENT(30),
    SCTP_SHUTDOWN_RECD(30),
    SCTP_SHUTDOWN_ACK_SENT(30),
    SCTP_HEARTBEAT_SENT(30),
    GENERIC(600),
    /** How long an outside port rests before another endpoint gets it (RFC 6888 REQ-8), as long as others are free. */
    NAT_PORT(120);

    private final Duration byDefault;

    Timeout(int seconds) {
        byDefault = Duration.ofSeconds(seconds);
    }

    /** @return what holds unless the configuration says otherwise. */
    public Duration byDefault() {
        return byDefault;
    }
}
