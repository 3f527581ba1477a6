package discordsim

import (
	"maps"
	"strings"
)

// Discord's component types (its reference, "Component Types").
const (
	typeActionRow   = 1
	typeButton      = 2
	typeSelect      = 3
	typeTextInput   = 4
	typeUserSelect  = 5
	typeChanSelect  = 8
	typeSection     = 9
	typeTextDisplay = 10
	typeThumbnail   = 11
	typeGallery     = 12
	typeFile        = 13
	typeSeparator   = 14
	typeContainer   = 17
	typeLabel       = 18
	typeFileUpload  = 19

	styleLink    = 5
	stylePremium = 6
)

func isSelect(t int) bool { return t == typeSelect || t >= typeUserSelect && t <= typeChanSelect }

// isV2 tells the types that a message may hold only with the flag
// IS_COMPONENTS_V2.
func isV2(t int) bool { return t >= typeSection && t <= typeContainer }

// walkComponents visits each component of the tree in order, with its path and
// the type of what holds it (0 at the top): accessories and a label's child too.
func walkComponents(cs []object, path string, visit func(path string, c object, parent int)) {
	var walk func(c object, path string, parent int)
	walk = func(c object, path string, parent int) {
		visit(path, c, parent)
		t := integer(c, "type")
		for i, sub := range objects(c, "components") {
			walk(sub, at(path, "components", i), t)
		}
		for _, key := range []string{"accessory", "component"} {
			if sub := child(c, key); sub != nil {
				walk(sub, at(path, key), t)
			}
		}
	}
	for i, c := range cs {
		walk(c, at(path, i), 0)
	}
}

// storedComponents are the components as Discord hands them back: every one
// with an id, media unfurled, absent values filled in. resolve turns an
// attachment:// address into the uploaded file's attachment.
func (s *Sim) storedComponents(in []object, resolve func(url string) object) []any {
	used := map[int]bool{}
	walkComponents(in, "", func(_ string, c object, _ int) { used[integer(c, "id")] = true })
	next := 0
	fresh := func() int {
		for next++; used[next]; next++ {
		}
		return next
	}
	out := []any{}
	for _, c := range in {
		out = append(out, s.storedComponent(c, fresh, resolve))
	}
	return out
}

func (s *Sim) storedComponent(in object, fresh func() int, resolve func(string) object) object {
	c := maps.Clone(in)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	if integer(c, "id") == 0 {
		c["id"] = fresh()
	}
	if acc := child(c, "accessory"); acc != nil {
		c["accessory"] = s.storedComponent(acc, fresh, resolve)
	}
	if _, ok := c["components"]; ok {
		subs := []any{}
		for _, sub := range objects(c, "components") {
			subs = append(subs, s.storedComponent(sub, fresh, resolve))
		}
		c["components"] = subs
	}
	s.fillComponent(c, resolve)
	return c
}

func fill(o object, key string, v any) {
	if _, ok := o[key]; !ok {
		o[key] = v
	}
}

func (s *Sim) fillComponent(c object, resolve func(string) object) {
	switch t := integer(c, "type"); {
	case t == typeContainer:
		fill(c, "accent_color", nil)
		fill(c, "spoiler", false)
	case t == typeSeparator:
		fill(c, "spacing", 1)
		fill(c, "divider", true)
	case isSelect(t):
		fill(c, "min_values", 1)
		fill(c, "max_values", 1)
	case t == typeThumbnail:
		fill(c, "description", nil)
		fill(c, "spoiler", false)
		c["media"] = s.unfurled(child(c, "media"), resolve)
	case t == typeGallery:
		items := []any{}
		for _, item := range objects(c, "items") {
			item = maps.Clone(item)
			fill(item, "description", nil)
			fill(item, "spoiler", false)
			item["media"] = s.unfurled(child(item, "media"), resolve)
			items = append(items, item)
		}
		c["items"] = items
	case t == typeFile:
		fill(c, "spoiler", false)
		media := s.unfurled(child(c, "file"), resolve)
		c["file"] = media
		c["name"], c["size"] = strings.TrimPrefix(text(child(c, "file"), "url"), "attachment://"), nil
	}
}

func (s *Sim) unfurled(media object, resolve func(string) object) object {
	url := text(media, "url")
	o := object{"id": wireID(s.ids.next()), "url": url, "proxy_url": url, "width": nil, "height": nil, "content_type": nil}
	if a := resolve(url); a != nil {
		o["url"], o["proxy_url"] = a["url"], a["proxy_url"]
		o["content_type"], o["attachment_id"] = a["content_type"], a["id"]
	}
	return o
}

// storedEmbeds are embeds as Discord hands them back.
func storedEmbeds(in []object) []any {
	out := []any{}
	for _, e := range in {
		e = maps.Clone(e)
		maps.DeleteFunc(e, func(_ string, v any) bool { return v == nil })
		e["type"] = "rich"
		if fields := objects(e, "fields"); len(fields) > 0 {
			filled := []any{}
			for _, f := range fields {
				f = maps.Clone(f)
				fill(f, "inline", false)
				filled = append(filled, f)
			}
			e["fields"] = filled
		}
		out = append(out, e)
	}
	return out
}
