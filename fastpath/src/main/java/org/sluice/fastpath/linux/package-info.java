/**
 * The door to the kernel: system calls through java.lang.foreign, packet sockets with mapped rings, devices. Nothing outside
 * this package uses java.lang.foreign.
 */
package org.sluice.fastpath.linux;
