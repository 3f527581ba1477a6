package demo

import (
	"embed"
	"fmt"
	"hash/fnv"
	"io/fs"
	"strings"
	"time"
)

//go:embed papers/*.txt
var paperFiles embed.FS

// paper is one newspaper with all its articles, those to come included.
type paper struct {
	Name, Slug, Format, Lang, About string
	articles                        []article
}

// article is one piece as its file tells it.
type article struct {
	Slug, Title, Author string
	Tags                []string
	// Offset is the time of publication relative to the start of the
	// newspapers: negative for what is already out.
	Offset time.Duration
	// Picture names the scene that is drawn for it.
	Picture string
	// Event names what happened where several papers tell it; tests compare
	// the groups that the bot forms with it.
	Event string
	// Teaser is all that the feed of a teaser paper says.
	Teaser     string
	Paragraphs []string
}

// The kinds of feeds that the papers print.
const (
	formatRSS2   = "rss2"
	formatTeaser = "rss2-teaser"
	formatRSS1   = "rss1"
	formatAtom   = "atom"
	formatJSON   = "json"
)

// loadPapers reads the embedded newspapers, in the order of their file names.
func loadPapers() ([]*paper, error) {
	names, err := fs.Glob(paperFiles, "papers/*.txt")
	if err != nil {
		return nil, fmt.Errorf("list the sample newspapers: %w", err)
	}
	var papers []*paper
	for _, name := range names {
		body, err := paperFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read the sample newspaper: %w", err)
		}
		p, err := parsePaper(string(body))
		if err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		papers = append(papers, p)
	}
	return papers, nil
}

// parsePaper reads one newspaper file. It starts with the paper's own "key:
// value" lines; each article follows after a line "= slug" with its keys, an
// empty line, and paragraphs separated by empty lines.
func parsePaper(text string) (*paper, error) {
	head, rest, _ := strings.Cut(text, "\n= ")
	p := &paper{}
	err := eachKey(head, map[string]func(string) error{
		"name":   into(&p.Name),
		"slug":   into(&p.Slug),
		"format": into(&p.Format),
		"lang":   into(&p.Lang),
		"about":  into(&p.About),
	})
	if err != nil {
		return nil, err
	}
	for block := range strings.SplitSeq(rest, "\n= ") {
		a, err := parseArticle(block)
		if err != nil {
			return nil, err
		}
		p.articles = append(p.articles, a)
	}
	return p, nil
}

func parseArticle(block string) (article, error) {
	var a article
	slug, block, _ := strings.Cut(strings.TrimSpace(block), "\n")
	head, text, found := strings.Cut(block, "\n\n")
	if !found {
		return a, fmt.Errorf("article %q has no text", slug)
	}
	a.Slug = slug
	err := eachKey(head, map[string]func(string) error{
		"title":   into(&a.Title),
		"by":      into(&a.Author),
		"tags":    func(v string) error { a.Tags = strings.Split(v, ", "); return nil },
		"age":     offset(&a.Offset, -1),
		"in":      offset(&a.Offset, 1),
		"picture": into(&a.Picture),
		"event":   into(&a.Event),
		"teaser":  into(&a.Teaser),
	})
	if err != nil {
		return a, fmt.Errorf("article %q: %w", slug, err)
	}
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		a.Paragraphs = append(a.Paragraphs, strings.TrimSpace(paragraph))
	}
	return a, nil
}

// eachKey hands the value of each "key: value" line to its setter.
func eachKey(lines string, set map[string]func(string) error) error {
	for line := range strings.SplitSeq(strings.TrimSpace(lines), "\n") {
		key, value, _ := strings.Cut(line, ": ")
		setter := set[key]
		if setter == nil {
			return fmt.Errorf("unknown line %q", line)
		}
		if err := setter(value); err != nil {
			return fmt.Errorf("line %q: %w", line, err)
		}
	}
	return nil
}

func into(target *string) func(string) error {
	return func(v string) error { *target = v; return nil }
}

func offset(target *time.Duration, sign time.Duration) func(string) error {
	return func(v string) error {
		d, err := time.ParseDuration(v)
		*target = sign * d
		return err
	}
}

// text returns the article as plain text, paragraphs separated by empty lines.
func (a article) text() string {
	return strings.Join(a.Paragraphs, "\n\n")
}

// seed is a number that is always the same for the same article.
func (a article) seed() uint64 {
	h := fnv.New64a()
	h.Write([]byte(a.Slug)) // a hash never fails to write
	return h.Sum64()
}
