/** PPTP (RFC 2637): the control connection names calls, whose data GRE carries. */
package org.sluice.helpers.pptp;
