package org.sluice.slowpath.conductor;

import org.sluice.slowpath.conntrack.Call;
import org.sluice.slowpath.conntrack.Expectation;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.nat.Nat;
import org.sluice.slowpath.packet.Packet;
import org.sluice.slowpath.policy.Attempt;
import org.sluice.slowpath.route.AddressAndPort;
import org.sluice.slowpath.route.Interfaces.Iface;
import org.sluice.slowpath.route.Route;
import org.sluice.slowpath.trace.Tracer;
import org.sluice.slowpath.view.Protocols;

/** Puts into words, for a trace, how a flow came to be or not to be. Says nothing while nobody traces. Conductor. */
final class FlowStory {
    private final Tables tables;
    private final Tracer tracer;

    FlowStory(Tables tables, Tracer tracer) {
        this.tables = tables;
        this.tracer = tracer;
    }

    void expected(Expectation expected, Call.Way call) {
        if (!tracer.isOn()) {
            return;
        }
        if (expected != null) {
            tracer.hop("expectation",
                    "helper " + expected.helper() + " announced it in flow " + (expected.parent() >>> 1)
                            + "; it leads to " + AddressAndPort.text(expected.realAddress(), expected.realPort()));
        } else if (call != null) {
            tracer.hop("expectation", "helper " + call.call().helper() + " announced the call in flow "
                    + (call.call().parent() >>> 1));
        } else {
            tracer.hop("expectation", "none: no helper announced it");
        }
    }

    void destination(Packet p, Nat.Destination to, boolean isAnnounced) {
        if (!tracer.isOn() || isAnnounced) {
            return;
        }
        String becomes = to.address().equals(p.destination()) && to.mapping() == null
                ? "the destination stays as it is"
                : "the destination becomes " + AddressAndPort.text(to.address(), to.port());
        if (to.mapping() != null) {
            tracer.hop("dnat", "an inside host is known by that port: " + becomes);
        } else {
            tracer.hop("dnat", orNoRule(tables.nat().destinationRule()) + ": " + becomes);
        }
    }

    void own(FlowJudge.Verdict verdict, boolean isAdmitted) {
        if (tracer.isOn()) {
            tracer.hop("route", "to the gateway itself");
            policy(verdict, isAdmitted);
        }
    }

    void route(Nat.Destination to, Route route, Route back) {
        if (!tracer.isOn()) {
            return;
        }
        if (route == null) {
            tracer.hop("route", "none to " + to.address());
        } else if (back == null) {
            tracer.hop("route", text(route) + "; none back");
        } else {
            tracer.hop("route", text(route));
        }
    }

    private String text(Route route) {
        return route.to() + (route.via() == null ? "" : " via " + route.via()) + " by "
                + tables.interfaces().get(route.port()).name();
    }

    void policy(FlowJudge.Verdict verdict, boolean isAdmitted) {
        if (tracer.isOn()) {
            Attempt a = verdict.attempt();
            tracer.hop("policy", "rule " + verdict.rule().label() + ": "
                    + Protocols.lower(verdict.action()) + ", " + Protocols.lower(a.state()) + " from " + a.from()
                    + " to "
                    + a.to() + (isAdmitted ? "" : "; beyond the rule's limit"));
        }
    }

    void admittedByMapping() {
        tracer.hop("policy", "not asked: the mapping's filter lets it in");
    }

    void source(Packet p, Nat.Source from, Iface out, boolean isAnnounced) {
        if (!tracer.isOn()) {
            return;
        }
        String rule = isAnnounced
                ? "as its control connection"
                : orNoRule(tables.nat().sourceRule());
        tracer.hop("snat", switch (from.outcome()) {
            case EXHAUSTED -> rule + ": no outside port is free on " + out.name();
            case UNCHANGED -> rule + ": the source stays as it is";
            case TRANSLATED -> rule + ": the source " + p.source() + " becomes "
                    + AddressAndPort.text(from.address(), from.port());
        });
    }

    private static String orNoRule(String rule) {
        return rule == null ? "no rule" : rule;
    }

    void made(int flow) {
        if (!tracer.isOn()) {
            return;
        }
        Flows flows = tables.flows();
        tracer.hop("flow", (flow >>> 1) + " begins; answers come from "
                + flows.source(flow | 1) + " to " + flows.destination(flow | 1));
    }

    void known(int flow) {
        if (tracer.isOn()) {
            tracer.hop("flow", Tracer.name(flow));
        }
    }

    void quoted(int flow) {
        if (tracer.isOn()) {
            tracer.hop("icmp", "an error about flow " + (flow >>> 1) + "; what it quotes is translated too");
        }
    }
}
