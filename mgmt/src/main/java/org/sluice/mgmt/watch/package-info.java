/** The live view of a running gateway on a terminal. */
package org.sluice.mgmt.watch;
