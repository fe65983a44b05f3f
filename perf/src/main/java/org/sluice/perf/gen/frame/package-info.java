/** Frames made from templates, one flow after the other, and when each of them is due. Nothing here allocates per frame. */
package org.sluice.perf.gen.frame;
