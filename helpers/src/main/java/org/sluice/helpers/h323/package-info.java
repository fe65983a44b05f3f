/**
 * H.323: registration with a gatekeeper (RAS), call signalling (H.225.0 in Q.931 in TPKT), and H.245 on a connection of its own, in
 * the tunnel through call signalling, and by fast start.
 *
 * <p>Addresses stand inside messages in the aligned variant of ASN.1's packed encoding (X.691), which no library of Java reads that
 * is kept up. {@code types.txt} describes what lies on the way to an address; {@link org.sluice.helpers.h323.Types} reads it,
 * {@link org.sluice.helpers.h323.PackedReader} walks a message along it and reports where addresses are. An address and its port take
 * as many bytes after translation as before, so nothing else in a message changes.
 */
package org.sluice.helpers.h323;
