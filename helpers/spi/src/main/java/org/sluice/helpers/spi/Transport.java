package org.sluice.helpers.spi;

/** Transport protocol of a control or of an expected connection. */
public enum Transport {
    TCP, UDP
}
