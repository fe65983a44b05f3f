/** SIP over UDP and TCP (RFC 3261) with SDP (RFC 8866): addresses in header fields, and the ports that media will come to. */
package org.sluice.helpers.sip;
