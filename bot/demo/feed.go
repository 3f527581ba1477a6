package demo

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"strings"
	"time"
)

// feed prints the edition in the paper's own format.
func (e edition) feed() (body []byte, contentType string, err error) {
	switch e.Format {
	case formatRSS2, formatTeaser:
		body, err = encodeXML(e.rss2())
		return body, "application/rss+xml; charset=utf-8", err
	case formatRSS1:
		body, err = encodeXML(e.rss1())
		return body, "application/rdf+xml; charset=utf-8", err
	case formatAtom:
		body, err = encodeXML(e.atom())
		return body, "application/atom+xml; charset=utf-8", err
	case formatJSON:
		body, err = json.MarshalIndent(e.json(), "", " ")
		return body, "application/feed+json; charset=utf-8", err
	default:
		return nil, "", fmt.Errorf("print %s: unknown format %q", e.Name, e.Format)
	}
}

func encodeXML(v any) ([]byte, error) {
	body, err := xml.MarshalIndent(v, "", " ")
	if err != nil {
		return nil, fmt.Errorf("encode feed: %w", err)
	}
	return append([]byte(xml.Header), body...), nil
}

// markup returns the article's paragraphs as HTML.
func (a article) markup() string {
	var b strings.Builder
	for _, p := range a.Paragraphs {
		fmt.Fprintf(&b, "<p>%s</p>\n", html.EscapeString(p))
	}
	return b.String()
}

// RSS 2.0, https://www.rssboard.org/rss-specification, with content:encoded
// for the whole text and media:content for the picture.
type rss2Feed struct {
	XMLName xml.Name    `xml:"rss"`
	Version string      `xml:"version,attr"`
	Content string      `xml:"xmlns:content,attr"`
	DC      string      `xml:"xmlns:dc,attr"`
	Media   string      `xml:"xmlns:media,attr"`
	Channel rss2Channel `xml:"channel"`
}

type rss2Channel struct {
	Title       string     `xml:"title"`
	Link        string     `xml:"link"`
	Description string     `xml:"description"`
	Language    string     `xml:"language"`
	TTL         int        `xml:"ttl"` // minutes
	Items       []rss2Item `xml:"item"`
}

type rss2Item struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	GUID        string    `xml:"guid"`
	Published   string    `xml:"pubDate"`
	Creator     string    `xml:"dc:creator"`
	Categories  []string  `xml:"category"`
	Description string    `xml:"description"`
	Encoded     string    `xml:"content:encoded,omitempty"`
	Picture     mediaItem `xml:"media:content"`
}

type mediaItem struct {
	URL    string `xml:"url,attr"`
	Type   string `xml:"type,attr"`
	Medium string `xml:"medium,attr"`
}

func (e edition) rss2() rss2Feed {
	f := rss2Feed{
		Version: "2.0", Content: "http://purl.org/rss/1.0/modules/content/",
		DC: "http://purl.org/dc/elements/1.1/", Media: "http://search.yahoo.com/mrss/",
		Channel: rss2Channel{Title: e.Name, Link: e.site(), Description: e.About, Language: e.Lang, TTL: 1},
	}
	for _, a := range e.articles {
		item := rss2Item{
			Title: a.Title, Link: e.link(a), GUID: e.link(a), Creator: a.Author, Categories: a.Tags,
			Published:   e.published(a).Format(time.RFC1123Z),
			Description: a.Paragraphs[0], Encoded: a.markup(),
			Picture: mediaItem{URL: e.picture(a), Type: "image/png", Medium: "image"},
		}
		if e.Format == formatTeaser {
			item.Description, item.Encoded = a.Teaser, ""
		}
		f.Channel.Items = append(f.Channel.Items, item)
	}
	return f
}

// RSS 1.0, https://web.resource.org/rss/1.0/spec: an RDF document whose items
// stand beside the channel.
type rss1Feed struct {
	XMLName xml.Name    `xml:"rdf:RDF"`
	RDF     string      `xml:"xmlns:rdf,attr"`
	Default string      `xml:"xmlns,attr"`
	DC      string      `xml:"xmlns:dc,attr"`
	Content string      `xml:"xmlns:content,attr"`
	Channel rss1Channel `xml:"channel"`
	Items   []rss1Item  `xml:"item"`
}

type rss1Channel struct {
	About       string         `xml:"rdf:about,attr"`
	Title       string         `xml:"title"`
	Link        string         `xml:"link"`
	Description string         `xml:"description"`
	Language    string         `xml:"dc:language"`
	Items       []rss1Resource `xml:"items>rdf:Seq>rdf:li"`
}

type rss1Resource struct {
	Resource string `xml:"rdf:resource,attr"`
}

type rss1Item struct {
	About       string   `xml:"rdf:about,attr"`
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	Description string   `xml:"description"`
	Creator     string   `xml:"dc:creator"`
	Date        string   `xml:"dc:date"`
	Subjects    []string `xml:"dc:subject"`
	Encoded     string   `xml:"content:encoded"`
}

func (e edition) rss1() rss1Feed {
	f := rss1Feed{
		RDF: "http://www.w3.org/1999/02/22-rdf-syntax-ns#", Default: "http://purl.org/rss/1.0/",
		DC: "http://purl.org/dc/elements/1.1/", Content: "http://purl.org/rss/1.0/modules/content/",
		Channel: rss1Channel{
			About: e.base + e.feedPath(), Title: e.Name, Link: e.site(), Description: e.About, Language: e.Lang,
		},
	}
	for _, a := range e.articles {
		// RSS 1.0 knows no pictures of its own; readers take the first of the text.
		picture := fmt.Sprintf("<p><img src=%q alt=\"\"></p>\n", e.picture(a))
		f.Channel.Items = append(f.Channel.Items, rss1Resource{Resource: e.link(a)})
		f.Items = append(f.Items, rss1Item{
			About: e.link(a), Title: a.Title, Link: e.link(a), Description: a.Paragraphs[0], Creator: a.Author,
			Date: e.published(a).Format(time.RFC3339), Subjects: a.Tags, Encoded: picture + a.markup(),
		})
	}
	return f
}

// Atom, RFC 4287.
type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle"`
	Updated  string      `xml:"updated"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Links      []atomLink     `xml:"link"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Author     string         `xml:"author>name"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary"`
	Content    atomContent    `xml:"content"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	HTML string `xml:",chardata"`
}

func (e edition) atom() atomFeed {
	f := atomFeed{
		Lang: e.Lang, ID: "tag:" + e.Slug + ".example,2020:feed", Title: e.Name, Subtitle: e.About,
		Updated: e.modified.Format(time.RFC3339),
		Links: []atomLink{
			{Href: e.site()},
			{Rel: "self", Type: "application/atom+xml", Href: e.base + e.feedPath()},
		},
	}
	for _, a := range e.articles {
		entry := atomEntry{
			ID: "tag:" + e.Slug + ".example,2020:" + a.Slug, Title: a.Title, Author: a.Author,
			Links: []atomLink{
				{Rel: "alternate", Type: "text/html", Href: e.link(a)},
				{Rel: "enclosure", Type: "image/png", Href: e.picture(a)},
			},
			Published: e.published(a).Format(time.RFC3339), Updated: e.published(a).Format(time.RFC3339),
			Summary: a.Paragraphs[0], Content: atomContent{Type: "html", HTML: a.markup()},
		}
		for _, tag := range a.Tags {
			entry.Categories = append(entry.Categories, atomCategory{Term: tag})
		}
		f.Entries = append(f.Entries, entry)
	}
	return f
}

// JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/.
type jsonFeed struct {
	Version     string     `json:"version"`
	Title       string     `json:"title"`
	HomePage    string     `json:"home_page_url"`
	FeedURL     string     `json:"feed_url"`
	Description string     `json:"description"`
	Language    string     `json:"language"`
	Items       []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	HTML      string       `json:"content_html"`
	Image     string       `json:"image"`
	Published string       `json:"date_published"`
	Authors   []jsonAuthor `json:"authors"`
	Tags      []string     `json:"tags"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

func (e edition) json() jsonFeed {
	f := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: e.Name, HomePage: e.site(),
		FeedURL: e.base + e.feedPath(), Description: e.About, Language: e.Lang, Items: []jsonItem{},
	}
	for _, a := range e.articles {
		f.Items = append(f.Items, jsonItem{
			ID: e.Slug + "/" + a.Slug, URL: e.link(a), Title: a.Title, HTML: a.markup(), Image: e.picture(a),
			Published: e.published(a).Format(time.RFC3339), Authors: []jsonAuthor{{Name: a.Author}}, Tags: a.Tags,
		})
	}
	return f
}
