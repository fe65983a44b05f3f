package org.sluice.fastpath.linux;

/**
 * How a packet ring is cut: blocks of memory that are contiguous in the kernel, each holding as many whole slots as fit. The
 * kernel rounds a block up to a power of two pages, so a block should be one; what is left at its end is not used.
 *
 * @param slotSize bytes, a multiple of 16
 * @param blockSize bytes, a power of two and at least a page
 * @param blocks at least 1
 */
public record RingGeometry(int slotSize, int blockSize, int blocks) {
    private static final int ALIGNMENT = 16;
    private static final int PAGE = 4096;

    public RingGeometry {
        if (slotSize <= 0 || slotSize % ALIGNMENT != 0) {
            throw new IllegalArgumentException("slot size " + slotSize + " is not a multiple of " + ALIGNMENT);
        }
        if (blockSize < slotSize || blockSize < PAGE || Integer.bitCount(blockSize) != 1) {
            throw new IllegalArgumentException("block size " + blockSize + " is not a power of two that holds a slot");
        }
        if (blocks < 1 || (long) blocks * blockSize > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(blocks + " blocks of " + blockSize + " bytes: from 1 block to 2 GiB");
        }
    }

    /** @return the smallest geometry with at least that many slots. */
    public static RingGeometry atLeast(int slots, int slotSize, int blockSize) {
        int perBlock = blockSize / slotSize;
        return new RingGeometry(slotSize, blockSize, Math.max(1, Math.ceilDiv(slots, perBlock)));
    }

    /** @return number of slots. */
    public int slots() {
        return blockSize / slotSize * blocks;
    }

    /** @return bytes of the whole ring. */
    public int size() {
        return blockSize * blocks;
    }

    /** @return where each slot starts, bytes from the start of the ring. */
    public int[] offsets() {
        int perBlock = blockSize / slotSize;
        int[] offsets = new int[slots()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = i / perBlock * blockSize + i % perBlock * slotSize;
        }
        return offsets;
    }
}
