/** For protocols made of text lines. */
package org.sluice.helpers.text;
