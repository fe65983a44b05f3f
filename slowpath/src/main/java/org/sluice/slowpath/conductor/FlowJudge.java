package org.sluice.slowpath.conductor;

import org.sluice.fastpath.flow.FlowKey;
import org.sluice.slowpath.conntrack.Flows;
import org.sluice.slowpath.conntrack.Status;
import org.sluice.slowpath.nat.Nat;
import org.sluice.slowpath.packet.Packet;
import org.sluice.slowpath.policy.Attempt;
import org.sluice.slowpath.policy.Policy;
import org.sluice.slowpath.policy.PolicyRule;
import org.sluice.slowpath.route.Interfaces.Iface;
import org.sluice.slowpath.route.IpAddress;
import org.sluice.slowpath.settings.PolicySettings;
import org.sluice.slowpath.settings.PolicySettings.Action;
import org.sluice.slowpath.settings.PolicySettings.State;

/** Asks the policy about flows, those that want to begin and those that live. Conductor. */
final class FlowJudge {
    private final Tables tables;

    /**
     * What was asked, and who answers.
     *
     * @param attempt as the rule sees it
     * @param rule that decides
     */
    record Verdict(Attempt attempt, PolicyRule rule) {

        Action action() {
            return rule.action();
        }
    }

    FlowJudge(Tables tables) {
        this.tables = tables;
    }

    /** @param to where it leads. @param out by which interface */
    Verdict judge(Packet p, Nat.Destination to, Iface out, State state) {
        int port = p.isIcmp() ? 0 : to.port();
        Iface in = tables.interfaces().get(p.port());
        Verdict verdict = judge(
                new Attempt(in.zone(), out.zone(), p.source(), to.address(), p.protocol(), port, state));
        boolean isHairpin = to.in() != null && to.in().port() != p.port();
        return verdict.action() == Action.ACCEPT || !isHairpin ? verdict : again(verdict, to.in().zone());
    }

    /** Whoever may reach a port forward from outside may reach it from inside. */
    private Verdict again(Verdict refused, String from) {
        Attempt a = refused.attempt();
        return judge(new Attempt(from, a.to(), a.source(), a.destination(), a.protocol(), a.port(), a.state()));
    }

    /** @param p for the gateway itself */
    Verdict judgeOwn(Packet p) {
        int port = p.isIcmp() ? 0 : FlowKey.destinationPort(p.ports());
        return judge(new Attempt(tables.interfaces().get(p.port()).zone(), PolicySettings.SELF, p.source(),
                p.destination(), p.protocol(), port, State.NEW));
    }

    private Verdict judge(Attempt attempt) {
        return new Verdict(attempt, tables.policy().find(attempt));
    }

    /** It is acted upon. @param now System.nanoTime */
    void note(Verdict verdict, long now) {
        tables.policy().note(verdict.rule(), verdict.attempt(), now);
    }

    /** @return whether a live flow could begin by the rules that are in force now; limits aside. */
    boolean wouldAllow(int flow) {
        Flows flows = tables.flows();
        int original = flow & ~1;
        if (tables.mappings().destinationOf(original) != 0) {
            return true;
        }
        State state = flows.is(original, Status.EXPECTED) ? State.RELATED : State.NEW;
        int protocol = flows.protocol(original);
        int port = FlowKey.isEcho(flows.ports(original)) ? 0 : flows.newDestinationPort(original);
        Iface in = tables.interfaces().get(flows.ingress(original));
        Iface out = tables.interfaces().get(flows.ingress(original | 1));
        IpAddress asked = flows.destination(original);
        Verdict verdict = judge(new Attempt(in.zone(), out.zone(), flows.source(original),
                flows.newDestination(original), protocol, port, state));
        if (verdict.action() != Action.ACCEPT && tables.interfaces().isOwn(asked)) {
            verdict = again(verdict, tables.interfaces().get(tables.interfaces().linkOf(asked)).zone());
        }
        return verdict.action() == Action.ACCEPT;
    }
}
