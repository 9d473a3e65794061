package auth

import (
	"crypto/sha256"
	"net/netip"
)

// origin names an account and an address together, in a fixed size whatever
// somebody sent as a username.
type origin [sha256.Size]byte

// AddressOf is the address in a connection's remote address, such as
// "192.0.2.1:49152"; the zero address means unknown. Headers of proxies are not
// for this: anybody can send them.
func AddressOf(remote string) netip.Addr {
	address, _ := netip.ParseAddrPort(remote) // the zero address where there is none
	return address.Addr()
}

// newOrigin returns the origin of attempts for an account from an address. All
// addresses of an IPv6 network of 64 bits are one, since one machine can use them
// all; an unknown address is one too.
func newOrigin(account string, address netip.Addr) origin {
	address = address.Unmap().WithZone("")
	if address.Is6() {
		network, _ := address.Prefix(64) // cannot fail: 64 bits is a valid length
		address = network.Addr()
	}
	place := address.AsSlice()
	text := append([]byte{byte(len(place))}, place...)
	return sha256.Sum256(append(text, account...))
}
