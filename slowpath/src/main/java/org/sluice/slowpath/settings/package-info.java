/** What the gateway is told to be: immutable records, made by the configuration reader or by a test. */
package org.sluice.slowpath.settings;
