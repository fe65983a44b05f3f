/** The packet that the conductor is dealing with, and the account of what becomes of it. */
package org.sluice.slowpath.packet;
