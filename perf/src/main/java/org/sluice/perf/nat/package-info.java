/** Small packets through the kernel's NAT and through Sluice, in the same namespaces and in one run. */
package org.sluice.perf.nat;
