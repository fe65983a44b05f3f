/**
 * Headers as tables of offsets with plain accessors: the buffer, the header's offset in it, ints in and out, network byte order
 * in between. Accessors check nothing; {@link org.sluice.fastpath.worker.IpParser} has checked before.
 */
package org.sluice.fastpath.wire;
