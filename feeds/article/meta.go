package article

import (
	"encoding/json"
	"html"
	"net/url"
	"strings"
	"time"

	readability "codeberg.org/readeck/go-readability/v2"
	xhtml "golang.org/x/net/html"
)

// metadata is what a page says of itself in its head and its structured data.
type metadata struct {
	props     map[string]string // <meta>, by lower-case name or property
	canonical string
	language  string
	headTitle string
	h1        []string
	times     []string // <time datetime>
	// from JSON-LD (schema.org/Article)
	headline, author, date, image, body, inLanguage string
	base                                            *url.URL
	withheld                                        string // the first word that withholds the text
}

// readMeta gathers metadata from the whole tree.
func readMeta(doc *xhtml.Node, base *url.URL) *metadata {
	m := &metadata{props: map[string]string{}, base: base}
	var visit func(n *xhtml.Node)
	visit = func(n *xhtml.Node) {
		if n.Type == xhtml.ElementNode {
			m.element(n)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
	}
	visit(doc)
	return m
}

func (m *metadata) element(n *xhtml.Node) {
	switch n.Data {
	case "html":
		m.language = first(attr(n, "lang"), attr(n, "xml:lang"))
	case "title":
		if m.headTitle == "" {
			m.headTitle = textOf(n)
		}
	case "meta":
		name := strings.ToLower(first(attr(n, "property"), attr(n, "name"), attr(n, "itemprop")))
		value := strings.TrimSpace(attr(n, "content"))
		if name == "robots" || name == Agent {
			m.withheld = first(m.withheld, Withholds(value))
		}
		if name != "" && value != "" && m.props[name] == "" {
			m.props[name] = value
		}
	case "link":
		if strings.EqualFold(attr(n, "rel"), "canonical") {
			m.canonical = attr(n, "href")
		}
	case "h1":
		if len(m.h1) < 5 {
			m.h1 = append(m.h1, textOf(n))
		}
	case "time":
		if at := attr(n, "datetime"); at != "" && len(m.times) < 3 {
			m.times = append(m.times, at)
		}
	case "script":
		if strings.Contains(strings.ToLower(attr(n, "type")), "ld+json") && n.FirstChild != nil {
			m.structured(n.FirstChild.Data)
		}
	}
}

// structured reads one JSON-LD script.
func (m *metadata) structured(text string) {
	text = strings.TrimSpace(text)
	text = strings.TrimSuffix(strings.TrimPrefix(text, "<!--"), "-->")
	var doc any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return // half of the web's structured data does not parse; the rest of the page does
	}
	m.thing(doc, 0)
}

// thing takes an article's fields from a JSON-LD value or from what it holds.
func (m *metadata) thing(v any, depth int) {
	if depth > 4 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			m.thing(e, depth+1)
		}
	case map[string]any:
		if articleType(v["@type"]) {
			m.headline = first(m.headline, text(v["headline"]), text(v["name"]))
			m.author = first(m.author, names(v["author"]))
			m.date = first(m.date, text(v["datePublished"]), text(v["dateCreated"]))
			m.image = first(m.image, image(v["image"]), image(v["thumbnailUrl"]))
			m.body = first(m.body, text(v["articleBody"]))
			m.inLanguage = first(m.inLanguage, text(v["inLanguage"]))
		}
		m.thing(v["@graph"], depth+1)
		m.thing(v["mainEntity"], depth+1)
		m.thing(v["mainEntityOfPage"], depth+1)
	}
}

// articleType reports whether a JSON-LD type is an article's.
func articleType(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.HasSuffix(v, "Article") || strings.HasSuffix(v, "BlogPosting") || strings.HasSuffix(v, "Report")
	case []any:
		for _, e := range v {
			if articleType(e) {
				return true
			}
		}
	}
	return false
}

// text is a JSON-LD string, or the first of several.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		for _, e := range v {
			if s := text(e); s != "" {
				return s
			}
		}
	case map[string]any:
		return first(text(v["@value"]), text(v["name"]))
	}
	return ""
}

// names joins the names of persons.
func names(v any) string {
	switch v := v.(type) {
	case string:
		return oneLine(v)
	case map[string]any:
		return oneLine(text(v["name"]))
	case []any:
		var out []string
		for _, e := range v {
			if name := names(e); name != "" && len(out) < 5 {
				out = append(out, name)
			}
		}
		return strings.Join(out, ", ")
	}
	return ""
}

// image is the address in a JSON-LD image.
func image(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		return first(text(v["url"]), text(v["contentUrl"]), text(v["@id"]))
	case []any:
		for _, e := range v {
			if s := image(e); s != "" {
				return s
			}
		}
	}
	return ""
}

// article puts together what the page says and what Readability found.
func (m *metadata) article(found readability.Article, pageURL string) Article {
	a := Article{URL: first(m.resolve(m.canonical), pageURL), Withheld: m.withheld}
	a.Title = clip(plain(first(m.headline, m.props["og:title"], m.props["twitter:title"], found.Title(), m.headTitle)), 300)
	a.Byline = clip(byline(plain(first(m.author, m.props["author"], m.props["parsely-author"], m.props["article:author"], found.Byline()))), 200)
	for _, at := range append([]string{m.date, m.props["article:published_time"], m.props["datepublished"], m.props["og:published_time"],
		m.props["date"], m.props["dc.date"], m.props["dcterms.date"], m.props["dc.date.issued"], m.props["parsely-pub-date"], m.props["pubdate"],
		m.props["sailthru.date"]}, m.times...) {
		if t, ok := date(at); ok {
			a.Published = t
			break
		}
	}
	a.Language = tag(first(m.language, m.inLanguage, m.props["og:locale"], m.props["content-language"]))
	a.Image = m.resolve(first(m.props["og:image:secure_url"], m.props["og:image"], m.props["og:image:url"], m.props["twitter:image"],
		m.props["twitter:image:src"], m.image, found.ImageURL()))
	return a
}

// resolve makes an address absolute; "" for what is no web address.
func (m *metadata) resolve(ref string) string {
	if ref = strings.TrimSpace(ref); ref == "" {
		return ""
	}
	u, err := url.Parse(ref)
	if err != nil {
		return ""
	}
	if m.base != nil {
		u = m.base.ResolveReference(u)
	}
	if u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// byline drops addresses and the word before the name.
func byline(s string) string {
	if strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") {
		return ""
	}
	for _, by := range [...]string{"By ", "BY ", "by ", "Von ", "Par ", "Por ", "Di ", "Door "} {
		s = strings.TrimPrefix(s, by)
	}
	return s
}

// date reads the date formats of metadata.
func date(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range [...]string{time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04",
		"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05-07:00", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "20060102T150405Z", "20060102",
		time.RFC1123Z, time.RFC1123, "January 2, 2006", "Jan 2, 2006", "2 January 2006", "2 Jan 2006", "02.01.2006", "2006/01/02"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 1985 && t.Year() < 2200 {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// tag normalises a language tag, "" for nonsense.
func tag(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), ",")
	s = strings.ReplaceAll(s, "_", "-")
	if len(s) < 2 || len(s) > 35 || strings.ContainsAny(s, " \t\"'<>/.:") {
		return ""
	}
	return s
}

// plain is a string from an attribute or a script as text: pages escape twice.
func plain(s string) string {
	s = html.UnescapeString(s)
	if strings.Contains(s, "</") {
		if n, err := xhtml.Parse(strings.NewReader(s)); err == nil {
			s = textOf(n)
		}
	}
	return oneLine(strings.ToValidUTF8(s, "\uFFFD"))
}

// clip shortens s to n characters.
func clip(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}

// textOf is the text of a node as one line.
func textOf(n *xhtml.Node) string {
	var b strings.Builder
	var visit func(*xhtml.Node)
	visit = func(n *xhtml.Node) {
		if n.Type == xhtml.TextNode {
			b.WriteString(n.Data)
			b.WriteByte(' ')
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c)
		}
	}
	visit(n)
	return oneLine(b.String())
}

// first is the first string that is not blank.
func first(values ...string) string {
	for _, v := range values {
		if strings.TrimSpace(v) != "" {
			return v
		}
	}
	return ""
}
