package feeds

import (
	"errors"
	"math/big"
	"net/netip"
	"testing"
)

// specialBlocks are IANA's special-purpose registries for IPv4 and IPv6
// (iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry,
// November 2026) and multicast. The few entries that IANA calls globally
// reachable are anycast services and relays, where no feed lives.
func specialBlocks() map[string]string {
	return map[string]string{
		"0.0.0.0/8": "this network", "0.0.0.0/32": "this host", "10.0.0.0/8": "private use", "100.64.0.0/10": "shared by carriers",
		"127.0.0.0/8": "loopback", "169.254.0.0/16": "link-local", "172.16.0.0/12": "private use", "192.0.0.0/24": "protocol assignments",
		"192.0.0.0/29": "IPv4 service continuity", "192.0.0.8/32": "dummy address", "192.0.0.9/32": "port control anycast",
		"192.0.0.10/32": "TURN anycast", "192.0.0.170/32": "NAT64 discovery", "192.0.0.171/32": "NAT64 discovery",
		"192.0.2.0/24": "documentation 1", "192.31.196.0/24": "AS112", "192.52.193.0/24": "multicast tunnels", "192.88.99.0/24": "6to4 relay",
		"192.168.0.0/16": "private use", "192.175.48.0/24": "AS112, direct", "198.18.0.0/15": "benchmarking", "198.51.100.0/24": "documentation 2",
		"203.0.113.0/24": "documentation 3", "224.0.0.0/4": "multicast", "240.0.0.0/4": "reserved", "255.255.255.255/32": "broadcast",
		"168.63.129.16/32": "Azure's wire server, no block of IANA's",

		"::1/128": "loopback", "::/128": "unspecified", "::/96": "IPv4-compatible", "::ffff:0:0/96": "IPv4-mapped", "64:ff9b::/96": "NAT64", "64:ff9b:1::/48": "local NAT64",
		"100::/64": "discard only", "100:0:0:1::/64": "dummy prefix", "2001::/23": "protocol assignments", "2001::/32": "Teredo",
		"2001:1::1/128": "port control anycast", "2001:1::2/128": "TURN anycast", "2001:1::3/128": "DNS-SD anycast", "2001:2::/48": "benchmarking",
		"2001:3::/32": "multicast tunnels", "2001:4:112::/48": "AS112", "2001:10::/28": "ORCHID", "2001:20::/28": "ORCHID v2", "2001:30::/28": "drone ids",
		"2001:db8::/32": "documentation", "2002::/16": "6to4", "2620:4f:8000::/48": "AS112, direct", "3fff::/20": "documentation",
		"5f00::/16": "segment routing", "fc00::/7": "unique local", "fe80::/10": "link-local", "fec0::/10": "site-local, deprecated", "ff00::/8": "multicast",
	}
}

// last is the last address of a block.
func last(p netip.Prefix) netip.Addr {
	at := p.Masked().Addr()
	n := new(big.Int).SetBytes(at.AsSlice())
	size := new(big.Int).Lsh(big.NewInt(1), uint(at.BitLen()-p.Bits()))
	raw := n.Add(n, size.Sub(size, big.NewInt(1))).FillBytes(make([]byte, at.BitLen()/8))
	end, _ := netip.AddrFromSlice(raw)
	return end
}

// TestGuardRefusesEverySpecialPurposeBlock calls what the dialer calls before it
// sends a packet, with both ends of every block. IPv4 blocks are also tried in
// all the ways in which IPv6 carries an IPv4 address.
func TestGuardRefusesEverySpecialPurposeBlock(t *testing.T) {
	t.Parallel()
	g := newGuard(nil)
	blocks := specialBlocks()
	if len(blocks) < 50 {
		t.Fatalf("%d blocks", len(blocks))
	}
	for block, name := range blocks {
		p := netip.MustParsePrefix(block)
		for _, at := range []netip.Addr{p.Addr(), last(p)} {
			network := "tcp6"
			forms := []netip.Addr{at}
			if at.Is4() {
				network = "tcp4"
				forms = append(forms, carried(at)...)
			}
			for i, form := range forms {
				if i > 0 {
					network = "tcp6"
				}
				err := g.control(network, netip.AddrPortFrom(form, 443).String(), nil)
				if !errors.Is(err, errPrivate) {
					t.Errorf("%s (%s, %s) as %s: error %v", at, block, name, form, err)
				}
			}
		}
	}
}

// carried are the IPv6 addresses that stand for an IPv4 address: mapped,
// compatible, by NAT64 (well-known and local), 6to4 and Teredo (RFC 4291, 6052,
// 8215, 3056, 4380).
func carried(at netip.Addr) []netip.Addr {
	v4 := at.As4()
	in := func(prefix string, offset int, flip byte) netip.Addr {
		raw := netip.MustParseAddr(prefix).As16()
		for i, b := range v4 {
			raw[offset+i] = b ^ flip
		}
		return netip.AddrFrom16(raw)
	}
	return []netip.Addr{
		in("::ffff:0:0", 12, 0), in("::", 12, 0), in("64:ff9b::", 12, 0), in("64:ff9b:1::", 12, 0),
		in("2002::1", 2, 0), in("2001::", 12, 0xff),
	}
}
