/** FTP: the data connection is announced by PORT, EPRT, 227 or 229 (RFC 959, RFC 2428). */
package org.sluice.helpers.ftp;
