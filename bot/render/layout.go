package render

import (
	"unicode/utf8"

	"broadsheet/bot/discord"
)

// Discord's limits for one message of Components V2 (Discord documentation,
// "Component Reference"): components, nested ones included, and code points of
// text in all. One component less leaves room for the mention of a role.
const (
	maxComponents = 39
	maxText       = 3900
)

// layout fills containers with blocks, a block being components that must not
// be parted, and goes on in a further message when one is full.
type layout struct {
	color  int
	again  string // text that heads every message after the first
	blocks [][]discord.Component
}

// add appends a block.
func (l *layout) add(cs ...discord.Component) { l.blocks = append(l.blocks, cs) }

// last appends components to the last block, so that buttons never stand in a
// message of their own.
func (l *layout) last(cs ...discord.Component) {
	end := len(l.blocks) - 1
	l.blocks[end] = append(l.blocks[end], cs...)
}

// messages returns what was added.
func (l *layout) messages() []discord.Message {
	var out []discord.Message
	var box []discord.Component
	count, text := 1, 0
	flush := func() {
		out = append(out, discord.Message{Components: []discord.Component{discord.Container(l.color, box...)}})
	}
	for _, block := range l.blocks {
		c, t := weigh(block)
		if len(box) > 0 && (count+c > maxComponents || text+t > maxText) {
			flush()
			box = []discord.Component{discord.Text(l.again)}
			count, text = 2, utf8.RuneCountInString(l.again)
		}
		box = append(box, block...)
		count, text = count+c, text+t
	}
	if len(box) > 0 {
		flush()
	}
	return out
}

// weigh returns how many components cs are, nested ones included, and how many
// code points their texts have.
func weigh(cs []discord.Component) (count, text int) {
	for _, c := range cs {
		count++
		if c.Type == discord.TypeText {
			text += utf8.RuneCountInString(c.Content)
		}
		n, t := weigh(c.Components)
		if c.Accessory != nil {
			n++
		}
		count, text = count+n, text+t
	}
	return count, text
}
