/**
 * A helper's control connection as two byte streams in order: what is read can be held back for a moment and rewritten to another
 * length, and both ends still see an unbroken TCP connection. Knows nothing of helpers or translation. Conductor.
 */
package org.sluice.slowpath.stream;
