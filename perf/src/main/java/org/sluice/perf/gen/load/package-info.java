/** What is to be sent, as it is said: addresses, sizes, rates. Knows nothing of devices. */
package org.sluice.perf.gen.load;
