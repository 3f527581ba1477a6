package discord

import (
	"strings"
)

// Discord's limits for one message, in components and code points. Sources:
// Discord's documentation, "Message Resource" and "Component Reference".
const (
	maxComponents  = 40   // nested ones and accessories included
	maxText        = 4000 // all text displays of a message together
	maxContent     = 2000
	maxRow         = 5 // buttons
	maxGallery     = 10
	maxSection     = 3 // texts
	maxFiles       = 10
	maxEmbeds      = 10
	maxEmbedTotal  = 6000 // all embeds of a message together
	maxTitle       = 256
	maxDescription = 4096
	maxFields      = 25
	maxFieldValue  = 1024
	maxFooter      = 2048
)

// Split cuts m into as many messages as Discord's limits ask for, in order. No
// text, picture or button is lost, and nothing is cut inside a component unless
// one text alone is too long: then at the end of a line, a sentence or a word.
// A container that does not fit goes on in the next message with the same
// colour; a separator where a message ends or goes on is left out. Empty texts
// and rows, which Discord refuses, are left out; a message with nothing in it
// gives none.
func Split(m Message) []Message {
	var out []Message
	if m.V2() {
		out = splitV2(m)
	} else {
		out = splitClassic(m)
	}
	return spreadFiles(m.Files, out)
}

// piece is a component that stays whole, and the index of the container it
// came from, or -1.
type piece struct {
	box int
	c   Component
}

func splitV2(m Message) []Message {
	var pieces []piece
	if m.Content != "" {
		for _, c := range divide(Text(m.Content)) {
			pieces = append(pieces, piece{-1, c})
		}
	}
	for i, c := range m.Components {
		if c.Type != TypeContainer {
			for _, d := range divide(c) {
				pieces = append(pieces, piece{-1, d})
			}
			continue
		}
		for _, child := range c.Components {
			for _, d := range divide(child) {
				pieces = append(pieces, piece{i, d})
			}
		}
	}
	p := packer{boxes: m.Components}
	for _, pc := range pieces {
		p.add(pc)
	}
	p.flush(false)
	for i := range p.out {
		p.out[i].Flags, p.out[i].Roles = m.Flags, m.Roles
	}
	return p.out
}

// packer fills messages with pieces, each as far as it goes.
type packer struct {
	boxes   []Component // the message's containers, by index
	out     []Message
	current []Component
	box     int // container the last component of current continues, or -1
	used    map[int]bool
	count   int
	text    int
}

func (p *packer) add(pc piece) {
	if len(p.current) == 0 {
		p.box = -1
	}
	count, text := pc.c.count(), pc.c.text()
	opens := pc.box >= 0 && pc.box != p.box
	if opens {
		count++
	}
	if p.count+count > maxComponents || p.text+text > maxText {
		p.flush(true)
		if opens = pc.box >= 0; opens {
			count = pc.c.count() + 1
		}
	}
	if len(p.current) == 0 && len(p.out) > 0 && pc.c.Type == TypeSeparator {
		return
	}
	if opens {
		box := p.boxes[pc.box]
		box.Components = nil
		if p.used == nil {
			p.used = map[int]bool{}
		}
		if p.used[pc.box] {
			box.ID = 0 // ids are unique, and the first part keeps it
		}
		p.used[pc.box] = true
		p.current = append(p.current, box)
	}
	p.count += count
	p.text += text
	p.box = pc.box
	if pc.box < 0 {
		p.current = append(p.current, pc.c)
		return
	}
	last := &p.current[len(p.current)-1]
	last.Components = append(last.Components, pc.c)
}

// flush ends the current message; more says that the next one continues it.
func (p *packer) flush(more bool) {
	cs := p.current
	if more {
		cs = trimSeparators(cs)
	}
	if len(cs) > 0 {
		p.out = append(p.out, Message{Components: cs})
	}
	p.current, p.count, p.text, p.box = nil, 0, 0, -1
}

// trimSeparators drops the separators at the end of a message, also inside its
// last container.
func trimSeparators(cs []Component) []Component {
	for len(cs) > 0 {
		last := &cs[len(cs)-1]
		switch {
		case last.Type == TypeContainer:
			if last.Components = trimSeparators(last.Components); len(last.Components) > 0 {
				return cs
			}
		case last.Type != TypeSeparator:
			return cs
		}
		cs = cs[:len(cs)-1]
	}
	return cs
}

// divide returns a component as the components that each obey Discord's limits
// of one component.
func divide(c Component) []Component {
	switch c.Type {
	case TypeText:
		return texts(c.ID, c.Content)
	case TypeSection:
		return divideSection(c)
	case TypeRow:
		return chunks(c, c.Components, maxRow, func(c *Component, part []Component) { c.Components = part })
	case TypeGallery:
		return chunks(c, c.Items, maxGallery, func(c *Component, part []GalleryItem) { c.Items = part })
	}
	return []Component{c}
}

// chunks returns copies of c with at most n of the parts each.
func chunks[T any](c Component, parts []T, n int, set func(*Component, []T)) []Component {
	var out []Component
	for len(parts) > 0 {
		k := min(n, len(parts))
		d := c
		set(&d, parts[:k:k])
		if len(out) > 0 {
			d.ID = 0
		}
		out, parts = append(out, d), parts[k:]
	}
	return out
}

// texts returns s as text displays, the first with the id.
func texts(id int, s string) []Component {
	var out []Component
	for _, part := range pieces(s, maxText) {
		out = append(out, Component{Type: TypeText, ID: id, Content: part})
		id = 0
	}
	return out
}

// divideSection keeps beside the accessory what fits there; the rest follows as
// texts of its own.
func divideSection(c Component) []Component {
	var inside, after []Component
	room := maxText
	for _, t := range c.Components {
		for _, d := range texts(t.ID, t.Content) {
			if n := d.text(); len(after) == 0 && len(inside) < maxSection && n <= room {
				inside, room = append(inside, d), room-n
			} else {
				after = append(after, d)
			}
		}
	}
	if len(inside) > 0 {
		c.Components = inside
		return append([]Component{c}, after...)
	}
	// A section without text does not exist, but its accessory was meant.
	switch {
	case c.Accessory == nil:
		return nil
	case c.Accessory.Type == TypeThumbnail && c.Accessory.Media != nil:
		return []Component{Gallery(GalleryItem{Media: *c.Accessory.Media, Description: c.Accessory.Description})}
	}
	return []Component{Row(*c.Accessory)}
}

// spreadFiles gives every message the files it refers to, and the first those
// that nothing refers to.
func spreadFiles(files []File, out []Message) []Message {
	if len(files) == 0 {
		return out
	}
	if len(out) == 0 {
		out = []Message{{}}
	}
	for _, f := range files {
		name, found := "attachment://"+f.Name, false
		for i := range out {
			if len(out[i].Files) < maxFiles && refers(out[i], name) {
				out[i].Files, found = append(out[i].Files, f), true
			}
		}
		if !found {
			out[0].Files = append(out[0].Files, f)
		}
	}
	return out
}

func refers(m Message, name string) bool {
	for _, e := range m.Embeds {
		if e.Image != nil && e.Image.URL == name || e.Thumbnail != nil && e.Thumbnail.URL == name {
			return true
		}
	}
	return componentsRefer(m.Components, name)
}

func componentsRefer(cs []Component, name string) bool {
	for _, c := range cs {
		if c.Media != nil && c.Media.URL == name || c.File != nil && c.File.URL == name {
			return true
		}
		for _, it := range c.Items {
			if it.Media.URL == name {
				return true
			}
		}
		if c.Accessory != nil && componentsRefer([]Component{*c.Accessory}, name) || componentsRefer(c.Components, name) {
			return true
		}
	}
	return false
}

// blank reports whether Discord, which trims, would see nothing in s.
func blank(s string) bool { return strings.TrimSpace(s) == "" }
