/**
 * For tests of helpers, one's own included: a control connection without a network. Bytes are cut where the test likes, and what the
 * helper announced and what the receiver would have read can be looked at. No thread, no clock, no test framework.
 */
package org.sluice.helpers.testkit;
