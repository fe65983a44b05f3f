/** IRC: clients offer each other direct connections with CTCP DCC messages. */
package org.sluice.helpers.irc;
