package org.sluice.mgmt.lab.session;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a protocol writes an endpoint. In a template, the name in braces stands for one. */
enum Notation {
    /** FTP's six numbers (RFC 959 section 4.1.2). */
    SIX("(\\d+,\\d+,\\d+,\\d+),(\\d+),(\\d+)") {
        @Override
        String write(String address, int port) {
            return "%s,%d,%d".formatted(address.replace('.', ','), port >> 8, port & 0xFF);
        }

        @Override
        InetSocketAddress read(Matcher m) {
            return at(m.group(1).replace(',', '.'), Integer.parseInt(m.group(2)) << 8 | Integer.parseInt(m.group(3)));
        }
    },

    /** EPRT's (RFC 2428 section 2). */
    EPRT("(\\D)[12]\\1(.+?)\\1(\\d+)\\1") {
        @Override
        String write(String address, int port) {
            return "|%d|%s|%d|".formatted(address.contains(":") ? 2 : 1, address, port);
        }

        @Override
        InetSocketAddress read(Matcher m) {
            return at(m.group(2), Integer.parseInt(m.group(3)));
        }
    },

    /** The same with another delimiter. */
    EPRT_BANG(EPRT.pattern.pattern()) {
        @Override
        String write(String address, int port) {
            return EPRT.write(address, port).replace('|', '!');
        }

        @Override
        InetSocketAddress read(Matcher m) {
            return EPRT.read(m);
        }
    },

    /** What answers EPSV, without an address (RFC 2428 section 3). */
    EPSV("(\\D)\\1\\1(\\d+)\\1") {
        @Override
        String write(String address, int port) {
            return "|||%d|".formatted(port);
        }

        @Override
        InetSocketAddress read(Matcher m) {
            return new InetSocketAddress(Integer.parseInt(m.group(2)));
        }
    },

    /** The same with another delimiter. */
    EPSV_BANG(EPSV.pattern.pattern()) {
        @Override
        String write(String address, int port) {
            return "!!!%d!".formatted(port);
        }

        @Override
        InetSocketAddress read(Matcher m) {
            return EPSV.read(m);
        }
    },

    /** DCC's: the address as one number. */
    NUMBER("(\\d{8,10}) (\\d+)") {
        @Override
        String write(String address, int port) {
            int number = ByteBuffer.wrap(InetAddress.ofLiteral(address).getAddress()).getInt();
            return Integer.toUnsignedString(number) + " " + port;
        }

        @Override
        InetSocketAddress read(Matcher m) {
            int number = Integer.parseUnsignedInt(m.group(1));
            String address = "%d.%d.%d.%d".formatted(number >>> 24, number >> 16 & 0xFF, number >> 8 & 0xFF,
                    number & 0xFF);
            return at(address, Integer.parseInt(m.group(2)));
        }
    },

    /** DCC's with a dotted or an IPv6 address. */
    LITERAL("((?:\\d+\\.){3}\\d+|[0-9A-Fa-f]*:[0-9A-Fa-f:]+) (\\d+)") {
        @Override
        String write(String address, int port) {
            return address + " " + port;
        }

        @Override
        InetSocketAddress read(Matcher m) {
            return at(m.group(1), Integer.parseInt(m.group(2)));
        }
    };

    private final Pattern pattern;

    Notation(String pattern) {
        this.pattern = Pattern.compile(pattern);
    }

    abstract String write(String address, int port);

    abstract InetSocketAddress read(Matcher matcher);

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    /** @return what stands for an endpoint in a template. */
    String placeholder() {
        return "{" + name() + "}";
    }

    /** @return the first endpoint in a line; its address is any where the notation has none. */
    InetSocketAddress find(String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.find()) {
            throw new MissedException("no endpoint in \"" + End.printable(line) + '"');
        }
        try {
            return read(matcher);
        } catch (IllegalArgumentException e) {
            throw new MissedException("no endpoint in \"" + End.printable(line) + '"');
        }
    }
}
