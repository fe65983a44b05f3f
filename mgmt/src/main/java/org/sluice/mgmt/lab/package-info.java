/**
 * {@code sluice lab}: two hosts in network namespaces, the gateway between them, and real traffic through it. What a lab makes
 * it deletes, and what a lab that was killed left behind is deleted by the next one.
 */
package org.sluice.mgmt.lab;
