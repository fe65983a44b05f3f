/** Where the gateway is put together and where people and programs meet it. */
package org.sluice.mgmt;
