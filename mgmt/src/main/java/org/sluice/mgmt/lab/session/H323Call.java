package org.sluice.mgmt.lab.session;

import static org.sluice.mgmt.lab.session.H323Messages.CONTROL;
import static org.sluice.mgmt.lab.session.H323Messages.LISTENER;
import static org.sluice.mgmt.lab.session.H323Messages.MEDIA;
import static org.sluice.mgmt.lab.session.H323Messages.RAS;
import static org.sluice.mgmt.lab.session.H323Messages.message;
import static org.sluice.mgmt.lab.session.H323Messages.told;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.sluice.mgmt.lab.Topology;

/** Calls by H.323; RTP and RTCP must reach both phones, the caller first. */
enum H323Call implements Session {
    FAST_OUT("fast start, caller inside") {
        @Override
        public void play(Stage stage) throws IOException {
            try (Phone caller = Phone.inside(stage); Phone callee = Phone.outside(stage)) {
                fast(caller, callee, Topology.SERVER_ADDRESS);
            }
        }
    },
    H245_OUT("H.245 on its own connection, caller inside") {
        @Override
        public void play(Stage stage) throws IOException {
            try (Phone caller = Phone.inside(stage); Phone callee = Phone.outside(stage)) {
                negotiated(caller, callee, new InetSocketAddress(Topology.SERVER_ADDRESS, CALL_PORT), CALL_PORT);
            }
        }
    },
    FAST_IN("fast start, callee inside") {
        @Override
        public void play(Stage stage) throws IOException {
            try (Phone caller = Phone.outside(stage); Phone callee = Phone.inside(stage)) {
                fast(caller, callee, Topology.OUTSIDE_ADDRESS);
            }
        }
    },
    H245_IN("H.245 on its own connection, callee inside") {
        @Override
        public void play(Stage stage) throws IOException {
            try (Phone caller = Phone.outside(stage); Phone callee = Phone.inside(stage)) {
                negotiated(caller, callee, new InetSocketAddress(Topology.OUTSIDE_ADDRESS, CALL_PORT), CALL_PORT);
            }
        }
    },
    REGISTERED("RAS: a phone inside registers and is called") {
        @Override
        public void play(Stage stage) throws IOException {
            InetSocketAddress gatekeeper = new InetSocketAddress(Topology.SERVER_ADDRESS, RAS_PORT);
            try (Phone caller = Phone.outside(stage);
                    Phone callee = Phone.inside(stage);
                    DatagramEnd phone = new DatagramEnd(stage.inside(), Topology.CLIENT_ADDRESS, RAS_PORT);
                    DatagramEnd keeper = new DatagramEnd(stage.outside(), Topology.SERVER_ADDRESS, RAS_PORT)) {
                phone.send(message("registration-request", callee.address(), LISTENER, REGISTERED_PORT, RAS, RAS_PORT),
                        gatekeeper);
                byte[] request = keeper.receive("the gatekeeper hears nothing");
                keeper.send(message("registration-confirm", caller.address(), LISTENER, CALL_PORT), keeper.sender());
                phone.receive("the phone hears no confirmation");
                InetSocketAddress place = told(request, "registration-request", LISTENER);
                negotiated(caller, callee, place, REGISTERED_PORT);
            }
        }
    },
    GATEKEEPER_INSIDE("RAS: a phone outside registers inside and calls through the gatekeeper") {
        @Override
        public void play(Stage stage) throws IOException {
            InetSocketAddress gatekeeper = new InetSocketAddress(Topology.OUTSIDE_ADDRESS, RAS_PORT);
            try (Phone caller = Phone.outside(stage);
                    Phone callee = Phone.inside(stage);
                    DatagramEnd phone = new DatagramEnd(stage.outside(), Topology.SERVER_ADDRESS, RAS_PORT);
                    DatagramEnd keeper = new DatagramEnd(stage.inside(), Topology.CLIENT_ADDRESS, RAS_PORT)) {
                phone.send(message("registration-request", caller.address(), LISTENER, CALL_PORT, RAS, RAS_PORT),
                        gatekeeper);
                keeper.receive("the gatekeeper hears nothing");
                keeper.send(message("registration-confirm", callee.address(), LISTENER, REGISTERED_PORT),
                        keeper.sender());
                byte[] confirm = phone.receive("the phone hears no confirmation");
                negotiated(caller, callee, told(confirm, "registration-confirm", LISTENER), REGISTERED_PORT);
            }
        }
    };

    private static final int CALL_PORT = 1720;
    private static final int RAS_PORT = 1719;
    private static final int REGISTERED_PORT = 2720;
    private static final int H245_PORT = 30_000;

    private final String title;

    H323Call(String title) {
        this.title = title;
    }

    @Override
    public String helper() {
        return "h323";
    }

    @Override
    public String title() {
        return title;
    }

    /** @param to the callee's address as the caller knows it */
    private static void fast(Phone caller, Phone callee, String to) throws IOException {
        try (ServerSocketChannel listener = callee.listen(CALL_PORT);
                FramedEnd near = caller.connect(new InetSocketAddress(to, CALL_PORT));
                FramedEnd far = callee.accept(listener)) {
            near.write(message("setup-faststart", caller.address(), LISTENER, CALL_PORT, MEDIA, Phone.RTP, MEDIA + 1,
                    Phone.RTP + 1));
            byte[] setup = far.read("the callee hears no Setup");
            far.write(message("connect-faststart", callee.address(), MEDIA, Phone.RTP, MEDIA + 1, Phone.RTP + 1));
            byte[] connect = near.read("the caller hears no Connect");
            callee.speak(caller, told(setup, "setup-faststart", MEDIA), told(setup, "setup-faststart", MEDIA + 1));
            caller.speak(callee, told(connect, "connect-faststart", MEDIA),
                    told(connect, "connect-faststart", MEDIA + 1));
            near.write(message("release", caller.address()));
            far.read("the callee hears no Release Complete");
        }
    }

    private static void negotiated(Phone caller, Phone callee, InetSocketAddress to, int port) throws IOException {
        try (ServerSocketChannel listener = callee.listen(port);
                ServerSocketChannel control = callee.listen(H245_PORT);
                FramedEnd near = caller.connect(to);
                FramedEnd far = callee.accept(listener)) {
            near.write(message("setup", caller.address(), LISTENER, CALL_PORT));
            far.read("the callee hears no Setup");
            far.write(message("connect", callee.address(), CONTROL, H245_PORT));
            InetSocketAddress place = told(near.read("the caller hears no Connect"), "connect", CONTROL);
            try (FramedEnd one = caller.connect(place); FramedEnd other = callee.accept(control)) {
                one.write(message("olc", caller.address(), MEDIA + 1, Phone.RTP + 1));
                other.write(message("olc", callee.address(), MEDIA + 1, Phone.RTP + 1));
                one.read("the caller hears no OpenLogicalChannel");
                other.read("the callee hears no OpenLogicalChannel");
                one.write(message("ack", caller.address(), MEDIA, Phone.RTP, MEDIA + 1, Phone.RTP + 1));
                other.write(message("ack", callee.address(), MEDIA, Phone.RTP, MEDIA + 1, Phone.RTP + 1));
                byte[] toCallee = other.read("the callee hears no OpenLogicalChannelAck");
                byte[] toCaller = one.read("the caller hears no OpenLogicalChannelAck");
                callee.speak(caller, told(toCallee, "ack", MEDIA), told(toCallee, "ack", MEDIA + 1));
                caller.speak(callee, told(toCaller, "ack", MEDIA), told(toCaller, "ack", MEDIA + 1));
            }
            near.write(message("release", caller.address()));
            far.read("the callee hears no Release Complete");
        }
    }
}
