/** TFTP (RFC 1350): the server answers from a port that nobody announced. */
package org.sluice.helpers.tftp;
