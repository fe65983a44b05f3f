package org.sluice.fastpath.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinuxExceptionTest {
    @Test
    void shouldSayWhichCallFailedWhyAndWhatToDo() {
        assertThat(new LinuxException("socket", 1)).hasMessage(
                "socket: EPERM (operation not permitted): run as root or with CAP_NET_RAW and CAP_NET_ADMIN");
        assertThat(new LinuxException("bind to eth7", 19)).hasMessageContainingAll("bind to eth7", "ENODEV", "ip link");
    }

    @Test
    void shouldKeepTheNumberOfAnErrorItHasNoNameFor() {
        LinuxException exception = new LinuxException("mmap", 75);

        assertThat(exception).hasMessageContaining("errno 75");
        assertThat(exception.errno()).isEqualTo(Errno.UNKNOWN);
    }
}
