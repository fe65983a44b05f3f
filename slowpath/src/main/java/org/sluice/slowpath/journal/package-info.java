/**
 * What lives, on disk: every flow, mapping, expectation and edited connection, so that a gateway that was killed goes on where it
 * was; and who had which outside port when. Knows no table: the conductor turns what it does into entries and entries into what it
 * did.
 */
package org.sluice.slowpath.journal;
