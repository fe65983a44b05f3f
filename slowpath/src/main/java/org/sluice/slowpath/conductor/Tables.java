package org.sluice.slowpath.conductor;

import org.sluice.slowpath.conntrack.ExpectationTable;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.nat.MappingTable;
import org.sluice.slowpath.nat.Nat;
import org.sluice.slowpath.policy.Policy;
import org.sluice.slowpath.route.Interfaces;
import org.sluice.slowpath.route.RouteTable;

/** The tables that the conductor decides by. It alone writes them. */
record Tables(Interfaces interfaces, RouteTable routes, Policy policy, MappingTable mappings, Nat nat, Flows flows,
        ExpectationTable expectations) {}
