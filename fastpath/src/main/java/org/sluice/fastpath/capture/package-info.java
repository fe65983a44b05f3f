/** Files of captured frames. */
package org.sluice.fastpath.capture;
