package org.sluice.fastpath.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Which frames a packet socket is given: those of which every condition holds, asked in the order in which they were put. It is a program
 * of classic BPF (the kernel's Documentation/networking/filter.rst), run for each frame before it is copied. Immutable.
 */
public final class SocketFilter {
    private static final int LOAD_LENGTH = 0x80;
    private static final int LOAD_WORD = 0x20;
    private static final int AND = 0x54;
    private static final int JUMP_IF_GREATER = 0x25;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int WHOLE = -1;
    private static final int NOTHING = 0;
    /** Where a program reads what the kernel knows of a frame beside its bytes. */
    private static final int ANCILLARY = -0x1000;
    private static final int PACKET_TYPE = ANCILLARY + 4;
    private static final int VLAN_TAG = ANCILLARY + 44;
    private static final int PACKET_OUTGOING = 4;
    private static final int VLAN_ID_MASK = 0xFFF;

    /** Every frame. */
    public static final SocketFilter ALL = new SocketFilter(List.of(), WHOLE);
    /** No frame. */
    static final SocketFilter NONE = new SocketFilter(List.of(), NOTHING);

    private static final int MOST_STEPS = 255;
    private static final int INSTRUCTION = 8;

    /** When a jump leaves the conditions, to refuse the frame. */
    private enum RefusedIf {
        NEVER, TRUE, FALSE
    }

    private record Step(int code, RefusedIf refused, int operand) {}

    private final List<Step> steps;
    /** Of a frame for which every condition holds. */
    private final int verdict;

    private SocketFilter(List<Step> steps, int verdict) {
        this.steps = List.copyOf(steps);
        this.verdict = verdict;
    }

    private SocketFilter with(Step... more) {
        List<Step> all = new ArrayList<>(steps);
        all.addAll(List.of(more));
        if (all.size() > MOST_STEPS) {
            throw new IllegalArgumentException("a filter of more than " + MOST_STEPS + " steps");
        }
        return new SocketFilter(all, verdict);
    }

    /** @return with this and the other's conditions. */
    public SocketFilter and(SocketFilter other) {
        return with(other.steps.toArray(Step[]::new));
    }

    /** @return for frames from the shortest to the longest length, bytes from the Ethernet header on, at least 1. */
    public SocketFilter length(int shortest, int longest) {
        return with(new Step(LOAD_LENGTH, RefusedIf.NEVER, 0), new Step(JUMP_IF_GREATER, RefusedIf.TRUE, longest),
                new Step(JUMP_IF_GREATER, RefusedIf.FALSE, shortest - 1));
    }

    /** @return for frames that this host doesn't send. */
    public SocketFilter incoming() {
        return with(new Step(LOAD_WORD, RefusedIf.NEVER, PACKET_TYPE),
                new Step(JUMP_IF_EQUAL, RefusedIf.TRUE, PACKET_OUTGOING));
    }

    /**
     * @param id of the VLAN that frames have; 0 for those of none, and those with a tag that only tells a priority (802.1Q 6.9)
     * @return for its frames, of which the kernel has taken the tag out.
     */
    public SocketFilter vlan(int id) {
        return with(new Step(LOAD_WORD, RefusedIf.NEVER, VLAN_TAG), new Step(AND, RefusedIf.NEVER, VLAN_ID_MASK),
                new Step(JUMP_IF_EQUAL, RefusedIf.FALSE, id));
    }

    /** @return for frames with that value in the four bytes, big endian, at an offset from the Ethernet header on. */
    public SocketFilter word(int offset, int value) {
        return with(new Step(LOAD_WORD, RefusedIf.NEVER, offset), new Step(JUMP_IF_EQUAL, RefusedIf.FALSE, value));
    }

    /** @return struct sock_fprog. */
    MemorySegment program(Arena arena) {
        int count = steps.size();
        MemorySegment code = arena.allocate((long) INSTRUCTION * (count + 2), INSTRUCTION);
        for (int i = 0; i < count; i++) {
            Step step = steps.get(i);
            // over the other steps and the return after them
            int away = count - i;
            instruction(code, i, step.code, step.refused == RefusedIf.TRUE ? away : 0,
                    step.refused == RefusedIf.FALSE ? away : 0, step.operand);
        }
        instruction(code, count, RETURN, 0, 0, verdict);
        instruction(code, count + 1, RETURN, 0, 0, NOTHING);
        MemorySegment program = arena.allocate(16, 8);
        program.set(JAVA_SHORT, 0, (short) (count + 2));
        program.set(ADDRESS, 8, code);
        return program;
    }

    /** A struct sock_filter: code (16 bits), how many to leave out if true and if false (8 each), operand (32). */
    private static void instruction(MemorySegment program, int index, int code, int ifTrue, int ifFalse, int operand) {
        long at = (long) INSTRUCTION * index;
        program.set(JAVA_SHORT, at, (short) code);
        program.set(JAVA_BYTE, at + 2, (byte) ifTrue);
        program.set(JAVA_BYTE, at + 3, (byte) ifFalse);
        program.set(JAVA_INT, at + 4, operand);
    }
}
