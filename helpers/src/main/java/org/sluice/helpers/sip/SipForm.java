package org.sluice.helpers.sip;

/** What of an endpoint stands at a place. */
enum SipForm {
    HOST, PORT, HOST_AND_PORT
}
