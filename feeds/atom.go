package feeds

import (
	"encoding/base64"
	"strings"

	"github.com/mmcdole/gofeed/atom"
)

// atomFeed takes over what gofeed read of an Atom document.
func (r *reader) atomFeed(f *atom.Feed, doc []byte, spans []itemSpan) {
	r.feed.Kind = "atom1.0"
	if strings.HasPrefix(f.Version, "0.") {
		r.feed.Kind = "atom0.3"
	}
	r.feed.Title = plainTitle(f.Title)
	r.setSite(atomLink(f.Links))
	for _, l := range f.Links {
		if l.Rel == "self" {
			r.feed.FeedURL = first(r.link(l.Href), r.feed.FeedURL)
		}
	}
	r.feed.Language = language(f.Language)
	r.feed.TTL = updatePeriod(f.Extensions)
	r.feed.Items = make([]Item, 0, len(f.Entries))
	if len(spans) != len(f.Entries) {
		spans = nil
	}
	for i, e := range f.Entries {
		item := r.atomItem(e)
		if item.Author == "" {
			item.Author = people(f.Authors)
		}
		// gofeed resolves ids as if they were links; what the publisher wrote is the id.
		if spans != nil && spans[i].id.end > spans[i].id.start {
			item.ID = elementText(spans[i].id.of(doc))
		}
		r.feed.Items = append(r.feed.Items, item)
	}
}

func (r *reader) atomItem(e *atom.Entry) Item {
	item := Item{ID: e.ID, Title: first(e.Title, extText(e.Extensions, "media", "title")), Author: people(e.Authors)}
	item.Link = first(atomLink(e.Links), extText(e.Extensions, "feedburner", "origLink"), webOnly(e.ID))
	item.Published = firstDate(e.PublishedParsed, append([]string{e.Published},
		extTexts(e.Extensions, "dc:date", "dcterms:issued", "dcterms:created")...)...)
	item.Updated = firstDate(e.UpdatedParsed, e.Updated, extText(e.Extensions, "dcterms", "modified"))
	for _, c := range e.Categories {
		item.Categories = append(item.Categories, first(c.Label, c.Term))
	}
	body := r.unmark(e.Summary)
	if e.Content != nil {
		if text := r.unmark(atomContent(e.Content)); len(text) > len(body) || body == "" {
			body = text
		}
	}
	item.HTML = first(body, mediaText(e.Extensions))
	item.Image = mediaImage(e.Extensions)
	if item.Image == "" {
		for _, l := range e.Links {
			if l.Rel == "enclosure" && strings.HasPrefix(l.Type, "image/") {
				item.Image = l.Href
				break
			}
		}
	}
	return item
}

// atomContent is the text of a content element. gofeed leaves base64 of text
// types as it is.
func atomContent(c *atom.Content) string {
	kind := strings.ToLower(c.Type)
	if strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "audio/") || strings.HasPrefix(kind, "video/") {
		return ""
	}
	if kind == "application/octet-stream" || strings.HasPrefix(kind, "application/") && !strings.Contains(kind, "xml") {
		if text, err := base64.StdEncoding.DecodeString(strings.TrimSpace(c.Value)); err == nil {
			return string(text)
		}
	}
	return c.Value
}

// atomLink is the link to the page itself: rel "alternate", HTML before other
// types, else the first link that is neither the feed nor a reply or file.
func atomLink(links []*atom.Link) string {
	best, rank := "", 0
	for _, l := range links {
		if l.Href == "" {
			continue
		}
		score := 0
		switch strings.ToLower(l.Rel) {
		case "alternate":
			score = 3
			if l.Type == "" || strings.Contains(l.Type, "html") {
				score = 4
			}
		case "related", "via", "canonical":
			score = 1
		}
		if score > rank {
			best, rank = l.Href, score
		}
	}
	return best
}

// people joins the names of Atom persons.
func people(persons []*atom.Person) string {
	var names []string
	for _, p := range persons {
		if name := first(p.Name, p.Email); name != "" {
			names = append(names, name)
		}
	}
	return joinNames(names)
}
