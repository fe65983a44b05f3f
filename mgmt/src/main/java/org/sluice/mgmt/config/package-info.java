/** sluice.yaml: read into a tree that knows its lines, checked, and made into settings. */
package org.sluice.mgmt.config;
