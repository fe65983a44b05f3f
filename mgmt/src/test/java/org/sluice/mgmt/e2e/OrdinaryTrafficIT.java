package org.sluice.mgmt.e2e;

/** Ordinary traffic through the ordinary driver. */
class OrdinaryTrafficIT extends OrdinaryTraffic {
    OrdinaryTrafficIT() {
        super(Plan.USUAL);
    }
}
