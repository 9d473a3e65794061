package auth

import (
	"net/netip"
	"testing"
)

var (
	home   = netip.MustParseAddr("192.0.2.1")
	abroad = netip.MustParseAddr("192.0.2.2")
)

func TestOrigin_TellsApartWhatIsApart(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		a, b        string
		from, other string
		same        bool
	}{
		{"the same", "agent", "agent", "192.0.2.1", "192.0.2.1", true},
		{"another account", "agent", "agent2", "192.0.2.1", "192.0.2.1", false},
		{"another address", "agent", "agent", "192.0.2.1", "192.0.2.2", false},
		{"the same address in IPv6", "agent", "agent", "192.0.2.1", "::ffff:192.0.2.1", true},
		{"an IPv6 neighbour", "agent", "agent", "2001:db8::1", "2001:db8::ffff:2", true},
		{"the same with a zone", "agent", "agent", "fe80::1", "fe80::1%eth0", true},
		{"another IPv6 network", "agent", "agent", "2001:db8::1", "2001:db8:0:1::1", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := newOrigin(tt.a, netip.MustParseAddr(tt.from))
			b := newOrigin(tt.b, netip.MustParseAddr(tt.other))
			if (a == b) != tt.same {
				t.Errorf("same origin: %t, want %t", a == b, tt.same)
			}
		})
	}
	if newOrigin("agent", netip.Addr{}) == newOrigin("agent", home) {
		t.Error("an unknown address is the same as a known one")
	}
}
