package org.sluice.fastpath.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class InterfaceReaderTest {
    @Test
    void shouldReadTheLoopbackDevice() {
        try (InterfaceReader reader = new InterfaceReader("lo")) {
            InterfaceInfo info = reader.read();

            assertThat(info.index()).isPositive();
            assertThat(info.mtu()).isGreaterThanOrEqualTo(1500);
            assertThat(info.macAddress()).isZero();
            assertThat(reader.read()).isEqualTo(info);
        }
    }

    @Test
    void shouldReturnNothingWhenThereIsNoDevice() {
        try (InterfaceReader reader = new InterfaceReader("sluice-absent")) {
            assertThat(reader.read()).isNull();
        }
    }

    @Test
    void shouldRefuseANameNoDeviceCanHave() {
        assertThatThrownBy(() -> new InterfaceReader("sixteen-letters!")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 15 bytes");
        assertThatThrownBy(() -> new InterfaceReader("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNeedBothSwitchAndCarrierToBeUp() {
        assertThat(new InterfaceInfo(2, 0, 1500, 0x41).isUp()).isTrue();
        assertThat(new InterfaceInfo(2, 0, 1500, 0x01).isUp()).isFalse();
        assertThat(new InterfaceInfo(2, 0, 1500, 0x40).isUp()).isFalse();
    }
}
