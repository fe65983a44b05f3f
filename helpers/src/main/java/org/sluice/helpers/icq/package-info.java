/**
 * ICQ and AIM (OSCAR): the client tells its server where other users reach it. Nobody standardised the protocol; the fields are those
 * that Wireshark's AIM dissector and the open clients agree on.
 */
package org.sluice.helpers.icq;
