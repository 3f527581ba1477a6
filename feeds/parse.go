package feeds

import (
	"errors"
	"io"
)

// Parse reads a feed document.
func Parse(body []byte, contentType, baseURL string) (*Feed, error) {
	return nil, errors.ErrUnsupported
}

// Teaser reports whether the item's text is only the beginning of an article.
func Teaser(it Item) bool { return len(it.Text) < 600 && it.Link != "" }

// Sift tells the items of a document apart into those not known yet and the
// keys to remember of all of them.
func Sift(items []Item, known map[Key]bool) (fresh []Item, seen []Key) { return nil, nil }

// Outline is one feed of an OPML document.
type Outline struct {
	// Title is what the feed is called, URL where it is, Site its web site.
	Title, URL, Site string
	// Folder is the path of folders it lies in, outermost first.
	Folder []string
}

// ReadOPML reads the feeds of an OPML document.
func ReadOPML(r io.Reader) ([]Outline, error) { return nil, errors.ErrUnsupported }

// WriteOPML writes feeds as an OPML 2.0 document.
func WriteOPML(w io.Writer, title string, o []Outline) error { return errors.ErrUnsupported }

// PlainText returns the text of an HTML fragment, paragraphs by blank lines.
func PlainText(html string) string { return html }

// MaskURL returns u without credentials and with secret parameters masked.
func MaskURL(u string) string { return u }

// NormalizeURL returns u without tracking parameters.
func NormalizeURL(u string) string { return u }
