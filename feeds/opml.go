package feeds

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Outline is one feed of an OPML document.
type Outline struct {
	// Title is what the feed is called, URL where it is, Site its web site.
	Title, URL, Site string
	// Folder is the path of folders it lies in, outermost first.
	Folder []string
}

// opmlNode is an <outline> with its attributes in any case, as programs write them.
type opmlNode struct {
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []opmlNode `xml:"outline"`
}

// attr is the value of an attribute, "" if absent.
func (n opmlNode) attr(name string) string {
	for _, a := range n.Attrs {
		if strings.EqualFold(a.Name.Local, name) {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// maxOPML bounds an OPML document.
const maxOPML = 5 << 20

var (
	errNoOPML  = errors.New("the document is no OPML")
	errOddOPML = fmt.Errorf("the document is nested more than %d deep, or has a tag of more than %d attributes or %d bytes", maxDepth, maxAttrs, maxTag)
	errBigOPML = errors.New("the document is larger than 5 MiB")
)

// ReadOPML reads the feeds of an OPML document (opml.org, versions 1 and 2) in
// any encoding, in their order. An address that occurs twice is kept once.
// Outlines without an address are folders.
func ReadOPML(r io.Reader) ([]Outline, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxOPML+1))
	if err != nil {
		return nil, fmt.Errorf("read OPML: %w", err)
	}
	if len(raw) > maxOPML {
		return nil, fmt.Errorf("read OPML: %w", errBigOPML)
	}
	text, _ := toUTF8(raw, "")
	if err := checkOPML(text); err != nil {
		return nil, fmt.Errorf("read OPML: %w", err)
	}
	var doc struct {
		Body struct {
			Outlines []opmlNode `xml:"outline"`
		} `xml:"body"`
		Outlines []opmlNode `xml:"outline"`
	}
	d := xml.NewDecoder(bytes.NewReader(tidy(text)))
	d.Strict = false
	if err := d.Decode(&doc); err != nil {
		return nil, fmt.Errorf("read OPML: %w", err)
	}
	c := collector{seen: map[string]bool{}}
	c.collect(append(doc.Body.Outlines, doc.Outlines...), nil)
	return c.out, nil
}

// checkOPML looks at a document before the parser does, which has no bounds. A
// list may be as long as maxOPML allows: the bounds of feeds are for articles.
func checkOPML(text []byte) error {
	s := scanner{b: text}
	root, depth := "", 0
	for t, ok := s.next(); ok; t, ok = s.next() {
		switch t.kind {
		case startToken:
			if root == "" {
				root = string(bytes.ToLower(local(t.name.of(text))))
			}
			if !t.empty {
				depth++
			}
			if depth > maxDepth || t.attrs > maxAttrs || t.end-t.start > maxTag {
				return errOddOPML
			}
		case endToken:
			depth--
		}
	}
	if root != "opml" && root != "outline" {
		return errNoOPML
	}
	return nil
}

// collector gathers the feeds of an outline tree.
type collector struct {
	out  []Outline
	seen map[string]bool
}

func (c *collector) collect(nodes []opmlNode, folder []string) {
	for _, n := range nodes {
		title := strings.Join(strings.Fields(cleanText(first(n.attr("title"), n.attr("text")))), " ")
		address := n.attr("xmlUrl")
		if address == "" && strings.EqualFold(n.attr("type"), "rss") {
			address = n.attr("url")
		}
		if rest, ok := strings.CutPrefix(address, "feed:"); ok {
			// feed: URLs stand for http ones, feed:https:// for themselves.
			address = rest
			if strings.HasPrefix(rest, "//") {
				address = "http:" + rest
			}
		}
		if _, ok := webURL(address); ok && !c.seen[address] {
			c.seen[address] = true
			c.out = append(c.out, Outline{Title: title, URL: address, Site: webOnly(n.attr("htmlUrl")),
				Folder: append([]string(nil), folder...)})
		}
		if len(n.Children) > 0 {
			inner := folder
			if title != "" && address == "" {
				inner = append(append([]string(nil), folder...), title)
			}
			c.collect(n.Children, inner)
		}
	}
}

// WriteOPML writes feeds as an OPML 2.0 document, folders nested, in the order
// given.
func WriteOPML(w io.Writer, title string, o []Outline) error {
	type outline struct {
		XMLName  xml.Name   `xml:"outline"`
		Text     string     `xml:"text,attr"`
		Title    string     `xml:"title,attr,omitempty"`
		Type     string     `xml:"type,attr,omitempty"`
		XMLURL   string     `xml:"xmlUrl,attr,omitempty"`
		HTMLURL  string     `xml:"htmlUrl,attr,omitempty"`
		Outlines []*outline `xml:"outline"`
	}
	root := &outline{}
	folders := map[string]*outline{"": root}
	for _, feed := range o {
		at, path := root, ""
		for _, name := range feed.Folder {
			path += "\x00" + name
			next := folders[path]
			if next == nil {
				next = &outline{Text: name, Title: name}
				folders[path] = next
				at.Outlines = append(at.Outlines, next)
			}
			at = next
		}
		name := first(feed.Title, feed.URL)
		at.Outlines = append(at.Outlines, &outline{Text: name, Title: name, Type: "rss", XMLURL: feed.URL, HTMLURL: feed.Site})
	}
	doc := struct {
		XMLName xml.Name   `xml:"opml"`
		Version string     `xml:"version,attr"`
		Title   string     `xml:"head>title"`
		Body    []*outline `xml:"body>outline"`
	}{Version: "2.0", Title: title, Body: root.Outlines}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	return nil
}
