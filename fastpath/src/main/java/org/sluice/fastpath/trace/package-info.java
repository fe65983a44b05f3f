/** Telling of single packets what became of them, while somebody asks. */
package org.sluice.fastpath.trace;
