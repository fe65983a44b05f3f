package org.sluice.mgmt.lab.session;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import org.sluice.mgmt.lab.Topology;

/** A host that takes part in a call: it connects, it listens, and it has a port for RTP and the next for RTCP. */
final class Phone implements AutoCloseable {
    /** Its own port for RTP. */
    static final int RTP = 5004;

    private final Party host;
    private final String address;
    private final DatagramEnd media;
    private final DatagramEnd mediaControl;

    private Phone(Party host, String address) throws IOException {
        this.host = host;
        this.address = address;
        media = new DatagramEnd(host, address, RTP);
        mediaControl = new DatagramEnd(host, address, RTP + 1);
    }

    static Phone inside(Stage stage) throws IOException {
        return new Phone(stage.inside(), Topology.CLIENT_ADDRESS);
    }

    static Phone outside(Stage stage) throws IOException {
        return new Phone(stage.outside(), Topology.SERVER_ADDRESS);
    }

    static Phone inside6(Stage stage) throws IOException {
        return new Phone(stage.inside(), Topology.CLIENT_ADDRESS6);
    }

    static Phone outside6(Stage stage) throws IOException {
        return new Phone(stage.outside(), Topology.SERVER_ADDRESS6);
    }

    InetAddress address() {
        return InetAddress.ofLiteral(address);
    }

    ServerSocketChannel listen(int port) throws IOException {
        return host.listen(address, port);
    }

    FramedEnd accept(ServerSocketChannel listener) throws IOException {
        return FramedEnd.tpkt(host.accept(listener));
    }

    FramedEnd connect(InetSocketAddress to) throws IOException {
        demandPublic(to);
        try {
            return FramedEnd.tpkt(host.connect(address, to, End.TIMEOUT_MILLIS));
        } catch (SocketTimeoutException | ConnectException e) {
            throw new MissedException("no connection to " + to.getAddress().getHostAddress() + " port " + to.getPort());
        }
    }

    /** Speaks to places where the other phone must hear it. */
    void speak(Phone other, InetSocketAddress mediaPlace, InetSocketAddress controlPlace) throws IOException {
        demandPublic(mediaPlace);
        demandPublic(controlPlace);
        media.send(said("RTP"), mediaPlace);
        other.media.receive("no RTP reaches " + other.host.name());
        mediaControl.send(said("RTCP"), controlPlace);
        other.mediaControl.receive("no RTCP reaches " + other.host.name());
    }

    /** Outside, the host inside must not be known by its own address, though there is a route to it here. */
    private void demandPublic(InetSocketAddress told) throws MissedException {
        if (told.getAddress().getHostAddress().equals(Topology.CLIENT_ADDRESS)) {
            throw new MissedException(host.name() + " is told " + Topology.CLIENT_ADDRESS);
        }
    }

    private static byte[] said(String what) {
        return what.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        media.close();
        mediaControl.close();
    }
}
