/** What people and programs are shown of the running gateway: immutable records and the interface to ask for them. */
package org.sluice.slowpath.view;
