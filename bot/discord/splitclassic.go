package discord

import "strings"

// splitClassic splits a message of content and embeds. Buttons stay under the
// last part.
func splitClassic(m Message) []Message {
	var out []Message
	for _, s := range pieces(m.Content, maxContent) {
		out = append(out, Message{Content: s})
	}
	if groups := groupEmbeds(m.Embeds); len(groups) > 0 {
		if len(out) == 0 {
			out = append(out, Message{})
		}
		out[len(out)-1].Embeds = groups[0]
		for _, g := range groups[1:] {
			out = append(out, Message{Embeds: g})
		}
	}
	rows := rowsOf(m.Components)
	if len(rows) > 0 && len(out) == 0 {
		out = append(out, Message{})
	}
	for i := 0; i < len(rows); i += maxRow {
		part := rows[i:min(i+maxRow, len(rows))]
		if i == 0 {
			out[len(out)-1].Components = part
		} else {
			out = append(out, Message{Components: part})
		}
	}
	for i := range out {
		out[i].Flags, out[i].Roles = m.Flags, m.Roles
	}
	return out
}

func rowsOf(cs []Component) []Component {
	var rows []Component
	for _, c := range cs {
		rows = append(rows, divide(c)...)
	}
	return rows
}

// groupEmbeds puts embeds into messages: at most ten and 6,000 code points each.
func groupEmbeds(es []Embed) [][]Embed {
	var groups [][]Embed
	size := 0
	for _, whole := range es {
		for _, e := range divideEmbed(whole) {
			n := e.size()
			last := len(groups) - 1
			if last < 0 || len(groups[last]) == maxEmbeds || size+n > maxEmbedTotal {
				groups, size, last = append(groups, nil), 0, last+1
			}
			groups[last], size = append(groups[last], e), size+n
		}
	}
	return groups
}

// size returns the code points of e that count towards the total.
func (e Embed) size() int {
	n := runes(e.Title) + runes(e.Description)
	if e.Footer != nil {
		n += runes(e.Footer.Text)
	}
	if e.Author != nil {
		n += runes(e.Author.Name)
	}
	for _, f := range e.Fields {
		n += runes(f.Name) + runes(f.Value)
	}
	return n
}

// divideEmbed returns e as embeds that each obey the limits of one embed: a long
// description and many fields go on in further embeds of the same colour, a
// title too long goes on in the description. Picture and author stay with the
// first, the footer goes to the last.
func divideEmbed(e Embed) []Embed {
	description, fields, footer := e.Description, e.Fields, e.Footer
	e.Title = strings.TrimSpace(e.Title)
	if t := pieces(e.Title, maxTitle); len(t) > 1 {
		rest := e.Title[len(t[0]):]
		if description != "" {
			rest += "\n" + description
		}
		e.Title, description = t[0], rest
	}
	if e.Author != nil {
		a := *e.Author
		a.Name = cut(a.Name, maxTitle)
		e.Author = &a
	}
	e.Description, e.Fields, e.Footer = "", nil, nil
	out := []Embed{e}
	// 4,096 of 6,000 leave room for title and author in the same embed.
	for i, part := range pieces(description, maxDescription) {
		if i > 0 {
			out = append(out, Embed{Type: e.Type, Color: e.Color})
		}
		out[len(out)-1].Description = part
	}
	for _, f := range divideFields(fields) {
		last := &out[len(out)-1]
		if len(last.Fields) == maxFields || last.size()+runes(f.Name)+runes(f.Value) > maxEmbedTotal {
			out = append(out, Embed{Type: e.Type, Color: e.Color})
			last = &out[len(out)-1]
		}
		last.Fields = append(last.Fields, f)
	}
	if footer != nil {
		f := *footer
		f.Text = cut(f.Text, maxFooter)
		if last := out[len(out)-1]; last.size()+runes(f.Text) > maxEmbedTotal {
			out = append(out, Embed{Type: e.Type, Color: e.Color})
		}
		out[len(out)-1].Footer = &f
	}
	return out
}

// divideFields gives a field whose value is too long further fields below it.
func divideFields(fields []EmbedField) []EmbedField {
	var out []EmbedField
	for _, f := range fields {
		name := cut(f.Name, maxTitle)
		for _, v := range pieces(f.Value, maxFieldValue) {
			out = append(out, EmbedField{Name: name, Value: v, Inline: f.Inline})
			name = zeroWidthSpace // a field needs a name
		}
	}
	return out
}
