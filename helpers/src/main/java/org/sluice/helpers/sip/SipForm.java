package org.sluice.helpers.sip;

/** How an endpoint, or a part of it, stands at a place. */
enum SipForm {
    /** As in a URI: IPv6 in brackets. */
    HOST,
    /** As in a URI, with a colon between the two. */
    HOST_AND_PORT,
    /** As in a session description and in {@code received}: IPv6 without brackets. */
    ADDRESS,
    PORT
}
