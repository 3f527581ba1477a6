package feeds

import (
	"strconv"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

// rssFeed takes over what gofeed read of an RSS or RDF document.
func (r *reader) rssFeed(f *rss.Feed, doc []byte, o outline) {
	r.feed.Kind = rssKind(o.root, f.Version)
	r.feed.Title = plainTitle(first(f.Title, extText(f.Extensions, "dc", "title"), extText(f.Extensions, "media", "title")))
	links := atomLinks(f.Extensions)
	r.setSite(first(f.Link, links["alternate"], firstLink(f.Links)))
	if self := r.link(links["self"]); self != "" {
		r.feed.FeedURL = self
	}
	r.feed.Language = language(first(f.Language, extText(f.Extensions, "dc", "language")))
	r.feed.TTL = max(minutes(f.TTL), updatePeriod(f.Extensions))
	r.feed.Skip = newSkip(hours(f.SkipHours), weekdays(f.SkipDays))
	r.feed.Items = make([]Item, 0, len(f.Items))
	spans := o.items
	if len(spans) != len(f.Items) {
		spans = nil
	}
	for i, it := range f.Items {
		var at itemSpan
		if spans != nil {
			at = spans[i]
		}
		r.feed.Items = append(r.feed.Items, r.rssItem(it, doc, at))
	}
}

// rssKind names the dialect.
func rssKind(root, version string) string {
	version = strings.TrimSpace(version)
	switch {
	case root == "rdf" && version == "0.9", version == "0.90":
		return "rss0.9"
	case root == "rdf":
		return "rss1.0"
	case version == "0.91":
		return "rss0.91"
	case version == "0.92", version == "0.93", version == "0.94":
		return "rss0.92"
	}
	return "rss2.0"
}

func (r *reader) rssItem(it *rss.Item, doc []byte, at itemSpan) Item {
	item := Item{Title: first(it.Title, extText(it.Extensions, "dc", "title"), extText(it.Extensions, "media", "title"))}
	about := ""
	if at.open.end > 0 {
		about = first(attrOf(at.open.of(doc), "rdf:about"), attrOf(at.open.of(doc), "about"))
	}
	permalink := ""
	if it.GUID != nil {
		item.ID = it.GUID.Value
		if _, ok := webURL(item.ID); ok && !strings.EqualFold(it.GUID.IsPermalink, "false") {
			permalink = item.ID
		}
	}
	item.ID = first(item.ID, about, extText(it.Extensions, "dc", "identifier"), extText(it.Extensions, "atom", "id"))
	item.Link = first(it.Link, firstLink(it.Links), atomLinks(it.Extensions)["alternate"],
		extText(it.Extensions, "feedburner", "origLink"), permalink, webOnly(about))
	item.Author = rssAuthor(it)
	item.Published = firstDate(it.PubDateParsed, append([]string{it.PubDate, it.Custom["date"], it.Custom["pubdate"], it.Custom["published"]},
		extTexts(it.Extensions, "dc:date", "dcterms:issued", "dcterms:created", "dcterms:date", "atom:published", "prism:publicationDate")...)...)
	item.Updated = firstDate(nil, extTexts(it.Extensions, "atom:updated", "dcterms:modified", "atom03:modified")...)
	for _, c := range it.Categories {
		item.Categories = append(item.Categories, c.Value)
	}
	if it.DublinCoreExt != nil {
		item.Categories = append(item.Categories, it.DublinCoreExt.Subject...)
	}
	item.HTML = r.rssBody(it, doc, at)
	item.Image = r.rssImage(it)
	return item
}

// rssBody is the fullest text of an item.
func (r *reader) rssBody(it *rss.Item, doc []byte, at itemSpan) string {
	body := r.unmark(it.Description)
	if content := r.unmark(it.Content); len(content) > len(body) || body == "" {
		body = first(content, body)
	}
	if body == "" && at.end > 0 {
		body = first(rawElement(at.of(doc), "xhtml:body"), rawElement(at.of(doc), "body"))
	}
	return r.unmark(first(body, it.Custom["encoded"], it.Custom["fullitem"], extText(it.Extensions, "content", "encoded"),
		extText(it.Extensions, "atom", "content"), extText(it.Extensions, "atom", "summary"),
		mediaText(it.Extensions), extText(it.Extensions, "itunes", "summary"), extText(it.Extensions, "dc", "description")))
}

// rssAuthor is the item's author: RSS puts a mail address before the name.
func rssAuthor(it *rss.Item) string {
	if it.DublinCoreExt != nil && len(it.DublinCoreExt.Creator) > 0 {
		return joinNames(it.DublinCoreExt.Creator)
	}
	author := personName(it.Author)
	if author == "" && it.ITunesExt != nil {
		author = it.ITunesExt.Author
	}
	if author == "" {
		for _, a := range it.Extensions["atom"]["author"] {
			for _, n := range a.Children["name"] {
				return n.Value
			}
		}
	}
	return author
}

// personName cuts the mail address from "address (Name)" and "Name <address>".
func personName(s string) string {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "@") {
		return s
	}
	if _, name, ok := strings.Cut(s, "("); ok {
		return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(name), ")"))
	}
	if name, _, ok := strings.Cut(s, "<"); ok && strings.TrimSpace(name) != "" {
		return strings.TrimSpace(name)
	}
	if strings.HasPrefix(strings.ToLower(s), "noreply@") {
		return ""
	}
	return s
}

func joinNames(names []string) string {
	var out []string
	for _, name := range names {
		if name = personName(name); name != "" {
			out = append(out, name)
		}
	}
	return strings.Join(out, ", ")
}

// rssImage chooses an item's picture: the widest of its media, else an
// enclosure, else what podcasts have.
func (r *reader) rssImage(it *rss.Item) string {
	if image := mediaImage(it.Extensions); image != "" {
		return image
	}
	for _, e := range it.Enclosures {
		if strings.HasPrefix(strings.ToLower(e.Type), "image/") || e.Type == "" && imageURL(e.URL) {
			return e.URL
		}
	}
	if it.ITunesExt != nil && it.ITunesExt.Image != "" {
		return it.ITunesExt.Image
	}
	if image := it.Custom["image"]; imageURL(image) {
		return image
	}
	return ""
}

// mediaImage is the widest picture of an item's Media RSS elements.
func mediaImage(e ext.Extensions) string {
	media := e["media"]
	if media == nil {
		return ""
	}
	best, width := "", -1
	var visit func(m map[string][]ext.Extension)
	visit = func(m map[string][]ext.Extension) {
		for _, c := range m["content"] {
			kind := c.Attrs["type"]
			if c.Attrs["medium"] == "image" || strings.HasPrefix(kind, "image/") || kind == "" && c.Attrs["medium"] == "" && imageURL(c.Attrs["url"]) {
				if w, _ := strconv.Atoi(c.Attrs["width"]); w > width {
					best, width = c.Attrs["url"], w
				}
			}
			visit(c.Children)
		}
		for _, t := range m["thumbnail"] {
			// A thumbnail is a picture's small version: only without better ones.
			if best == "" {
				best = t.Attrs["url"]
			}
		}
		for _, g := range m["group"] {
			visit(g.Children)
		}
	}
	visit(media)
	return best
}

// mediaText is the description of an item's Media RSS elements.
func mediaText(e ext.Extensions) string {
	media := e["media"]
	for _, d := range media["description"] {
		return d.Value
	}
	for _, g := range media["group"] {
		for _, d := range g.Children["description"] {
			return d.Value
		}
	}
	return ""
}

// extText is the text of the first extension element of that name.
func extText(e ext.Extensions, prefix, name string) string {
	for _, x := range e[prefix][name] {
		if x.Value != "" {
			return x.Value
		}
	}
	return ""
}

// extTexts are the texts of extension elements named "prefix:name".
func extTexts(e ext.Extensions, names ...string) []string {
	if len(e) == 0 {
		return nil
	}
	var out []string
	for _, name := range names {
		prefix, local, _ := strings.Cut(name, ":")
		if text := extText(e, prefix, local); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// atomLinks are the first links by relation among Atom elements in RSS.
func atomLinks(e ext.Extensions) map[string]string {
	var links map[string]string
	for _, prefix := range [...]string{"atom", "atom10", "atom03", "a10"} {
		for _, l := range e[prefix]["link"] {
			rel := l.Attrs["rel"]
			if rel == "" {
				rel = "alternate"
			}
			if links == nil {
				links = map[string]string{}
			}
			if links[rel] == "" {
				links[rel] = l.Attrs["href"]
			}
		}
	}
	return links
}

// first is the first of the strings that is not blank.
func first(values ...string) string {
	for _, v := range values {
		if strings.TrimSpace(v) != "" {
			return v
		}
	}
	return ""
}

func firstLink(links []string) string { return first(links...) }

// webOnly is s if it is an http or https address.
func webOnly(s string) string {
	if _, ok := webURL(s); ok {
		return s
	}
	return ""
}

// language normalises a language tag ("en_us" → "en-us") and drops nonsense.
func language(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "_", "-")
	if len(s) < 2 || len(s) > 35 {
		return ""
	}
	for _, c := range s {
		if c != '-' && (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') {
			return ""
		}
	}
	return s
}

// minutes reads RSS's ttl.
func minutes(s string) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n <= 0 || n > 60*24*31 {
		return 0
	}
	return time.Duration(n) * time.Minute
}

// updatePeriod is the syndication module's wish: a period divided by a
// frequency (web.resource.org/rss/1.0/modules/syndication).
func updatePeriod(e ext.Extensions) time.Duration {
	var period time.Duration
	switch strings.ToLower(strings.TrimSpace(extText(e, "sy", "updatePeriod"))) {
	case "hourly":
		period = time.Hour
	case "daily":
		period = 24 * time.Hour
	case "weekly":
		period = 7 * 24 * time.Hour
	case "monthly":
		period = 30 * 24 * time.Hour
	case "yearly":
		period = 365 * 24 * time.Hour
	default:
		return 0
	}
	if n, err := strconv.Atoi(strings.TrimSpace(extText(e, "sy", "updateFrequency"))); err == nil && n > 1 {
		period /= time.Duration(n)
	}
	return period
}

// hours reads skipHours; RSS counts 0 to 23, some 1 to 24.
func hours(texts []string) []int {
	var out []int
	for _, text := range texts {
		if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && n >= 0 && n <= 24 {
			out = append(out, n%24)
		}
	}
	return out
}

// weekdays reads skipDays.
func weekdays(texts []string) []time.Weekday {
	var out []time.Weekday
	for _, text := range texts {
		for day := time.Sunday; day <= time.Saturday; day++ {
			if strings.EqualFold(strings.TrimSpace(text), day.String()) {
				out = append(out, day)
			}
		}
	}
	return out
}
