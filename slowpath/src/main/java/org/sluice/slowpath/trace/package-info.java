/** What becomes of single packets, told while somebody asks. */
package org.sluice.slowpath.trace;
