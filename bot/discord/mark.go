package discord

import (
	"crypto/sha256"
	"encoding/binary"
)

// Mark returns the component id under which the message with this nonce can be
// found again in a channel's history (see Client.Find): a hash of the nonce,
// from 2²⁰ to 2³¹−1, clear of the small numbers Discord gives by itself.
func Mark(nonce string) int {
	sum := sha256.Sum256([]byte("mark\x00" + nonce))
	const low, high = 1 << 20, 1<<31 - 1
	return int(low + binary.BigEndian.Uint64(sum[:8])%(high-low))
}

// SetMark gives the message's first component the id mark and reports whether
// it could: a message without components has nothing to mark.
func (m *Message) SetMark(mark int) bool {
	if len(m.Components) == 0 {
		return false
	}
	cs := append([]Component(nil), m.Components...)
	cs[0].ID = mark
	m.Components = cs
	return true
}

// marked reports whether one of the components, nested ones included, has the
// id mark.
func marked(cs []Component, mark int) bool {
	for _, c := range cs {
		if c.ID == mark || marked(c.Components, mark) {
			return true
		}
		if c.Accessory != nil && c.Accessory.ID == mark {
			return true
		}
	}
	return false
}
