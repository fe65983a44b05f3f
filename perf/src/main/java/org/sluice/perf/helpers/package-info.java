/** What Linux's own helpers and Sluice's make of the same sessions. */
package org.sluice.perf.helpers;
